// Positions, distances and bearings as sailors write them.
import type { Position } from '../api/wire';

/** Metres in a nautical mile, and the mean Earth radius in them (IUGG). */
const METRES_PER_NM = 1852;
const EARTH_RADIUS_M = 6_371_008.8;

const rad = (deg: number) => (deg * Math.PI) / 180;

/** Longitude in [-180, 180). */
export const wrap = (lon: number) => ((((lon + 180) % 360) + 360) % 360) - 180;

function angle(value: number, width: number, positive: string, negative: string): string {
  const hundredths = Math.round(Math.abs(value) * 6000);
  const degrees = Math.floor(hundredths / 6000);
  const minutes = ((hundredths % 6000) / 100).toFixed(2).padStart(5, '0');
  return `${String(degrees).padStart(width, '0')}°${minutes}′${value < 0 ? negative : positive}`;
}

/** Degrees and minutes, as on a chart: 10°12.34′N 064°51.00′W. */
export function degreesMinutes(p: Position): string {
  return `${angle(p.lat, 2, 'N', 'S')} ${angle(wrap(p.lon), 3, 'E', 'W')}`;
}

/** Great-circle distance on the mean sphere, in nautical miles. */
export function distanceNM(a: Position, b: Position): number {
  const dLat = rad(b.lat - a.lat);
  const dLon = rad(b.lon - a.lon);
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(dLon / 2) ** 2;
  return (2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)))) / METRES_PER_NM;
}

/** Initial great-circle bearing from a to b, degrees true in [0, 360). */
export function bearing(a: Position, b: Position): number {
  const dLon = rad(b.lon - a.lon);
  const y = Math.sin(dLon) * Math.cos(rad(b.lat));
  const x =
    Math.cos(rad(a.lat)) * Math.sin(rad(b.lat)) -
    Math.sin(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.cos(dLon);
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
}

/** 0.4 nm, 12.3 nm, 1,234 nm; metres below one mile. */
export function distanceText(nm: number): string {
  if (nm < 1) return `${Math.round(nm * METRES_PER_NM).toLocaleString('en-GB')} m`;
  if (nm < 100) return `${nm.toFixed(1)} nm`;
  return `${Math.round(nm).toLocaleString('en-GB')} nm`;
}

/** Three figures, as spoken: 045°. */
export const courseText = (deg: number) => `${String(Math.round(deg) % 360).padStart(3, '0')}°`;

/** Reads "LAT,LON" in decimal degrees, as the API writes places; undefined when it is none. */
export function parseLatLon(text: string): Position | undefined {
  const parts = text.split(',').map((s) => (s.trim() === '' ? NaN : Number(s)));
  const [lat, lon] = parts;
  if (parts.length !== 2 || lat === undefined || lon === undefined) return undefined;
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : undefined;
}
