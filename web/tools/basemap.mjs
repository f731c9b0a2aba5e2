// Cuts Natural Earth's land (npm world-atlas, public domain) for a flat map
// and writes it as TopoJSON to .basemap/, from where the app imports its URL.
//
// world-atlas is stitched for the sphere: drawn as it is, polygons that cross
// the antimeridian become bands across the map, and three rings in the
// Maldives are wound backwards, so that they mean the whole globe less an
// islet. Outer rings larger than a hemisphere are therefore reversed, and all
// is projected once with d3, which cuts at 180 degrees and round the poles.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { geoArea, geoEquirectangular } from 'd3-geo';
import { geoProject } from 'd3-geo-projection';
import { feature } from 'topojson-client';
import { topology } from 'topojson-server';

const require = createRequire(import.meta.url);
const out = new URL('../.basemap/', import.meta.url);

/** Steps across the bounding box; world-atlas itself has 1e5. */
const QUANTISATION = 2e5;

/** Steradians (40 km²): a smaller sea within land is the seam at the South Pole, no sea. */
const SMALLEST_SEA = 1e-6;

/** Degrees in, degrees out; precision 0 adds no points along the edges. */
const flat = geoEquirectangular()
  .scale(180 / Math.PI)
  .translate([0, 0])
  .reflectY(true)
  .precision(0);

/** The rings of a FeatureCollection's polygons: land, and the seas within it. */
function rings(collection) {
  const all = [];
  for (const { geometry } of collection.features) {
    const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    for (const [outer, ...holes] of parts) {
      all.push({ ring: outer, sea: false }, ...holes.map((ring) => ({ ring, sea: true })));
    }
  }
  return all;
}

/**
 * One feature per ring, cut at the antimeridian, in plain degrees. d3 loses
 * the Caspian as a hole, so a hole becomes a feature of its own, marked sea,
 * which the map draws over the land.
 */
function cut(collection) {
  const features = [];
  for (const { ring, sea } of rings(collection)) {
    const area = geoArea({ type: 'Polygon', coordinates: [ring] });
    const coordinates = [area <= 2 * Math.PI ? ring : ring.toReversed()];
    if (sea && Math.min(area, 4 * Math.PI - area) < SMALLEST_SEA) continue;
    const geometry = geoProject({ type: 'Polygon', coordinates }, flat);
    if (geometry) features.push({ type: 'Feature', properties: sea ? { sea } : {}, geometry });
  }
  return { type: 'FeatureCollection', features };
}

mkdirSync(out, { recursive: true });
for (const scale of ['50m', '10m']) {
  const atlas = JSON.parse(readFileSync(require.resolve(`world-atlas/land-${scale}.json`), 'utf8'));
  const land = topology({ land: cut(feature(atlas, atlas.objects.land)) }, QUANTISATION);
  const text = JSON.stringify(land);
  writeFileSync(new URL(`land-${scale}.json`, out), text);
  console.log(`land-${scale}: ${land.objects.land.geometries.length} polygons, ${text.length} bytes`);
}
