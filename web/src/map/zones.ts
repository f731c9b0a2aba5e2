// Zones as the chart draws them. Two zones with the same order are two
// reported readings of one order: each gets a letter, its own hatching and
// outline, and one label names both, so that nobody takes one for the truth.
import polylabel from 'polylabel';
import type { Zone, ZoneFeature, ZoneGeometry } from '../api/wire';
import { scopeText, zoneKind } from '../text/words';
import { zoneHatch } from './symbols';

export interface ReadZone {
  feature: ZoneFeature;
  zone: Zone;
  /** 0 for the first reading of its order, 1 for the second … */
  reading: number;
  /** All readings of the order, this one included. */
  readings: Zone[];
  /** "A", "B" …; empty when the order has one reading. */
  letter: string;
}

/** Sorts zones by order and letters the readings of each. */
export function readZones(features: ZoneFeature[]): ReadZone[] {
  const orders = new Map<string, Zone[]>();
  for (const { properties: z } of features) {
    const key = z.order || `\u0000${z.id}`;
    orders.set(
      key,
      [...(orders.get(key) ?? []), z].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
  }
  return features.map((feature) => {
    const zone = feature.properties;
    const readings = orders.get(zone.order || `\u0000${zone.id}`) ?? [zone];
    const reading = readings.indexOf(zone);
    const letter = readings.length > 1 ? String.fromCharCode(65 + (reading % 26)) : '';
    return { feature, zone, reading, readings, letter };
  });
}

/** Whether a zone's order is read in different ways. */
export const contested = (z: ReadZone) => z.readings.length > 1;

/** A zone's polygons with what the layers look at. */
export function zoneShapes(zones: ReadZone[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: zones.map(({ feature, zone, reading }, i) => ({
      type: 'Feature',
      id: i,
      geometry: feature.geometry,
      properties: {
        zone: zone.id,
        kind: zone.kind,
        hatch: zoneHatch(zone.kind, reading),
        in_force: zone.in_force,
        second: reading % 2 === 1,
      },
    })),
  };
}

/** One label for each order, or for each zone without one. */
export function zoneLabels(zones: ReadZone[]): GeoJSON.FeatureCollection {
  const done = new Set<string>();
  const features: GeoJSON.Feature[] = [];
  for (const z of zones) {
    const key = z.zone.order || z.zone.id;
    if (done.has(key) || !z.zone.in_force) continue;
    done.add(key);
    features.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: labelPoint(z.feature.geometry) },
      properties: { kind: z.zone.kind, text: labelText(z), disputed: contested(z), rank: rank(z.zone.kind) },
    });
  }
  return { type: 'FeatureCollection', features };
}

function labelText(z: ReadZone): string {
  if (!contested(z)) {
    const kind = zoneKind(z.zone.kind);
    return z.zone.name.includes(kind) ? z.zone.name : `${z.zone.name}\n${kind}`;
  }
  const readings = z.readings.map((r, i) => `${String.fromCharCode(65 + i)}: ${shorten(scopeText(r))}`);
  return [`One order, ${z.readings.length} readings`, ...readings].join('\n');
}

/** Which kinds give way when names compete for room. */
const rank = (kind: string) => ['closure', 'blockade', 'danger', 'listed_area'].indexOf(kind) >>> 0;

const shorten = (s: string) => (s.length > 42 ? `${s.slice(0, 41)}…` : s);

/** The point farthest from the edge of the largest polygon. */
function labelPoint(geometry: ZoneGeometry): [number, number] {
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  let best: { x: number; y: number; distance: number } | undefined;
  for (const rings of parts) {
    const [x, y] = polylabel(rings as [number, number][][], 0.05);
    const distance = extent(rings[0] ?? []);
    if (!best || distance > best.distance) best = { x: x ?? 0, y: y ?? 0, distance };
  }
  return best ? [best.x, best.y] : [0, 0];
}

function extent(ring: GeoJSON.Position[]): number {
  const lons = ring.map((p) => p[0] ?? 0);
  const lats = ring.map((p) => p[1] ?? 0);
  return (Math.max(...lons) - Math.min(...lons)) * (Math.max(...lats) - Math.min(...lats));
}
