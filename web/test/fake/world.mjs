// An invented world for developing and testing the page without the server:
// ships, numbers, lists, orders and licences that do not exist, over real
// geography. IMO numbers 35xxxxx and MMSIs MID998nnn are given to no ship.
import { createHash } from 'node:crypto';

export const FROM = Date.parse('2025-12-18T00:00:00Z');
export const TO = Date.parse('2026-01-02T12:00:00Z');
export const NOW = Date.parse('2026-01-02T12:05:00Z');

const HOUR = 3_600_000;
export const iso = (t) => new Date(t).toISOString().replace('.000', '');
export const sha = (text) => createHash('sha256').update(text).digest('hex');

/** A number in [0, 1) that is the same on every run. */
function dice(seed) {
  let s = seed;
  return () => (s = (s * 1664525 + 1013904223) % 4294967296) / 4294967296;
}

function imo(n) {
  const six = String(350000 + n);
  let sum = 0;
  for (let i = 0; i < 6; i++) sum += (7 - i) * Number(six[i]);
  return Number(six + (sum % 10));
}

const mids = [352, 636, 538, 248, 256, 374, 311, 775, 306, 209];
const flags = ['PA', 'LR', 'MH', 'MT', 'MT', 'PA', 'BS', 'VE', 'CW', 'CY'];
const mmsi = (n) => mids[n % 10] * 1_000_000 + 998_001 + Math.floor(n / 10) * 11;

const lanes = [
  [
    [10.3, -64.95],
    [11.6, -64.65],
    [14.5, -64.8],
    [18.3, -67.9],
    [21, -69],
  ],
  [
    [11.78, -70.4],
    [12.7, -71.2],
    [17.5, -74.9],
    [19.9, -73.95],
    [22.2, -73.4],
  ],
  [
    [11.3, -60.3],
    [13.5, -58.5],
    [16.5, -54],
  ],
  [
    [10.5, -75.8],
    [13, -75.6],
    [17.2, -76.7],
  ],
  [
    [9.7, -79.9],
    [14, -78],
    [18.1, -75.2],
    [19.9, -74],
  ],
  [
    [12.0, -69.2],
    [12.7, -68.4],
    [12.9, -64],
    [12.8, -61.8],
    [13.3, -57.5],
  ],
  [
    [10.8, -66.95],
    [12.8, -67.1],
    [17.8, -67.9],
    [21, -67.5],
  ],
];
const anchorages = [
  [10.22, -64.88],
  [10.17, -64.82],
  [10.28, -64.8],
  [11.82, -70.32],
  [12.02, -68.95],
  [10.68, -66.95],
  [10.6, -61.75],
  [18.3, -66.3],
  [10.45, -75.65],
  [9.55, -79.85],
];

const birds =
  'Albatross Avocet Bittern Booby Bunting Cormorant Curlew Dotterel Dunlin Egret Eider Fulmar Gannet Garganey Godwit Goosander Grebe Guillemot Heron Ibis Jacana Kestrel Kingfisher Kittiwake Knot Lapwing Linnet Merlin Noddy Osprey Pelican Petrel Phalarope Pintail Plover Puffin Razorbill Redshank Ruff Sanderling'.split(
    ' ',
  );

/** A silence that a ship of the cast keeps. */
const silences = new Map([
  ['Petrel', [Date.parse('2025-12-29T21:40:00Z'), Date.parse('2025-12-30T11:50:00Z')]],
]);

export const ships = birds.map((bird, n) => {
  const roll = dice(n + 7);
  const rest = n % 4 === 3 && !silences.has(bird);
  return {
    n,
    bird,
    name: `SIM ${bird.toUpperCase()}`,
    imo: imo(n * 3),
    mmsi: mmsi(n),
    flag: flags[n % 10],
    call_sign: `SIM${String(n).padStart(2, '0')}`,
    ship_type: n % 3 === 1 ? 70 : 80,
    lane: rest ? undefined : lanes[n % lanes.length],
    at: rest ? anchorages[Math.floor(n / 4) % anchorages.length] : undefined,
    start: FROM + roll() * 8 * 24 * HOUR - 4 * 24 * HOUR,
    speed: 9 + Math.floor(roll() * 6),
    back: roll() > 0.5,
    silence: silences.get(bird),
  };
});

const rad = (d) => (d * Math.PI) / 180;
const miles = (a, b) => Math.hypot((b[0] - a[0]) * 60, (b[1] - a[1]) * 60 * Math.cos(rad((a[0] + b[0]) / 2)));
const course = (a, b) => {
  const deg = (Math.atan2((b[1] - a[1]) * Math.cos(rad(a[0])), b[0] - a[0]) * 180) / Math.PI;
  return (deg + 360) % 360;
};

/** Where a ship is at t: up and down its lane at its speed. */
export function state(ship, t) {
  if (!ship.lane)
    return { lat: ship.at[0] + ship.n * 0.002, lon: ship.at[1] - ship.n * 0.002, speed: 0.1, status: 1 };
  const lane = ship.back ? ship.lane.toReversed() : ship.lane;
  const legs = lane.slice(1).map((b, i) => ({ a: lane[i], b, nm: miles(lane[i], b) }));
  const length = legs.reduce((sum, l) => sum + l.nm, 0);
  let sailed = (((t - ship.start) / HOUR) * ship.speed) % (2 * length);
  if (sailed < 0) sailed += 2 * length;
  const returning = sailed > length;
  let left = returning ? 2 * length - sailed : sailed;
  for (const { a, b, nm } of legs) {
    if (left <= nm) {
      const f = left / nm;
      return {
        lat: a[0] + f * (b[0] - a[0]),
        lon: a[1] + f * (b[1] - a[1]),
        speed: ship.speed,
        course: returning ? course(b, a) : course(a, b),
        status: 0,
      };
    }
    left -= nm;
  }
  throw new Error(`${ship.name} has left its lane`);
}

/** The newest time at or before t at which the ship was heard. */
export function heard(ship, t) {
  const last = Math.min(t, TO) - (ship.n % 7) * 60_000;
  const s = ship.silence;
  return s && last > s[0] && last < s[1] ? s[0] : last;
}

export function vesselNow(ship, t) {
  const time = heard(ship, t);
  const { lat, lon, speed, course: cog, status } = state(ship, time);
  return {
    mmsi: ship.mmsi,
    imo: ship.imo,
    name: ship.name,
    call_sign: ship.call_sign,
    flag: ship.flag,
    ship_type: ship.ship_type,
    position: { lat, lon },
    speed,
    ...(cog === undefined ? {} : { course: cog, heading: Math.round(cog) % 360 }),
    status,
    time: iso(time),
    time_from: 'tag',
    station: 'sim-shore-1',
    ref: { source: 'simulated.nmea', offset: (time - FROM) / 1000 },
    simulated: true,
    events: events.filter((e) => e.mmsi === ship.mmsi).length,
  };
}

export function track(ship, from, to) {
  const fixes = [];
  for (let t = Math.max(from, FROM); t <= Math.min(to, TO); t += HOUR / 2) {
    if (ship.silence && t > ship.silence[0] && t < ship.silence[1]) continue;
    const { lat, lon, speed, course: cog } = state(ship, t);
    const ref = { source: 'simulated.nmea', offset: (t - FROM) / 1000 };
    fixes.push({
      time: iso(t),
      lat,
      lon,
      speed,
      ...(cog === undefined ? {} : { course: cog }),
      station: 'sim-shore-1',
      ref,
    });
  }
  return fixes;
}

export const ship = (bird) => ships.find((s) => s.bird === bird);
const place = (s, t) => (({ lat, lon }) => ({ lat, lon }))(state(s, t));

const petrel = ship('Petrel');
const heron = ship('Heron');

export const events = [
  {
    id: sha('gap petrel').slice(0, 32),
    kind: 'gap',
    mmsi: petrel.mmsi,
    imo: petrel.imo,
    start: iso(petrel.silence[0]),
    end: iso(petrel.silence[1]),
    state: 'closed',
    position: place(petrel, petrel.silence[0]),
    end_position: place(petrel, petrel.silence[1]),
    measures: { distance_nm: 141.2, implied_speed_kn: 9.97, positions_before: 24 },
    evidence: [
      {
        kind: 'fix',
        source: 'sim-caribbean.nmea',
        ref: 'byte 1204411',
        text: 'last position before the silence',
        time: iso(petrel.silence[0]),
        position: place(petrel, petrel.silence[0]),
      },
    ],
    explanations: [
      'No other ship near it fell silent in these hours, so the receiver was working.',
      'A faulty transponder or its switching off for safety near a port cannot be excluded.',
    ],
    confidence: 'unexplained',
    simulated: true,
  },
  {
    id: sha('zone heron').slice(0, 32),
    kind: 'zone',
    mmsi: heron.mmsi,
    imo: heron.imo,
    start: '2026-01-01T20:10:00Z',
    state: 'open',
    position: place(heron, Date.parse('2026-01-01T20:10:00Z')),
    zone: 'sim-danger-1',
    measures: { depth_nm: 6.2 },
    explanations: ['The warning informs; it closes no water to this ship.'],
    simulated: true,
  },
  ...['Egret', 'Knot', 'Merlin', 'Grebe'].map((bird, i) => ({
    id: sha(`gap ${bird}`).slice(0, 32),
    kind: 'gap',
    mmsi: ship(bird).mmsi,
    imo: ship(bird).imo,
    start: iso(TO - (60 - 11 * i) * HOUR),
    end: iso(TO - (46 - 11 * i) * HOUR),
    state: 'closed',
    position: place(ship(bird), TO - (60 - 11 * i) * HOUR),
    end_position: place(ship(bird), TO - (46 - 11 * i) * HOUR),
    measures: { distance_nm: 120.5 },
    explanations: ['The only receiver in reach was down for all ships in these hours.'],
    confidence: 'explained',
    simulated: true,
  })),
];

const box = (w, s, e, n) => ({
  type: 'Polygon',
  coordinates: [
    [
      [w, s],
      [e, s],
      [e, n],
      [w, n],
      [w, s],
    ],
  ],
});
const coast = {
  type: 'Polygon',
  coordinates: [
    [
      [-72.2, 12.35],
      [-71.3, 12.3],
      [-70.1, 12.35],
      [-69.6, 11.7],
      [-68.4, 11.2],
      [-67.9, 10.75],
      [-66.1, 10.85],
      [-65.8, 11.05],
      [-64.9, 11.15],
      [-63.8, 11.25],
      [-62.8, 11.0],
      [-61.9, 10.95],
      [-61.9, 12.4],
      [-64, 13],
      [-68, 13.2],
      [-72.2, 13.2],
      [-72.2, 12.35],
    ],
  ],
};
const belt = {
  type: 'Polygon',
  coordinates: [
    [
      [-71.2, 11.1],
      [-70.3, 11.7],
      [-70.25, 12.3],
      [-69.7, 12.05],
      [-69.3, 11.55],
      [-68.3, 11.15],
      [-68, 10.7],
      [-66.2, 10.8],
      [-65.9, 10.3],
      [-65, 10.3],
      [-64.7, 10.42],
      [-64.3, 10.6],
      [-62.7, 10.9],
      [-62.7, 10.72],
      [-64.2, 10.45],
      [-64.7, 10.2],
      [-65.1, 10.08],
      [-65.9, 10.15],
      [-66.2, 10.62],
      [-68.1, 10.5],
      [-68.5, 11.05],
      [-69.5, 11.45],
      [-69.9, 11.9],
      [-70.2, 11.6],
      [-71.2, 11.1],
    ],
  ],
};

const zone = (properties, geometry) => ({
  type: 'Feature',
  geometry,
  properties: { effect: 'prohibits', published: properties.from, simulated: true, ...properties },
});

export const zones = [
  zone(
    {
      id: 'sim-order-7-all',
      name: 'Tanker order, as one ministry reports it',
      kind: 'blockade',
      order: 'SIM-ORDER-7',
      authority: 'Invented Joint Command',
      publisher: 'Invented Ministry of Ports',
      text: 'No tanker shall enter or leave the ports named in this order until further notice.',
      scope: { words: 'all tankers', vessel_kinds: ['tanker'] },
      from: '2025-12-19T00:00:00Z',
    },
    coast,
  ),
  zone(
    {
      id: 'sim-order-7-listed',
      name: 'Tanker order, as a spokesman reports it',
      kind: 'blockade',
      order: 'SIM-ORDER-7',
      authority: 'Invented Joint Command',
      publisher: 'Invented Gazette',
      text: 'The order concerns sanctioned tankers going into and coming out of the ports named.',
      scope: { words: 'sanctioned tankers only', vessel_kinds: ['tanker'], listed_only: true },
      from: '2025-12-19T00:00:00Z',
    },
    coast,
  ),
  zone(
    {
      id: 'sim-danger-1',
      name: 'Naval firing area',
      kind: 'danger',
      effect: 'warns',
      publisher: 'Invented NAVAREA coordinator',
      text: 'HAZARDOUS OPERATIONS IN AREA BOUND BY 14-30N 063-30W, 14-30N 065-30W, 16-00N 065-30W, 16-00N 063-30W.',
      scope: {},
      from: '2025-12-30T00:00:00Z',
      to: '2026-01-06T00:00:00Z',
    },
    box(-65.5, 14.5, -63.5, 16),
  ),
  zone(
    {
      id: 'sim-listed-area',
      name: 'Listed area 4',
      kind: 'listed_area',
      effect: 'restricts',
      publisher: 'Invented Joint War Committee',
      text: 'Waters within the area are listed for hull war risks.',
      scope: {},
      from: '2025-12-10T00:00:00Z',
    },
    box(-61.6, 8.7, -58.6, 11.6),
  ),
  zone(
    {
      id: 'sim-territorial-sea',
      name: 'Territorial sea',
      kind: 'territorial_sea',
      effect: 'warns',
      publisher: 'Invented hydrographic office',
      scope: {},
      from: '2000-01-01T00:00:00Z',
    },
    belt,
  ),
  zone(
    {
      id: 'sim-closure-port',
      name: 'Port closed after a strike',
      kind: 'closure',
      publisher: 'Invented port authority',
      text: 'The port is closed to all shipping until its pier has been surveyed.',
      scope: {},
      from: '2025-12-31T06:00:00Z',
    },
    box(-70.6, 11.62, -70.18, 11.95),
  ),
  zone(
    {
      id: 'sim-danger-0',
      name: 'Search area, ended',
      kind: 'danger',
      effect: 'warns',
      publisher: 'Invented NAVAREA coordinator',
      text: 'SHIPS REQUESTED TO KEEP A SHARP LOOKOUT.',
      scope: {},
      from: '2025-12-20T00:00:00Z',
      to: '2025-12-23T00:00:00Z',
    },
    box(-73.5, 14.5, -71.5, 16),
  ),
];

export const zonesAt = (t) =>
  zones
    .filter((z) => Date.parse(z.properties.published) <= t)
    .map((z) => {
      const p = z.properties;
      const in_force = Date.parse(p.from) <= t && (!p.to || t < Date.parse(p.to));
      return { ...z, properties: { ...p, in_force } };
    });
