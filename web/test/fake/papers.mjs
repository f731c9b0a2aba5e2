// The invented world's papers: sources, publications and certificates for every
// outcome.
import { events, iso, sha, ship, TO, NOW } from './world.mjs';

const list = {
  kind: 'list',
  source: 'sim-sdn',
  title: 'Invented list of designated vessels and persons',
  publication: '2025-12-24',
  sha256: sha('sim-sdn'),
  entries: 1284,
  age_days: 9,
  max_age_days: 10,
  state: 'current',
  simulated: true,
  found: 0,
};
const zoneSource = {
  kind: 'zones',
  source: 'sim-zones.geojson',
  title: 'Invented zones and orders',
  publication: '2026-01-01',
  sha256: sha('sim-zones'),
  entries: 7,
  age_days: 1,
  max_age_days: 7,
  state: 'current',
  simulated: true,
  found: 0,
};
const ais = {
  kind: 'ais',
  source: 'sim-caribbean.nmea',
  title: 'Simulated AIS of the Caribbean',
  publication: '2026-01-02',
  sha256: sha('sim-ais'),
  entries: 28800,
  age_days: 0,
  max_age_days: 3,
  state: 'current',
  simulated: true,
  found: 0,
};
const licences = {
  kind: 'licence',
  source: 'sim-licences',
  title: 'Invented licences',
  publication: '2025-12-20',
  sha256: sha('sim-licences'),
  entries: 3,
  age_days: 13,
  max_age_days: 90,
  state: 'current',
  simulated: true,
  found: 0,
};
export const sources = [list, ais, zoneSource, licences];

export const packs = [
  { pack: 'general', version: '2026.1', sha256: sha('general') },
  { pack: 'sim-situation', version: '2026.1', sha256: sha('situation') },
];
export const rules = { pack: 'general+sim-situation', version: '2026.1+2026.1', sha256: sha('both'), packs };

export const publications = [
  ['2025-12-10', 1279],
  ['2025-12-24', 1284],
].map(([date, entries], i) => ({
  list: 'sim-sdn',
  title: list.title,
  publication: date,
  sha256: i ? list.sha256 : sha('sim-sdn older'),
  entries,
  vessels: 212,
  vessels_with_imo: 209,
  aliases: 640,
  addresses: 1100,
  rejected: i ? { 'IMO number fails its check digit': { count: 1, examples: ['line 4411: 3500001'] } } : {},
  imported_at: '2026-01-02T09:00:00Z',
  from: 'lists/sim-sdn',
  max_age_days: 10,
  simulated: true,
}));

const feedOf = (feed, state, more) => ({
  feed,
  state,
  at: iso(NOW),
  opened: '2026-01-01T00:00:00Z',
  rate: 0,
  lines: 0,
  other: 0,
  bytes: 0,
  dropped: 0,
  opens: 1,
  outages: 0,
  outage_intervals: [],
  outages_in_period: 0,
  ...more,
});

export const feeds = [
  feedOf('tcp://feed.invalid:4001', 'live', {
    last: iso(NOW),
    rate: 12.34,
    lines: 41234,
    outage_intervals: [
      {
        feed: 'tcp://feed.invalid:4001',
        from: '2026-01-01T04:00:00Z',
        to: '2026-01-01T06:30:00Z',
        why: 'the connection broke',
      },
    ],
    outages_in_period: 3,
  }),
  feedOf('udp://:10110', 'silent', {
    why: 'nothing has come for 10 minutes',
    last: '2026-01-02T11:00:00Z',
    outage_intervals: [{ feed: 'udp://:10110', from: '2026-01-02T11:00:00Z', why: 'nothing has come' }],
    outages_in_period: 1,
  }),
];

const vessel = (s, kind = 'oil_tanker') => ({
  imo: s.imo,
  mmsi: s.mmsi,
  name: s.name,
  call_sign: s.call_sign,
  flag: s.flag,
  kind,
});

const ports = {
  VEJOT: { name: 'Jose Terminal', position: { lat: 10.1, lon: -64.85 } },
  VEAMY: { name: 'Amuay', position: { lat: 11.75, lon: -70.23 } },
  CWWIL: { name: 'Willemstad', position: { lat: 12.12, lon: -68.93 } },
  JMKIN: { name: 'Kingston', position: { lat: 17.97, lon: -76.78 } },
  BSFPO: { name: 'Freeport', position: { lat: 26.52, lon: -78.78 } },
};

/** Where the fake's certificates stand in its invented log, in the form of a real seal. */
const sealOf = (id, index) => ({
  log: 'navicert/00000000000000aa',
  key: 'navicert/00000000000000aa+1f2e3d4c+AQ4hZ2J0bm90YXJlYWxrZXlvZmFueWJvZHlhdGFsbA==',
  signature: Buffer.from(sha(`signature ${id}`)).toString('base64'),
  index,
  checkpoint: `navicert/00000000000000aa\n1200\n${Buffer.from(sha('root').slice(0, 32)).toString('base64')}\n\n— navicert/00000000000000aa ${Buffer.from(sha('note')).toString('base64')}\n`,
  proof: Array.from({ length: 11 }, (_, i) => Buffer.from(sha(`proof ${i}`).slice(0, 32)).toString('base64')),
});

/** José to Freeport through the Windward Passage, invented as the rest. */
export const way = {
  source: 'network of invented sea lanes',
  caveat: 'shape from a network for display and screening, not for navigation; another way is not offered',
  length_nm: 1330,
  speed_kn: 12,
  speed_assumed: true,
  passages: [{ name: 'Windward Passage', nm: 780, time: '2026-01-05T23:00:00Z' }],
  zones: [
    {
      id: 'sim-order-7-all',
      name: 'Blockade of SIMLAND, reading A',
      entry: '2026-01-03T06:00:00Z',
      exit: '2026-01-03T12:00:00Z',
      nm: 72,
      in_force: true,
    },
    {
      id: 'sim-search',
      name: 'Search area',
      entry: '2026-01-06T06:00:00Z',
      exit: '2026-01-06T08:30:00Z',
      nm: 30,
      in_force: false,
    },
  ],
  line: [
    { lat: 10.1, lon: -64.85 },
    { lat: 11.6, lon: -65.5 },
    { lat: 19.9, lon: -73.9 },
    { lat: 22.6, lon: -74.9 },
    { lat: 25.9, lon: -77.3 },
    { lat: 26.52, lon: -78.78 },
  ],
};

const routeOf = ({ from, to }) => [ports[from], ports[to]].filter(Boolean);

/** A certificate as the server would issue it, but for its digest. */
export function certificate({ unsealed, ...o }) {
  const body = {
    verdict: 'clear',
    subject: {},
    as_of: iso(TO),
    known_at: iso(TO),
    issued_at: iso(NOW),
    reasons: [],
    searched: sources,
    not_searched: [],
    events: [],
    route: o.subject ? routeOf(o.subject) : [],
    rules,
    inputs: sources.map((s) => ({ source: `${s.source}@${s.publication}`, sha256: s.sha256 })),
    simulated: true,
    engine: 'navicert 0.1.0',
    ...o,
  };
  const digest = sha(JSON.stringify(body));
  const id = sha(`id ${digest}`).slice(0, 32);
  return { id, ...body, digest: `sha256:${digest}`, ...(unsealed ? {} : { seal: sealOf(id, 1042) }) };
}

const voyage = (id, s, more = {}) => ({
  id,
  vessel: vessel(s),
  parties: [
    { role: 'owner', name: 'Invented Shipping SA', country: 'PA' },
    { role: 'charterer', name: 'Example Oil Trading Ltd', country: 'GB' },
  ],
  from: 'VEJOT',
  to: 'BSFPO',
  etd: '2026-01-03T06:00:00Z',
  cargo: { kind: 'crude_oil', grade: 'Merey 16', quantity: 500000, unit: 'bbl' },
  ...more,
});

const found = (source, n) => sources.map((s) => (s.source === source ? { ...s, found: n } : s));

const entry = (s) => ({
  kind: 'list_entry',
  source: 'sim-sdn',
  publication: '2025-12-24',
  ref: '90412',
  text: `90412,"${s.name}",-0-,"SIMLAND-EO1",-0-,"${s.call_sign}","Crude Oil Tanker",-0-,-0-,"Panama","Invented Fleet Ltd","Vessel Registration Identification IMO ${s.imo}; (Linked To: INVENTED PETROLEUM CO.)"`,
});

const listedReason = (s) => ({
  rule: 'general/listed-vessel',
  outcome: 'refuse',
  basis:
    'Invented Executive Order 1: property of listed persons is blocked, and dealing in it is prohibited.',
  text: `${s.name} is on the invented list of designated vessels, matched by its IMO number ${s.imo}.`,
  evidence: [entry(s)],
});

const ordered = (id, words, who) => ({
  kind: 'zone',
  source: 'sim-zones.geojson',
  publication: '2025-12-19',
  ref: id,
  text: `${who}: “${words}”`,
});

export const certificates = [
  certificate({
    verdict: 'refuse',
    subject: voyage('V7', ship('Cormorant'), {
      licences: ['SIM-GL-8'],
      cargo: {
        kind: 'crude_oil',
        grade: 'Merey 16',
        quantity: 500000,
        unit: 'bbl',
        origin: 'VE',
        price_usd_bbl: 44.5,
        attestation: 'letter of 1 January 2026',
      },
    }),
    way,
    searched: found('sim-sdn', 1),
    reasons: [
      listedReason(ship('Cormorant')),
      {
        rule: 'sim-situation/licence-does-not-cover',
        outcome: 'note',
        basis: 'Invented General Licence 8, paragraph (b)(2).',
        text: 'Licence SIM-GL-8 covers the cargo, but it does not extend to blocked vessels.',
        evidence: [
          {
            kind: 'licence',
            source: 'sim-licences',
            publication: '2025-12-20',
            ref: 'SIM-GL-8',
            text: '(b) This general licence does not authorise: … (2) any transaction involving a blocked vessel;',
          },
        ],
      },
    ],
  }),
  certificate({
    verdict: 'refuse',
    subject: voyage('V8', ship('Osprey'), {
      to: 'CWWIL',
      vessel: vessel(ship('Osprey'), 'general_cargo'),
      from: 'VEAMY',
    }),
    searched: found('sim-zones.geojson', 1),
    reasons: [
      {
        rule: 'general/zone-in-force',
        outcome: 'refuse',
        basis: 'Order of the invented port authority of 31 December 2025.',
        text: 'The voyage begins in a port that is closed to all shipping at the time of departure.',
        evidence: [
          ordered(
            'sim-closure-port',
            'The port is closed to all shipping until its pier has been surveyed.',
            'Invented port authority',
          ),
        ],
      },
    ],
  }),
  certificate({
    verdict: 'refer',
    subject: voyage('V5', ship('Puffin')),
    searched: found('sim-zones.geojson', 2),
    reasons: [
      {
        rule: 'general/scope-disputed',
        outcome: 'refer',
        basis: 'Two sources report the scope of order SIM-ORDER-7 in different words.',
        text: 'The order applies to this ship if it concerns all tankers, and does not if it concerns sanctioned tankers only. The sources disagree.',
        settle:
          'Which scope the order has for this voyage: ask the authority that gave it, and file the answer.',
        evidence: [
          ordered(
            'sim-order-7-all',
            'No tanker shall enter or leave the ports named in this order until further notice.',
            'Invented Ministry of Ports',
          ),
          ordered(
            'sim-order-7-listed',
            'The order concerns sanctioned tankers going into and coming out of the ports named.',
            'Invented Gazette',
          ),
        ],
      },
    ],
  }),
  certificate({
    verdict: 'refer',
    subject: voyage('V4', ship('Petrel'), { to: 'JMKIN' }),
    events: events.filter((e) => e.mmsi === ship('Petrel').mmsi),
    reasons: [
      {
        rule: 'general/unexplained-gap',
        outcome: 'refer',
        matter: '00112233-aabbccdd',
        basis:
          'Reporting gaps are a warning sign in the usual guidance on deceptive shipping; a gap alone proves nothing.',
        text: `${ship('Petrel').name} sent no position for 14 h 10 min, 41 nm from a zone then in force, and nothing held explains it.`,
        settle: 'Why the ship was silent: ask the master for the log of these hours.',
        evidence: events[0].evidence,
      },
    ],
  }),
  certificate({
    verdict: 'refer',
    subject: voyage('V3', ship('Plover'), {
      parties: [{ role: 'owner', name: 'Invented Fleat Limited', country: 'MH' }],
    }),
    searched: found('sim-sdn', 1),
    reasons: [
      {
        rule: 'general/name-needs-review',
        outcome: 'refer',
        basis: 'A name alone identifies nobody.',
        text: 'The owner’s name “Invented Fleat Limited” is close to the listed name “Invented Fleet Ltd” (0.94).',
        settle: 'Whether they are the same company: compare the registered address and number.',
        evidence: [
          {
            kind: 'list_entry',
            source: 'sim-sdn',
            publication: '2025-12-24',
            ref: '90377',
            text: '90377,"INVENTED FLEET LTD",-0-,"SIMLAND-EO1"',
          },
        ],
      },
    ],
  }),
  certificate({
    verdict: 'refer',
    unsealed: true,
    subject: voyage('V6', ship('Razorbill'), { from: 'CWWIL', to: 'JMKIN' }),
    as_of: '2026-01-02T11:00:00Z',
    searched: [
      { ...list, publication: '2025-12-10', age_days: 23, state: 'stale', sha256: sha('sim-sdn older') },
      ais,
      zoneSource,
    ],
    not_searched: [
      { kind: 'licence', source: 'sim-licences', why: 'the file could not be read: unexpected end of file' },
    ],
    reasons: [
      {
        rule: 'general/source-stale',
        outcome: 'refer',
        basis: 'Absence is a finding only in a current publication.',
        text: 'The newest publication of the invented list held then was 23 days old; it counts as current for 10 days.',
        settle: 'Import the newest publication and check again.',
        evidence: [
          {
            kind: 'source',
            source: 'sim-sdn',
            publication: '2025-12-10',
            text: '1,279 entries, imported 2 January 2026',
          },
        ],
      },
    ],
  }),
  certificate({
    subject: voyage('V2', ship('Gannet'), { licences: ['SIM-SL-41'] }),
    searched: found('sim-licences', 1),
    reasons: [
      {
        rule: 'sim-situation/sectoral-oil',
        outcome: 'lifted',
        basis: 'Invented Executive Order 2, section 1(a)(iii).',
        text: 'Loading crude oil in this country is prohibited without a licence.',
        evidence: [{ kind: 'voyage', source: 'application', text: 'from VEJOT, cargo crude_oil' }],
        lifted_by: {
          licence: 'SIM-SL-41',
          condition:
            'The shipper is Example Oil Trading Ltd, the cargo is crude oil, and no listed vessel carries it.',
          until: '2026-03-31T00:00:00Z',
        },
      },
    ],
  }),
  certificate({
    subject: voyage('V1', ship('Albatross'), { from: 'CWWIL', to: 'JMKIN', cargo: { kind: 'grain' } }),
  }),
];

export const settlements = ['in force', 'taken back'].map((state, i) => ({
  id: `S${i}`,
  matter: '00112233-aabbccdd',
  rule: 'general/unexplained-gap',
  certificate: 'V4',
  subject: ship('Petrel').name,
  asked: 'Why the ship was silent',
  who: i ? 'B. Doe' : 'A. Doe',
  what: i ? undefined : 'log book, pages 12 to 14',
  why: i ? 'told by telephone' : 'receiver replaced at sea',
  at: '2026-01-02T12:10:00Z',
  until: '2026-03-31',
  state,
}));

/** What the fake answers to a check: clear, or refused for the listed ship. */
export function answer({ voyage: subject, as_of }) {
  const listed = subject.vessel.imo === ship('Cormorant').imo;
  return certificate({
    verdict: listed ? 'refuse' : 'clear',
    subject,
    as_of: as_of ?? iso(NOW),
    known_at: iso(NOW),
    reasons: listed ? [listedReason(ship('Cormorant'))] : [],
    searched: listed ? found('sim-sdn', 1) : sources,
  });
}
