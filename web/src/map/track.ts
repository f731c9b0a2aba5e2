// A vessel's track as lines: solid where it was heard, broken across a silence,
// and never across the whole chart at the antimeridian.
import type { TrackFix, VesselEvent } from '../api/wire';

/** Longitudes continued past 180 degrees, so that neighbours are never more than half a turn apart. */
export function unwrap(fixes: TrackFix[]): [number, number][] {
  let turn = 0;
  let last: number | undefined;
  return fixes.map(({ lat, lon }) => {
    if (last !== undefined) {
      if (lon - last > 180) turn -= 360;
      else if (lon - last < -180) turn += 360;
    }
    last = lon;
    return [lon + turn, lat];
  });
}

/** Whether a silence that a detector reported lies between two times. */
function silent(gaps: VesselEvent[], from: number, to: number): boolean {
  return gaps.some((g) => Date.parse(g.start) < to && (g.end === undefined || Date.parse(g.end) > from));
}

export function trackLines(fixes: TrackFix[], events: VesselEvent[]): GeoJSON.FeatureCollection {
  const gaps = events.filter((e) => e.kind === 'gap');
  const points = unwrap(fixes);
  const features: GeoJSON.Feature[] = [];
  let run: [number, number][] = [];
  const end = (dashed: boolean) => {
    if (run.length > 1) {
      features.push({
        type: 'Feature',
        geometry: { type: 'LineString', coordinates: run },
        properties: { silent: dashed },
      });
    }
    run = [];
  };
  points.forEach((point, i) => {
    const a = fixes[i - 1];
    const b = fixes[i];
    if (a && b && silent(gaps, Date.parse(a.time), Date.parse(b.time))) {
      const from = run.at(-1);
      end(false);
      if (from) {
        run = [from, point];
        end(true);
      }
    }
    run.push(point);
  });
  end(false);
  return { type: 'FeatureCollection', features };
}
