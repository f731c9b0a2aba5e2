// Times in words. All are UTC, and say so where there is room.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const part = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', ...options });

const longDay = part({ day: 'numeric', month: 'long', year: 'numeric' });
const shortDay = part({ day: 'numeric', month: 'short', year: 'numeric' });
const clock = part({ hour: '2-digit', minute: '2-digit', hour12: false });
const clockSeconds = part({ hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

type Time = string | number | Date;

/** "2 January 2026, 12:00 UTC" */
export const longTime = (t: Time) => `${longDay.format(new Date(t))}, ${clock.format(new Date(t))} UTC`;

/** "2 January 2026, 12:00:05 UTC" */
export const exactTime = (t: Time) =>
  `${longDay.format(new Date(t))}, ${clockSeconds.format(new Date(t))} UTC`;

/** "2 Jan 2026 12:00" for tables whose heading says UTC. */
export const shortTime = (t: Time) => `${shortDay.format(new Date(t))} ${clock.format(new Date(t))}`;

/** "2 January 2026" */
export const day = (t: Time) => longDay.format(new Date(t));

/** "45 min", "14 h 10 min", "3 d 4 h" */
export function duration(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${Math.floor(hours / 24)} d ${hours % 24} h` : `${hours / 24} d`;
}

/** How long t lies before the reference: "14 h before", "at that time". */
export function before(t: Time, reference: Time): string {
  const ms = new Date(reference).getTime() - new Date(t).getTime();
  if (Math.abs(ms) < 60_000) return 'at that time';
  return `${duration(ms)} ${ms > 0 ? 'before' : 'after'}`;
}

/** "1 day", "9 days" */
export const days = (n: number) => `${n.toLocaleString('en-GB')} ${n === 1 ? 'day' : 'days'}`;

/** RFC 3339 to the second, as the API takes it. */
export const instant = (t: Time) => new Date(t).toISOString().replace(/\.\d+Z$/, 'Z');

export { DAY, HOUR };
