// The rectangle round what the chart shows first.
import type { Position, ZoneGeometry } from '../api/wire';
import { distanceNM } from '../text/position';

type Rectangle = [west: number, south: number, east: number, north: number];

/** Of more ships than this, the farthest fifth may lie outside the first view. */
const MANY = 10;
const KEPT = 4 / 5;

/**
 * A rectangle round the areas and the ships, but for the fifth of many ships
 * that is farthest from their middle: one ship on the other side of the world
 * should not make the rest a dot. It crosses the antimeridian where that is
 * shorter (east is then more than 180), and is undefined when there is nothing.
 */
export function extentOf(ships: Position[], areas: ZoneGeometry[]): Rectangle | undefined {
  const points = near(ships);
  for (const area of areas) {
    const parts = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
    for (const ring of parts.flat()) for (const [lon = 0, lat = 0] of ring) points.push({ lat, lon });
  }
  if (points.length === 0) return undefined;
  const lats = points.map((p) => p.lat);
  const [west, east] = arc(points.map((p) => p.lon));
  return [west, Math.max(-80, Math.min(...lats)), east, Math.min(80, Math.max(...lats))];
}

/** Four fifths of many ships, those nearest to their median position. */
function near(ships: Position[]): Position[] {
  if (ships.length <= MANY) return [...ships];
  const [west] = arc(ships.map((p) => p.lon));
  const middle = {
    lat: median(ships.map((p) => p.lat)),
    lon: median(ships.map((p) => (p.lon < west ? p.lon + 360 : p.lon))),
  };
  const byDistance = ships.toSorted((a, b) => distanceNM(a, middle) - distanceNM(b, middle));
  return byDistance.slice(0, Math.ceil(ships.length * KEPT));
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The arc of longitudes that leaves out the widest empty one. */
function arc(lons: number[]): [west: number, east: number] {
  const sorted = lons.toSorted((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 0;
  let gap = first + 360 - last;
  let found: [number, number] = [first, last];
  for (let i = 1; i < sorted.length; i++) {
    const a = sorted[i - 1] ?? 0;
    const b = sorted[i] ?? 0;
    if (b - a > gap) {
      gap = b - a;
      found = [b, a + 360];
    }
  }
  return found;
}
