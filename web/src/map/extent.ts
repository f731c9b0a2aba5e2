// The rectangle round everything on the chart.
import type { Position, ZoneGeometry } from '../api/wire';

type Rectangle = [west: number, south: number, east: number, north: number];

/**
 * The smallest rectangle round positions and areas, crossing the antimeridian
 * where that is shorter (east is then more than 180); undefined when there is
 * nothing.
 */
export function extentOf(positions: Position[], areas: ZoneGeometry[]): Rectangle | undefined {
  const points: Position[] = [...positions];
  for (const area of areas) {
    const parts = area.type === 'Polygon' ? [area.coordinates] : area.coordinates;
    for (const ring of parts.flat()) for (const [lon = 0, lat = 0] of ring) points.push({ lat, lon });
  }
  if (points.length === 0) return undefined;
  const lats = points.map((p) => p.lat);
  const [west, east] = widest(points.map((p) => p.lon));
  return [west, Math.max(-80, Math.min(...lats)), east, Math.min(80, Math.max(...lats))];
}

/** The arc of longitudes that leaves out the widest empty one. */
function widest(lons: number[]): [west: number, east: number] {
  const sorted = lons.toSorted((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 0;
  let gap = first + 360 - last;
  let arc: [number, number] = [first, last];
  for (let i = 1; i < sorted.length; i++) {
    const a = sorted[i - 1] ?? 0;
    const b = sorted[i] ?? 0;
    if (b - a > gap) {
      gap = b - a;
      arc = [b, a + 360];
    }
  }
  return arc;
}
