// The page's words for the codes on the wire. A code that is not known here is
// shown as it is, with its underscores taken out: nothing is hidden.
import type {
  Evidence,
  FeedState,
  Ref,
  Searched,
  SourceState,
  VesselEvent,
  VesselRef,
  Verdict,
  Zone,
} from '../api/wire';
import { duration } from './time';

/** "oil_tanker" → "oil tanker" */
export const plain = (code: string) => code.replaceAll('_', ' ');

/** First letter large. */
export const capital = (s: string) => s.charAt(0).toUpperCase() + s.slice(1);

export const number = (n: number) => n.toLocaleString('en-GB');

/** "1 event", "3 events" */
export const count = (n: number, one: string, many = `${one}s`) => `${number(n)} ${n === 1 ? one : many}`;

export const verdictWord: Record<Verdict, string> = { clear: 'Clear', refer: 'Refer', refuse: 'Refuse' };

/** What a vessel on a certificate is called. */
export const verdictPast: Record<Verdict, string> = {
  clear: 'cleared',
  refer: 'referred',
  refuse: 'refused',
};

const regions = new Intl.DisplayNames('en-GB', { type: 'region', fallback: 'code' });

/** "Panama (PA)"; the code alone when it is no country's. */
export function country(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  const name = regions.of(code);
  return name && name !== code ? `${name} (${code})` : code;
}

export const imoText = (imo: number) => `IMO ${String(imo).padStart(7, '0')}`;
export const mmsiText = (mmsi: number) => String(mmsi).padStart(9, '0');

/** A vessel's name, or the best number that it has. */
export function vesselLabel(v: VesselRef): string {
  if (v.name) return v.name;
  if (v.imo) return imoText(v.imo);
  if (v.mmsi) return `MMSI ${mmsiText(v.mmsi)}`;
  return 'Unnamed vessel';
}

/** Navigational status, ITU-R M.1371 table 45. */
const statusWords = [
  'under way using engine',
  'at anchor',
  'not under command',
  'restricted manoeuvrability',
  'constrained by her draught',
  'moored',
  'aground',
  'engaged in fishing',
  'under way sailing',
];

export const navStatus = (code: number) => statusWords[code] ?? `status ${code}`;

/** Ship type, ITU-R M.1371 table 53, first digit. */
export function shipType(code: number): string {
  const special: Record<number, string> = {
    30: 'fishing vessel',
    31: 'tug',
    32: 'tug',
    35: 'military vessel',
    36: 'sailing vessel',
    37: 'pleasure craft',
    50: 'pilot vessel',
    51: 'search and rescue vessel',
    52: 'tug',
    55: 'law enforcement vessel',
  };
  const groups: Record<number, string> = {
    4: 'high-speed craft',
    6: 'passenger ship',
    7: 'cargo ship',
    8: 'tanker',
  };
  return special[code] ?? groups[Math.floor(code / 10)] ?? `ship type ${code}`;
}

const zoneKinds: Record<string, string> = {
  blockade: 'Blockade',
  danger: 'Danger area',
  listed_area: 'War-risk listed area',
  territorial_sea: 'Territorial sea',
  closure: 'Closure',
};

export const zoneKind = (kind: string) => zoneKinds[kind] ?? capital(plain(kind));

const effects: Record<string, string> = {
  prohibits: 'no entry',
  restricts: 'entry under conditions',
  warns: 'a warning',
};

export const zoneEffect = (effect: string) => effects[effect] ?? plain(effect);

/** Whom a zone's order applies to, in words. */
export function scopeText(z: Zone): string {
  const s = z.scope ?? {};
  if (s.words) return s.words;
  const parts: string[] = [];
  if (s.listed_only) parts.push('vessels on a sanctions list');
  if (s.vessel_kinds?.length) parts.push(s.vessel_kinds.map((k) => plain(k)).join(' or '));
  if (s.flags?.length) parts.push(`flag of ${s.flags.map(country).join(' or ')}`);
  if (s.calling_at?.length) parts.push(`calling at ${s.calling_at.map(country).join(' or ')}`);
  return parts.length ? parts.join('; ') : 'all vessels';
}

const eventKinds: Record<string, string> = {
  gap: 'Reporting gap',
  possible_disabling: 'Possible disabling',
  ais_off_log: 'AIS off, by the ship’s log',
  feed_outage: 'Feed outage',
  jamming: 'Possible jamming',
  encounter: 'Encounter',
  transfer: 'Possible transfer',
  loitering: 'Loitering',
  port_visit: 'Port visit',
  draught_change: 'Draught change',
  spoofing: 'Doubtful positions',
  duplicate_mmsi: 'Shared MMSI',
  identity_change: 'Identity change',
  flag_hopping: 'Frequent flag changes',
  invalid_identity: 'Invalid identity',
  zone: 'In a zone',
  zone_approach: 'Heading for a zone',
  destination_mismatch: 'Off its destination',
};

export const eventKind = (kind: string) => eventKinds[kind] ?? capital(plain(kind));

/** The ships that an event is of; none, of an area. */
export const eventShips = (e: VesselEvent): number[] =>
  [e.mmsi, e.other].filter((m): m is number => m !== undefined && m !== 0);

/** "Reporting gap of 14 h 10 min", "In zone X for 3 h, not ended" */
export function eventTitle(e: VesselEvent, zoneName?: (id: string) => string): string {
  const zone = e.zone ? (zoneName?.(e.zone) ?? e.zone) : '';
  const what = e.kind === 'zone' && zone ? `In ${zone}` : eventKind(e.kind);
  if (!e.end) return `${what}, not ended`;
  const length = duration(new Date(e.end).getTime() - new Date(e.start).getTime());
  return e.kind === 'zone' ? `${what} for ${length}` : `${what} of ${length}`;
}

const units: [RegExp, string][] = [
  [/_(h|hours)$/, 'h'],
  [/_(nm)$/, 'nm'],
  [/_(kn|knots)$/, 'kn'],
  [/_(m|metres)$/, 'm'],
  [/_(deg)$/, '°'],
];

/** A measure's key and value: implied_speed_kn 12.345 → "implied speed", "12.3 kn" */
export function measure(key: string, value: number): [string, string] {
  const shown = Number.isInteger(value)
    ? number(value)
    : value.toLocaleString('en-GB', { maximumFractionDigits: 1 });
  for (const [ending, unit] of units) {
    if (ending.test(key)) return [plain(key.replace(ending, '')), `${shown} ${unit}`];
  }
  return [plain(key), shown];
}

const sourceKinds: Record<string, string> = {
  list: 'Sanctions list',
  ais: 'AIS positions',
  zones: 'Zones',
  rules: 'Rules',
  licence: 'Licences',
};

export const sourceKind = (kind: string) => sourceKinds[kind] ?? capital(plain(kind));

export const sourceTitle = (s: Searched) => s.title || s.source;

const stateWords: Record<SourceState, string> = {
  current: 'Current',
  stale: 'Too old',
  missing: 'Missing',
};

/** How far a source can be relied on; a list is stale too while its publisher does not answer. */
export const sourceState = (s: Pick<Searched, 'state' | 'pull_failed'>) =>
  s.pull_failed ? 'Publisher does not answer' : (stateWords[s.state] ?? s.state);

const feedWords: Record<FeedState, string> = {
  waiting: 'Waiting: nothing has come yet',
  live: 'Live',
  silent: 'Silent',
  lost: 'Connection lost',
  ended: 'No longer listened to',
};

export const feedState = (state: FeedState) => feedWords[state] ?? state;

const evidenceKinds: Record<string, string> = {
  list_entry: 'List entry',
  fix: 'Position report',
  event: 'Behaviour event',
  zone: 'Zone order',
  route: 'Planned route',
  licence: 'Licence',
  source: 'Source',
  ownership: 'Ownership fact',
  clearing: 'Cleared by a person',
  voyage: 'Declared by the applicant',
};

export const evidenceKind = (e: Evidence) => evidenceKinds[e.kind] ?? capital(plain(e.kind));

/** Where a record stands in its source. */
export function standsAt(r: Ref): string {
  return r.line ? `${r.source}, line ${r.line}` : `${r.source}, offset ${r.offset ?? 0}`;
}

/** What the reference of a piece of evidence is called. */
export function evidenceRef(e: Evidence): string {
  if (!e.ref) return '';
  if (e.kind === 'list_entry') return `entry ${e.ref}`;
  return e.ref;
}
