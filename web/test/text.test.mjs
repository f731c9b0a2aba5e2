// The page's plain functions: words, numbers, the form, the order of a document.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runnerImport } from 'vite';

const load = async (path) =>
  (await runnerImport(`./src/${path}`, { configFile: false, logLevel: 'error' })).module;

const position = await load('text/position.ts');
const time = await load('text/time.ts');
const imo = await load('text/imo.ts');
const words = await load('text/words.ts');
const voyage = await load('text/voyage.ts');
const certificate = await load('text/certificate.ts');
const way = await load('text/way.ts');

describe('positions', () => {
  const cases = [
    [10.2056667, -64.85, '10°12.34′N 064°51.00′W'],
    [0, 0, '00°00.00′N 000°00.00′E'],
    [-33.9999999, 179.9999999, '34°00.00′S 180°00.00′E'],
    [59.99999, 181, '60°00.00′N 179°00.00′W'],
  ];
  for (const [lat, lon, want] of cases) {
    it(`${lat},${lon} is ${want}`, () => assert.equal(position.degreesMinutes({ lat, lon }), want));
  }

  it('measures in nautical miles', () => {
    const equator = position.distanceNM({ lat: 0, lon: 0 }, { lat: 0, lon: 1 });
    assert.ok(Math.abs(equator - 60.04) < 0.01, `${equator}`);
    const across = position.distanceNM({ lat: 10, lon: 179.5 }, { lat: 10, lon: -179.5 });
    assert.ok(across > 59 && across < 60, `${across}`);
    assert.equal(position.distanceText(0.27), '500 m');
    assert.equal(position.distanceText(12.345), '12.3 nm');
    assert.equal(position.distanceText(1234.5), '1,235 nm');
  });

  it('gives bearings in three figures', () => {
    assert.equal(position.courseText(position.bearing({ lat: 0, lon: 0 }, { lat: 1, lon: 0 })), '000°');
    assert.equal(position.courseText(position.bearing({ lat: 0, lon: 0 }, { lat: 0, lon: -1 })), '270°');
    assert.equal(position.courseText(359.7), '000°');
  });

  it('reads only what is a position', () => {
    assert.deepEqual(position.parseLatLon('10.1, -64.85'), { lat: 10.1, lon: -64.85 });
    for (const bad of ['', '10', '91,0', '0,181', 'a,b', ',', '1,2,3']) {
      assert.equal(position.parseLatLon(bad), undefined, bad);
    }
  });
});

describe('times', () => {
  it('are UTC in words', () => {
    assert.equal(time.longTime('2026-01-02T12:00:00Z'), '2 January 2026, 12:00 UTC');
    assert.equal(time.longTime('2026-01-02T00:05:00+02:00'), '1 January 2026, 22:05 UTC');
    assert.equal(time.day('2025-12-24'), '24 December 2025');
  });
  it('have lengths', () => {
    const hours = (h) => time.duration(h * time.HOUR);
    assert.deepEqual([0.75, 14 + 1 / 6, 47, 48, 76].map(hours), [
      '45 min',
      '14 h 10 min',
      '47 h',
      '2 d',
      '3 d 4 h',
    ]);
    assert.equal(time.before('2026-01-02T10:00:00Z', '2026-01-02T12:30:00Z'), '2 h 30 min before');
  });
});

describe('numbers of ships', () => {
  it('checks an IMO number’s last digit', () => {
    assert.deepEqual(imo.parseIMO('IMO 9074729'), { imo: 9074729 });
    assert.match(imo.parseIMO('9074728').wrong, /check digit is 8; for 907472 it would be 9/);
    assert.match(imo.parseIMO('907472').wrong, /seven digits/);
  });
  it('keeps an MMSI’s leading zeros', () => {
    assert.equal(words.mmsiText(2275000), '002275000');
    assert.match(imo.parseMMSI('12345').wrong, /nine digits/);
  });
});

describe('words', () => {
  it('names what it knows and shows what it does not', () => {
    assert.equal(words.standsAt({ source: 'a.nmea' }), 'a.nmea, offset 0');
    assert.equal(words.standsAt({ source: 'a.csv', offset: 120, line: 3 }), 'a.csv, line 3');
    assert.equal(words.country('PA'), 'Panama (PA)');
    assert.equal(words.country('XX'), 'XX');
    assert.equal(words.zoneKind('mine_field'), 'Mine field');
    assert.equal(words.navStatus(14), 'status 14');
    assert.deepEqual(words.measure('implied_speed_kn', 9.97), ['implied speed', '10 kn']);
    assert.deepEqual(words.measure('positions', 24), ['positions', '24']);
  });
  it('says whom an order applies to', () => {
    const scope = (s) => words.scopeText({ scope: s });
    assert.equal(scope({}), 'all vessels');
    assert.equal(
      scope({ listed_only: true, vessel_kinds: ['tanker'] }),
      'vessels on a sanctions list; tanker',
    );
    assert.equal(scope({ words: 'sanctioned tankers', listed_only: true }), 'sanctioned tankers');
  });
  it('titles events', () => {
    const gap = { kind: 'gap', start: '2026-01-01T00:00:00Z', end: '2026-01-01T14:10:00Z' };
    assert.equal(words.eventTitle(gap), 'Reporting gap of 14 h 10 min');
    assert.equal(words.eventTitle({ ...gap, end: undefined }), 'Reporting gap, not ended');
    assert.equal(words.eventKind('ais_off_log'), 'AIS off, by the ship’s log');
    assert.deepEqual(words.eventShips({ ...gap, mmsi: 1, other: 2 }), [1, 2]);
    assert.deepEqual(words.eventShips({ ...gap, mmsi: 1, other: undefined }), [1]);
    assert.deepEqual(words.eventShips({ ...gap, mmsi: undefined, other: undefined }), []);
    assert.equal(
      words.eventTitle({ ...gap, kind: 'zone', zone: 'z' }, () => 'Area 4'),
      'In Area 4 for 14 h 10 min',
    );
  });
});

describe('the check form', () => {
  const form = (fields) => ({ ...voyage.emptyForm(), ...fields });
  it('makes the smallest voyage', () => {
    const r = voyage.readForm(
      form({ imo: '9074729', from: 've jot', to: '10.1,-64.85', etd: '2026-01-03T06:00' }),
    );
    assert.deepEqual(r.wrong, {});
    assert.deepEqual(r.voyage, {
      vessel: { imo: 9074729 },
      from: 'VEJOT',
      to: '10.1,-64.85',
      etd: '2026-01-03T06:00:00Z',
    });
    assert.equal(r.asOf, undefined);
  });
  it('makes a full one', () => {
    const r = voyage.readForm(
      form({
        name: 'SIM ALBATROSS',
        flag: 'pa',
        kind: 'Oil tanker',
        cargo: 'crude oil',
        quantity: '500,000',
        unit: 'bbl',
        via: 'PABLB; CWWIL',
        licences: 'GL 8N; SL-41',
        parties: [
          { role: 'owner', name: ' Example Ltd ', country: 'gb' },
          { role: 'bank', name: ' ', country: '' },
        ],
        asOf: '2026-01-02T12:00',
      }),
    );
    assert.deepEqual(r.wrong, {});
    assert.deepEqual(r.voyage, {
      vessel: { name: 'SIM ALBATROSS', flag: 'PA', kind: 'oil_tanker' },
      parties: [{ role: 'owner', name: 'Example Ltd', country: 'GB' }],
      via: ['PABLB', 'CWWIL'],
      cargo: { kind: 'crude_oil', quantity: 500000, unit: 'bbl' },
      licences: ['GL 8N', 'SL-41'],
    });
    assert.equal(r.asOf, '2026-01-02T12:00:00Z');
  });
  it('takes where the cargo was produced, its price and the attestation', () => {
    const r = voyage.readForm(
      form({ name: 'A', cargo: 'crude oil', origin: 've', price: '44.50', attestation: 'letter 1' }),
    );
    assert.deepEqual(r.wrong, {});
    assert.deepEqual(r.voyage.cargo, {
      kind: 'crude_oil',
      origin: 'VE',
      price_usd_bbl: 44.5,
      attestation: 'letter 1',
    });
    assert.deepEqual(Object.keys(voyage.readForm(form({ name: 'A', origin: 'Iran', price: '0' })).wrong), [
      'origin',
      'price',
    ]);
  });
  it('says what is wrong', () => {
    const r = voyage.readForm(
      form({
        flag: 'Panama',
        from: 'Jose',
        quantity: 'many',
        etd: '2026-01-03T06:00',
        eta: '2026-01-02T06:00',
      }),
    );
    assert.deepEqual(Object.keys(r.wrong).sort(), ['eta', 'flag', 'from', 'quantity', 'vessel']);
  });
});

describe('a way', () => {
  const line = [
    { lat: 0, lon: 178 },
    { lat: 0, lon: -178 },
    { lat: 0, lon: -174 },
  ];
  it('goes on over the antimeridian', () => {
    assert.deepEqual(
      way.unwrapped(line).map((p) => Math.round(p.lon)),
      [178, 182, 186],
    );
  });
  it('has stretches by their share of its length', () => {
    const lons = (from, to) =>
      way.stretch(way.unwrapped(line), from, to).map((p) => Number(p.lon.toFixed(3)));
    assert.deepEqual(lons(0.25, 0.75), [180, 182, 184]);
    assert.deepEqual(lons(-1, 0.5), [178, 182]);
    assert.deepEqual(lons(0.9, 2), [185.2, 186]);
    assert.deepEqual(way.stretch([], 0, 1), []);
  });
  it('ends at the declared arrival, or when it is reckoned', () => {
    const w = { length_nm: 240, speed_kn: 10, passages: [], zones: [], line };
    const c = { subject: { etd: '2026-01-01T00:00:00Z' }, as_of: '2025-12-30T00:00:00Z' };
    const at = (subject) => {
      const a = way.arrives({ ...c, subject }, w);
      return [a.time.toISOString().slice(0, 13), a.reckoned];
    };
    assert.deepEqual(at(c.subject), ['2026-01-02T00', true]);
    assert.deepEqual(at({}), ['2025-12-31T00', true]);
    assert.deepEqual(at({ eta: '2026-01-03T05:00:00Z' }), ['2026-01-03T05', false]);
    const zone = {
      name: 'z',
      entry: '2026-01-01T06:00:00Z',
      exit: '2026-01-01T12:00:00Z',
      nm: 60,
      in_force: true,
    };
    assert.deepEqual(
      way.inside(c, w, zone).map((p) => Math.round(p.lon)),
      [180, 182],
    );
    assert.deepEqual(
      way
        .legs(c, { ...w, zones: [zone], passages: [{ name: 'p', nm: 20, time: '2026-01-01T02:00:00Z' }] })
        .map((l) => l.kind),
      ['departure', 'passage', 'zone', 'arrival'],
    );
  });
});

describe('the order of a certificate', () => {
  const source = (state, found) => ({
    kind: 'list',
    source: `${state}${found}`,
    entries: 1,
    age_days: 1,
    state,
    found,
  });
  it('never counts a source that is old or missing as one in which nothing was found', () => {
    const s = certificate.sortSearched([
      source('current', 0),
      source('stale', 0),
      source('missing', 0),
      source('stale', 2),
    ]);
    const names = Object.fromEntries(Object.entries(s).map(([k, v]) => [k, v.map((x) => x.source)]));
    assert.deepEqual(names, {
      nothing: ['current0'],
      matched: ['stale2'],
      unreliable: ['stale0', 'missing0'],
    });
  });
  it('says the verdict in a sentence', () => {
    const reason = (outcome) => ({ outcome, text: outcome, evidence: [] });
    const say = (verdict, ...outcomes) => certificate.sentence({ verdict, reasons: outcomes.map(reason) });
    assert.match(say('refuse', 'refuse', 'refuse', 'refer'), /refused for 2 reasons/);
    assert.match(say('refer', 'refer', 'note'), /settled the point/);
    assert.match(say('refer', 'refer', 'refer'), /settled the 2 points/);
    assert.match(say('clear'), /Nothing was found/);
    assert.match(say('clear', 'lifted'), /1 reason would have, but a licence lifts it/);
  });
});
