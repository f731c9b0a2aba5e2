// Vessels and events as the chart draws them.
import type { Certificate, VesselEvent, VesselNow } from '../api/wire';
import { vesselLabel, verdictPast } from '../text/words';
import type { Finding } from './palette';

/** Below this a ship counts as at rest: its course means nothing (AIS noise of a moored ship). */
const AT_REST_KN = 0.5;

export interface Marked {
  vessel: VesselNow;
  finding: Finding;
}

/** Whether a certificate is about a vessel, by IMO number first. */
function about(c: Certificate, v: VesselNow): boolean {
  const s = c.subject.vessel;
  if (s.imo && v.imo) return s.imo === v.imo;
  return s.mmsi !== undefined && s.mmsi === v.mmsi;
}

/** The newest certificate about a vessel that was as of t or before it. */
export function newestCertificate(
  certificates: Certificate[],
  v: VesselNow,
  t: number,
): Certificate | undefined {
  let newest: Certificate | undefined;
  for (const c of certificates) {
    if (!about(c, v) || Date.parse(c.as_of) > t) continue;
    if (!newest || Date.parse(c.as_of) > Date.parse(newest.as_of)) newest = c;
  }
  return newest;
}

/** Kinds of event that are a ship's ordinary business: they are shown, and mark no ship. */
const routine = new Set(['port_visit', 'draught_change', 'zone_approach']);

/**
 * What stood against each vessel at t: the verdict of its newest certificate,
 * or the events that had begun and are more than routine. With t infinite nothing
 * lies in the future.
 */
export function mark(
  vessels: VesselNow[],
  certificates: Certificate[],
  events: VesselEvent[],
  t: number,
): Marked[] {
  const eventful = new Set<number>();
  for (const e of events) {
    if (Date.parse(e.start) > t || routine.has(e.kind)) continue;
    if (e.mmsi) eventful.add(e.mmsi);
    if (e.other) eventful.add(e.other);
  }
  return vessels.map((vessel) => {
    const verdict = newestCertificate(certificates, vessel, t)?.verdict;
    if (verdict === 'refuse' || verdict === 'refer') return { vessel, finding: verdict };
    return { vessel, finding: eventful.has(vessel.mmsi) ? 'events' : 'none' };
  });
}

const order: Finding[] = ['none', 'events', 'refer', 'refuse'];

export function vesselPoints(marked: Marked[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: marked.map(({ vessel: v, finding }) => {
      const moving = v.course !== undefined && (v.speed ?? AT_REST_KN) >= AT_REST_KN;
      const verdict = finding === 'refer' || finding === 'refuse' ? `\n${verdictPast[finding]}` : '';
      return {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [v.position.lon, v.position.lat] },
        properties: {
          mmsi: v.mmsi,
          icon: `${moving ? 'hull' : 'round'}-${finding}`,
          badge: finding === 'none' ? '' : `badge-${finding}`,
          rotate: moving ? v.course : 0,
          rank: order.indexOf(finding),
          label: vesselLabel(v) + verdict,
        },
      };
    }),
  };
}

/** Events whose time overlaps the window that ends at t. */
export function eventsWithin(events: VesselEvent[], t: number, windowMs: number): VesselEvent[] {
  return events.filter(
    (e) => Date.parse(e.start) <= t && (e.end === undefined || Date.parse(e.end) >= t - windowMs),
  );
}

/** Where events began, and where they ended by t. */
export function eventPoints(events: VesselEvent[], t: number): GeoJSON.FeatureCollection {
  const features: GeoJSON.Feature[] = [];
  const shape = (kind: string) => (kind === 'gap' || kind === 'zone' ? kind : 'other');
  for (const e of events) {
    const ended = e.end !== undefined && Date.parse(e.end) <= t;
    for (const p of [e.position, ended ? e.end_position : undefined]) {
      if (!p) continue;
      features.push({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [p.lon, p.lat] },
        properties: { id: e.id, ...(e.mmsi && { mmsi: e.mmsi }), icon: `event-${shape(e.kind)}` },
      });
    }
  }
  return { type: 'FeatureCollection', features };
}
