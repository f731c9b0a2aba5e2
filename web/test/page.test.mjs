// The built page in Chromium against the fake server, under the strictest
// content security policy. Every test fails on a request to another host, an
// error in the page, or a policy violation.
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { axe, drawn, goto, launch, open } from './browser.mjs';
import { certificates } from './fake/papers.mjs';
import { start } from './fake/server.mjs';
import { ship, state, TO } from './fake/world.mjs';

let browser;
let server;

before(async () => {
  browser = await launch();
  server = await start();
});
after(async () => {
  await browser?.close();
  server?.close();
});
beforeEach(() => {
  server.state.mode = 'full';
  server.state.issued = [];
});

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true };
const paper = (voyage) => certificates.find((c) => c.subject.id === voyage);
const toPaper = (voyage) => `#/certificates/${paper(voyage).id}`;

/** Runs a test on a fresh page and then checks that nothing went wrong on it. */
function page(name, body, options = {}) {
  it(name, { timeout: 180_000 }, async () => {
    const { page, context, faults } = await open(browser, server, options);
    page.setDefaultTimeout(60_000);
    try {
      await body(page);
      assert.deepEqual(faults, []);
    } finally {
      await context.close();
    }
  });
}

const text = (page, selector) => page.locator(selector).innerText();

describe('the chart', () => {
  page('draws vessels, zones and events, says that they are simulated, and is accessible', async (p) => {
    await goto(p, server, '#/');
    await drawn(p);
    await p.waitForSelector('text=All 40 vessels on the chart');
    assert.match(await text(p, '.site-strip'), /SIMULATED — invented vessels/);
    const panel = await text(p, 'aside.panel');
    for (const want of [
      /Refuse\s+2/,
      /Refer\s+4/,
      /Clear\s+2/,
      /reading A of 2: all tankers/,
      /reading B of 2: sanctioned tankers only/,
    ]) {
      assert.match(panel, want);
    }
    assert.match(panel, /Reporting gap of 14 h, from 31 Dec 2025 22:00 UTC/);
    assert.match(await text(p, '.maplibregl-ctrl-scale'), /nm/);
    assert.deepEqual(await axe(p), []);
  });

  page('opens the panel of a vessel that is clicked', async (p) => {
    const { lat, lon } = state(ship('Puffin'), TO);
    await goto(p, server, `#/?centre=${lat},${lon}&zoom=9`);
    await drawn(p);
    const box = await p.locator('.canvas canvas').boundingBox();
    await p.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    assert.match(await text(p, '.readout'), /10°3\d\.\d\d′N 075°4\d\.\d\d′W/);
    await p.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await p.waitForSelector('aside h1:has-text("SIM PUFFIN")');
    const panel = await text(p, 'aside.panel');
    for (const want of [
      /IMO 350\d{4}/,
      /Voyage V5/,
      /sim-shore-1/,
      /simulated\.nmea, offset \d+/,
      /At anchor/,
      /SIM PUFFIN OLD/,
      /1,810 reports/,
    ]) {
      assert.match(panel, want);
    }
    assert.ok(p.url().includes('#/vessels/'));
  });

  page('is worked with the keyboard', async (p) => {
    const { lat, lon } = state(ship('Puffin'), TO);
    await goto(p, server, `#/?centre=${lat},${lon}&zoom=9`);
    await drawn(p);
    await p.locator('.canvas canvas').focus();
    await p.keyboard.press('ArrowRight');
    await p.waitForSelector('.cross');
    assert.match(await text(p, '.readout'), /′N .*′W/);
    await p.keyboard.press('ArrowLeft');
    await drawn(p);
    await p.keyboard.press('Enter');
    await p.waitForSelector('aside h1:has-text("SIM PUFFIN")');
  });

  page('shows a silence with what could explain it', async (p) => {
    await goto(p, server, `#/vessels/${ship('Petrel').mmsi}`);
    await p.waitForSelector('text=What could explain it');
    const panel = await text(p, 'aside.panel');
    assert.match(panel, /Reporting gap of 14 h 10 min/);
    assert.match(panel, /A faulty transponder/);
    assert.match(panel, /Track: \d+ positions/);
    assert.deepEqual(await axe(p), []);
  });

  page('goes back in time, and knows then only what was so then', async (p) => {
    await goto(p, server, '#/?at=2025-12-21T00:00:00Z');
    await p.waitForSelector('text=None issued as of this time');
    const panel = await text(p, 'aside.panel');
    assert.match(panel, /Search area, ended/);
    assert.doesNotMatch(panel, /Naval firing area/);
    assert.match(await text(p, '.bar .now'), /21 December 2025, 00:00 UTC/);
    const asked = p.waitForRequest((r) => r.url().includes('/vessels?') && r.url().includes('2025-12-22T00'));
    await p.getByRole('button', { name: 'One day on' }).click();
    await asked;
    assert.ok(p.url().includes('at=2025-12-22T00'));
    await p.getByRole('slider', { name: 'Time' }).press('End');
    await p.waitForSelector('aside .rows >> text=SIM CORMORANT');
  });

  page('shows both readings of a disputed order', async (p) => {
    await goto(p, server, '#/zones/sim-order-7-all');
    await p.waitForSelector('text=Disputed:');
    const panel = await text(p, 'aside.panel');
    for (const want of [
      /Reading A/,
      /Reading B/,
      /No tanker shall enter/,
      /sanctioned tankers going into/,
      /takes neither for the truth/,
    ]) {
      assert.match(panel, want);
    }
    assert.deepEqual(await axe(p), []);
  });
});

describe('a certificate', () => {
  page('that refuses shows list, date, entry and the row’s own words', async (p) => {
    await goto(p, server, toPaper('V7'));
    await p.waitForSelector('h1:has-text("Refuse")');
    const doc = await text(p, 'article.document');
    const c = paper('V7');
    for (const want of [
      'SIMULATED — invented vessels',
      'refused for 1 reason',
      'sim-sdn, published 24 December 2025, entry 90412',
      c.reasons[0].evidence[0].text,
      'Invented Executive Order 1',
      'Jose Terminal (VEJOT) to Freeport (BSFPO)',
      'Noted, without effect on the answer',
      c.digest,
      c.id,
      ...c.searched.map((s) => s.sha256),
      ...c.rules.packs.map((r) => r.sha256),
    ]) {
      assert.ok(doc.includes(want), `the document does not say: ${want}`);
    }
    const nothing = await text(p, 'section[aria-labelledby="nothing"]');
    assert.doesNotMatch(nothing, /designated vessels/);
    assert.match(nothing, /Simulated AIS of the Caribbean[\s\S]*2 January 2026[\s\S]*28,800/);
    assert.deepEqual(await axe(p), []);
  });

  page('that refers says what must be settled, and that an old source proves nothing', async (p) => {
    await goto(p, server, toPaper('V6'));
    await p.waitForSelector('h1:has-text("Refer")');
    assert.match(
      await text(p, 'section[aria-labelledby="referring"]'),
      /To be settled: Import the newest publication/,
    );
    assert.match(
      await text(p, 'section[aria-labelledby="unseen"]'),
      /the file could not be read: unexpected end of file/,
    );
    assert.match(
      await text(p, 'section[aria-labelledby="unreliable"]'),
      /10 December 2025[\s\S]*23 days[\s\S]*Too old/,
    );
    assert.doesNotMatch(await text(p, 'section[aria-labelledby="nothing"]'), /designated vessels/);
  });

  page('that is clear by a licence names it, its condition and its end', async (p) => {
    await goto(p, server, toPaper('V2'));
    await p.waitForSelector('h1:has-text("Clear")');
    assert.match(
      await text(p, 'section[aria-labelledby="lifted"]'),
      /Lifted by licence SIM-SL-41: The shipper is[\s\S]*Valid until 31 March 2026, 00:00 UTC/,
    );
  });

  page('with events puts the innocent explanations beside them', async (p) => {
    await goto(p, server, toPaper('V4'));
    await p.waitForSelector('h1:has-text("Refer")');
    assert.match(
      await text(p, 'section[aria-labelledby="events"]'),
      /accuses nobody[\s\S]*A faulty transponder/,
    );
    assert.deepEqual(await axe(p), []);
  });

  page('shows its seal, and how to check it', async (p) => {
    const c = paper('V7');
    await goto(p, server, toPaper('V7'));
    const seal = await text(p, 'section[aria-labelledby="seal"]');
    for (const want of [
      'navicert/00000000000000aa, entry 1,042, with 11 hashes of proof',
      c.seal.key,
      c.seal.signature,
      ...c.seal.checkpoint.trim().split('\n').filter(Boolean),
      `navicert verify certificate-${c.id}.json --key issuer.pub`,
      'This page does not check the seal',
    ]) {
      assert.ok(seal.includes(want), `the seal does not say: ${want}`);
    }
    await goto(p, server, toPaper('V6'));
    await p.waitForSelector('text=Not sealed yet');
    assert.equal(await p.locator('text=navicert verify').count(), 0);
  });

  page('lists and draws the way, with its zones and the arrival', async (p) => {
    await goto(p, server, toPaper('V7'));
    const rows = await p.locator('section[aria-labelledby="way"] tbody tr').allInnerTexts();
    const wanted = [
      /Jose Terminal[\s\S]*Departure[\s\S]*3 January 2026, 06:00 UTC[\s\S]*0 nm/,
      /reading A[\s\S]*Zone in force[\s\S]*06:00 UTC[\s\S]*3 January 2026, 12:00 UTC[\s\S]*72.0 nm inside/,
      /Windward Passage[\s\S]*Passage[\s\S]*5 January 2026, 23:00 UTC[\s\S]*780 nm/,
      /Search area[\s\S]*Zone not in force then[\s\S]*6 January 2026, 08:30 UTC/,
      /Freeport[\s\S]*Arrival, reckoned[\s\S]*7 January 2026, 20:50 UTC[\s\S]*1,330 nm/,
    ];
    assert.equal(rows.length, wanted.length);
    wanted.forEach((w, i) => assert.match(rows[i], w));
    const way = await text(p, 'section[aria-labelledby="way"]');
    assert.match(way, /a speed assumed[\s\S]*not for navigation/);
    const svg = p.locator('section[aria-labelledby="way"] svg');
    assert.match(await svg.getAttribute('aria-label'), /from Jose Terminal to Freeport/);
    await p.waitForFunction(() => document.querySelector('svg .land')?.getAttribute('d')?.length > 500);
    assert.equal(await svg.locator('.in-zone').count(), 2);
    for (const z of await svg.locator('.in-zone').all()) assert.match(await z.getAttribute('d'), /^M.*L/);
    assert.deepEqual(await axe(p), []);
  });

  page('shows what was settled since, as no part of it', async (p) => {
    await goto(p, server, toPaper('V4'));
    await p.waitForSelector('h2:has-text("Settled since")');
    const since = await text(p, 'section.since');
    assert.match(since, /In force: receiver replaced at sea \(log book, pages 12 to 14\)[\s\S]*A. Doe/);
    assert.match(since, /Taken back: told by telephone[\s\S]*until 2026-03-31/);
    assert.equal(await p.locator('article.document').getByText('A. Doe').count(), 0);
    assert.match(await text(p, 'article.document'), /matter 00112233-aabbccdd/);
    await p.emulateMedia({ media: 'print' });
    assert.equal(await p.locator('section.since').isVisible(), false);
    await p.emulateMedia({ media: 'screen' });
    assert.deepEqual(await axe(p), []);
    await goto(p, server, toPaper('V5'));
    await p.waitForSelector('h1:has-text("Refer")');
    assert.equal(await p.locator('section.since').count(), 0);
  });

  page('says where the cargo was produced, its price and who attests it', async (p) => {
    await goto(p, server, toPaper('V7'));
    const subject = await text(p, 'section[aria-labelledby="subject"]');
    assert.match(
      subject,
      /produced in Venezuela \(VE\), 44.5 US dollars a barrel, attested by letter of 1 January 2026/,
    );
  });

  for (const voyage of ['V1', 'V2', 'V5', 'V7']) {
    page(`prints on two A4 pages, the document alone (${voyage})`, async (p) => {
      await goto(p, server, toPaper(voyage));
      await p.waitForSelector('article.document');
      const pdf = (await p.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
      const pages = pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length;
      assert.ok(pages >= 1 && pages <= 2, `${pages} pages`);
      await p.emulateMedia({ media: 'print' });
      for (const gone of ['header.site', '.site-strip', 'nav.actions']) {
        assert.equal(await p.locator(gone).isVisible(), false, `${gone} is printed`);
      }
      assert.equal(await p.locator('article .simulated strong').first().isVisible(), true);
    });
  }

  page('that is not held is not found, in words', async (p) => {
    await goto(p, server, '#/certificates/00000000000000000000000000000000');
    await p.waitForSelector('h1:has-text("No such certificate")');
  });
});

describe('the certificates', () => {
  page('are filtered by verdict and by text', async (p) => {
    await goto(p, server, '#/certificates');
    await p.waitForSelector('tbody tr');
    assert.equal(await p.locator('tbody tr').count(), 8);
    await p.getByLabel('Refer (4)').check();
    assert.equal(await p.locator('tbody tr').count(), 4);
    await p.getByLabel('Find').fill('petrel');
    assert.equal(await p.locator('tbody tr').count(), 1);
    assert.ok(p.url().includes('verdict=refer'));
    await p.getByLabel('Find').fill('no such ship');
    await p.waitForSelector('text=None of the 8 certificates fits');
    await p.getByLabel('Find').fill('');
    assert.deepEqual(await axe(p), []);
  });
});

describe('a check', () => {
  page('with a mistyped IMO number is not sent', async (p) => {
    await goto(p, server, '#/check');
    let sent = 0;
    p.on('request', (r) => (sent += r.method() === 'POST' ? 1 : 0));
    await p.getByLabel('IMO number').fill('9074728');
    await p.getByRole('button', { name: 'Check and issue' }).click();
    await p.waitForSelector('[role="alert"]:has-text("check digit is 8")');
    assert.equal(sent, 0);
    assert.deepEqual(await axe(p), []);
  });

  page('opens its certificate', async (p) => {
    await goto(p, server, '#/check');
    await p.getByLabel('IMO number').fill(String(ship('Cormorant').imo));
    await p.getByLabel('From', { exact: true }).fill('VEJOT');
    await p.getByLabel('To', { exact: true }).fill('BSFPO');
    await p.getByLabel('Cargo', { exact: true }).fill('crude oil');
    await p.getByRole('button', { name: 'Use that time' }).click();
    const sent = p.waitForRequest((r) => r.method() === 'POST');
    await p.getByRole('button', { name: 'Check and issue' }).click();
    assert.deepEqual((await sent).postDataJSON(), {
      voyage: {
        vessel: { imo: ship('Cormorant').imo },
        from: 'VEJOT',
        to: 'BSFPO',
        cargo: { kind: 'crude_oil' },
      },
      as_of: '2026-01-02T12:00:00Z',
    });
    await p.waitForSelector('h1:has-text("Refuse")');
    assert.ok(p.url().includes('#/certificates/'));
  });

  page('that the server refuses to make says why', async (p) => {
    await goto(p, server, '#/check?name=SIM%20GULL');
    await p.getByLabel('From', { exact: true }).fill('XXXXX');
    await p.getByRole('button', { name: 'Check and issue' }).click();
    await p.waitForSelector('[role="alert"]:has-text("no such place")');
    assert.match(await text(p, '[role="alert"]'), /No certificate was issued/);
  });
});

describe('the sources', () => {
  page('say how the live feeds are, and when they were not heard', async (p) => {
    await goto(p, server, '#/sources');
    await p.waitForSelector('text=tcp://feed.invalid:4001');
    const rows = await p.locator('table:has(caption:text("Live feeds")) tbody tr').allInnerTexts();
    assert.match(rows[0], /Live[\s\S]*12\.3[\s\S]*3/);
    assert.match(rows[1], /Silent[\s\S]*nothing has come for 10 minutes[\s\S]*2 January 2026, 11:00 UTC/);
    await p.getByText('The newest 1 of 3 outages').click();
    await p.waitForSelector('text=1 January 2026, 06:30 UTC, 2 h 30 min: the connection broke');
    await p.getByText('1 outage', { exact: true }).click();
    await p.waitForSelector('text=now: it lasts');
    assert.deepEqual(await axe(p), []);
    server.state.mode = 'empty';
    await p.reload();
    await p.waitForSelector('text=No live feed has been listened to here');
  });
});

describe('trouble', () => {
  page('an empty data directory says which commands fill it', async (p) => {
    server.state.mode = 'empty';
    await goto(p, server, '#/');
    await p.waitForSelector('text=Nothing is held here yet');
    assert.match(await text(p, 'main'), /navicert demo[\s\S]*navicert lists import/);
    assert.deepEqual(await axe(p), []);
    await goto(p, server, '#/sources');
    await p.waitForSelector('text=No sanctions list has been imported, so no check can be clear');
  });

  page('a server that does not answer is never an empty answer', async (p) => {
    server.state.mode = 'down';
    for (const fragment of ['#/certificates', '#/sources', toPaper('V1')]) {
      await goto(p, server, fragment);
      await p.waitForSelector('text=The server does not answer');
      await p.waitForSelector('text=This does not mean that there is nothing');
      const all = await text(p, 'body');
      for (const lie of [
        /No certificate has been issued/,
        /No sanctions list/,
        /nothing was found/i,
        /No such certificate/,
      ]) {
        assert.doesNotMatch(all, lie, fragment);
      }
    }
    assert.deepEqual(await axe(p), []);
    server.state.mode = 'full';
    await p.getByRole('button', { name: 'Try again' }).last().click();
    await p.waitForSelector('h1:has-text("Clear")');
  });

  page('what was read before stays, with its time', async (p) => {
    await goto(p, server, '#/certificates');
    await p.waitForSelector('tbody tr');
    server.state.mode = 'down';
    await p.evaluate(() => (location.hash = '#/sources'));
    await p.waitForSelector('text=Could not look: the publications could not be read');
    server.state.mode = 'full';
    await p.getByRole('button', { name: 'Try again' }).last().click();
    await p.waitForSelector('text=1,284 entries, of which 212 vessels');
  });
});

describe('every page', () => {
  const fragments = {
    chart: '#/',
    vessel: `#/vessels/${ship('Petrel').mmsi}`,
    zone: '#/zones/sim-order-7-all',
    certificates: '#/certificates',
    certificate: toPaper('V5'),
    check: '#/check',
    sources: '#/sources',
    api: '#/api',
    unknown: '#/no/such/page',
  };
  for (const [name, fragment] of Object.entries(fragments)) {
    page(
      `fits a phone and is accessible in the dark: ${name}`,
      async (p) => {
        await goto(p, server, fragment);
        await p.waitForSelector(name === 'api' ? '.opblock' : '#main h1', { state: 'attached' });
        if (['chart', 'vessel', 'zone'].includes(name)) await drawn(p);
        const { content, window } = await p.evaluate(() => ({
          content: document.scrollingElement.scrollWidth,
          window: innerWidth,
        }));
        if (name !== 'api') assert.ok(content <= window, `${content} px of content in ${window} px`);
        assert.deepEqual(await axe(p), []);
      },
      { ...phone, colorScheme: 'dark' },
    );
  }
});
