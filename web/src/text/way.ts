// Where a way over sea lanes is at a time, for drawing it and for telling its legs in order.
import type { Certificate, Position, Way, WayZone } from '../api/wire';
import { distanceNM, wrap } from './position';

const HOUR_MS = 3_600_000;

/** When the way begins: the declared departure, else the day asked about. */
export const departs = (c: Certificate): Date => new Date(c.subject.etd ?? c.as_of);

/** When it ends: the declared arrival, else as reckoned. */
export function arrives(c: Certificate, way: Way): { time: Date; reckoned: boolean } {
  if (c.subject.eta) return { time: new Date(c.subject.eta), reckoned: false };
  return { time: new Date(departs(c).getTime() + (way.length_nm / way.speed_kn) * HOUR_MS), reckoned: true };
}

/** One line of the way's list: something that happens at a time. */
export interface Leg {
  time: Date;
  kind: 'departure' | 'passage' | 'zone' | 'arrival';
  name: string;
  /** Nautical miles from the departure; of a zone those inside. */
  nm?: number;
  zone?: WayZone;
}

/** Everything on the way in order of time; a zone stands at its entry. */
export function legs(c: Certificate, way: Way): Leg[] {
  const end = (at: 0 | -1, code: string | undefined) => c.route?.at(at)?.name || code || 'not declared';
  const between: Leg[] = [
    ...way.passages.map((p): Leg => ({ time: new Date(p.time), kind: 'passage', name: p.name, nm: p.nm })),
    ...way.zones.map((z): Leg => ({
      time: new Date(z.entry),
      kind: 'zone',
      name: z.name,
      nm: z.nm,
      zone: z,
    })),
  ];
  between.sort((a, b) => a.time.getTime() - b.time.getTime());
  return [
    { time: departs(c), kind: 'departure', name: end(0, c.subject.from), nm: 0 },
    ...between,
    { time: arrives(c, way).time, kind: 'arrival', name: end(-1, c.subject.to), nm: way.length_nm },
  ];
}

/** Longitudes that go on past 180°, so that a line over the antimeridian is one line. */
export function unwrapped(line: Position[]): Position[] {
  let last: number | undefined;
  return line.map(({ lat, lon }) => {
    last = last === undefined ? lon : last + wrap(lon - last);
    return { lat, lon: last };
  });
}

/** The part of a line between two shares of its length, 0 to 1. */
export function stretch(line: Position[], from: number, to: number): Position[] {
  const steps = line.slice(1).map((p, i) => distanceNM(line[i] ?? p, p));
  const whole = steps.reduce((sum, nm) => sum + nm, 0);
  const start = Math.min(Math.max(from, 0), 1) * whole;
  const stop = Math.min(Math.max(to, 0), 1) * whole;
  const out: Position[] = [];
  let done = 0;
  steps.forEach((nm, i) => {
    const a = line[i];
    const b = line[i + 1];
    if (!a || !b || nm === 0) return;
    const at = (d: number) => {
      const share = (d - done) / nm;
      return { lat: a.lat + (b.lat - a.lat) * share, lon: a.lon + (b.lon - a.lon) * share };
    };
    const lo = Math.max(start, done);
    const hi = Math.min(stop, done + nm);
    if (lo < hi) {
      if (out.length === 0) out.push(at(lo));
      out.push(at(hi));
    }
    done += nm;
  });
  return out;
}

/** The part of the way inside a zone, by its times of entry and exit. */
export function inside(c: Certificate, way: Way, zone: WayZone): Position[] {
  const start = departs(c).getTime();
  const length = (way.length_nm / way.speed_kn) * HOUR_MS;
  const share = (t: string) => (new Date(t).getTime() - start) / length;
  return length > 0 ? stretch(unwrapped(way.line), share(zone.entry), share(zone.exit)) : [];
}
