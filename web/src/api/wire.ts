// The shapes on the wire, as the Go packages write them: see docs/api.md and
// /openapi.json. A field that is unknown is absent. Times are RFC 3339 in UTC,
// positions WGS 84 degrees, speeds knots, courses degrees true.

export type Verdict = 'clear' | 'refer' | 'refuse';
export type Outcome = 'note' | 'refer' | 'refuse' | 'lifted' | 'settled';
export type SourceState = 'current' | 'stale' | 'missing';

export interface Position {
  lat: number;
  lon: number;
}

/** One source that was looked at, or that should have been. */
export interface Searched {
  kind: string;
  source: string;
  title?: string;
  publication?: string;
  sha256?: string;
  entries: number;
  age_days: number;
  max_age_days?: number;
  state: SourceState;
  /** When its publisher was asked last, in vain. */
  pull_failed?: string;
  simulated?: boolean;
  found: number;
}

export interface NotSearched {
  kind: string;
  source: string;
  why: string;
}

export interface Evidence {
  kind: string;
  source: string;
  publication?: string;
  ref?: string;
  text: string;
  time?: string;
  position?: Position;
}

export interface Lift {
  licence: string;
  condition: string;
  until?: string;
}

/** How a person settled what a reason referred for. */
export interface Settled {
  id: string;
  who: string;
  what?: string;
  why: string;
  at: string;
  until: string;
}

export interface Reason {
  rule: string;
  outcome: Outcome;
  basis: string;
  text: string;
  settle?: string;
  matter?: string;
  evidence: Evidence[];
  lifted_by?: Lift;
  settled_by?: Settled;
}

export interface PackRef {
  pack: string;
  version: string;
  sha256: string;
}

export interface RulesRef extends PackRef {
  packs: PackRef[];
}

export interface VesselRef {
  imo?: number;
  mmsi?: number;
  name?: string;
  call_sign?: string;
  flag?: string;
  kind?: string;
  dwt?: number;
}

export interface Party {
  role: string;
  name: string;
  country?: string;
}

export interface Cargo {
  kind?: string;
  grade?: string;
  quantity?: number;
  unit?: string;
  /** Where it was produced. */
  origin?: string;
  /** Of oil, without freight and insurance. */
  price_usd_bbl?: number;
  /** That a price cap was kept: the document, by whom and when. */
  attestation?: string;
}

export interface Voyage {
  id?: string;
  vessel: VesselRef;
  parties?: Party[];
  from?: string;
  to?: string;
  via?: string[];
  etd?: string;
  eta?: string;
  cargo?: Cargo;
  licences?: string[];
}

export interface VesselEvent {
  id: string;
  kind: string;
  /** None: it is of an area. */
  mmsi?: number;
  imo?: number;
  start: string;
  end?: string;
  state: 'open' | 'closed';
  position?: Position;
  end_position?: Position;
  zone?: string;
  other?: number;
  measures?: Record<string, number>;
  evidence?: Evidence[];
  explanations?: string[];
  confidence?: string;
  simulated?: boolean;
}

export interface WayPassage {
  name: string;
  nm: number;
  time: string;
}

/** One stretch of a way inside a zone. */
export interface WayZone {
  id: string;
  name: string;
  entry: string;
  exit: string;
  nm: number;
  in_force: boolean;
}

/** How the ship would get from place to place, over sea lanes. */
export interface Way {
  source: string;
  caveat: string;
  length_nm: number;
  /** How much of it lies on land, where the network is coarser than the coast. */
  ashore_nm?: number;
  speed_kn: number;
  speed_assumed: boolean;
  passages: WayPassage[];
  zones: WayZone[];
  line: Position[];
}

/** How a person settled what a certificate refers for, and how that stands now. */
export interface Settlement {
  id: string;
  matter: string;
  rule: string;
  certificate: string;
  subject: string;
  asked: string;
  who: string;
  what?: string;
  why: string;
  at: string;
  until: string;
  state: string;
}

/** Proves who issued a certificate and that it is in the issuer's log. */
export interface Seal {
  log: string;
  key: string;
  signature: string;
  index: number;
  checkpoint: string;
  proof: string[];
}

export interface Certificate {
  id: string;
  verdict: Verdict;
  subject: Voyage;
  as_of: string;
  known_at: string;
  issued_at: string;
  reasons: Reason[];
  searched: Searched[];
  not_searched: NotSearched[];
  events: VesselEvent[];
  route?: { name: string; position: Position }[];
  way?: Way;
  rules: RulesRef;
  inputs: { source: string; sha256: string }[];
  simulated?: boolean;
  engine: string;
  digest: string;
  /** Absent until it is in the log. */
  seal?: Seal;
}

export interface CertificateSummary {
  id: string;
  verdict: Verdict;
  voyage_id?: string;
  as_of: string;
  issued_at: string;
}

export interface Status {
  version: string;
  now: string;
  data_from?: string;
  data_to?: string;
  simulated: boolean;
  counts: {
    vessels: number;
    fixes: number;
    events: number;
    zones: number;
    publications?: number;
    certificates: number;
  };
  rules?: RulesRef;
  sources: Searched[];
}

/** Where a record stands: the line of a table, the offset of a sentence in a file. */
export interface Ref {
  source: string;
  offset?: number;
  line?: number;
}

export interface VesselNow {
  mmsi: number;
  imo?: number;
  name?: string;
  call_sign?: string;
  flag?: string;
  ship_type?: number;
  position: Position;
  speed?: number;
  course?: number;
  heading?: number;
  status?: number;
  time: string;
  time_from?: string;
  /** whether it agrees with the UTC second in the message */
  time_check?: 'fits' | 'unfit';
  time_unverified?: boolean;
  station?: string;
  /** the other receivers of the same transmission */
  other_stations?: string[];
  ref?: Ref;
  simulated?: boolean;
  events: number;
  verdict?: Verdict;
}

export interface Identity {
  mmsi: number;
  imo?: number;
  name?: string;
  call_sign?: string;
  ship_type?: number;
  length?: number;
  first_seen: string;
  last_seen: string;
  reports: number;
  simulated?: boolean;
}

export interface VesselDetail {
  vessel: VesselNow;
  identities: Identity[];
  events: VesselEvent[];
  certificates: CertificateSummary[];
}

export interface TrackFix {
  time: string;
  lat: number;
  lon: number;
  speed?: number;
  course?: number;
  station?: string;
  /** the other receivers of the same transmission */
  other_stations?: string[];
  ref?: Ref;
}

export interface Scope {
  words?: string;
  vessel_kinds?: string[];
  listed_only?: boolean;
  flags?: string[];
  calling_at?: string[];
}

/** A zone's properties; two zones with one order are two readings of it. */
export interface Zone {
  id: string;
  name: string;
  kind: string;
  effect: string;
  order?: string;
  authority?: string;
  publisher?: string;
  text?: string;
  scope?: Scope;
  from: string;
  to?: string;
  published?: string;
  cancelled_by?: string;
  cancelled_at?: string;
  simulated?: boolean;
  in_force: boolean;
}

export type ZoneGeometry = GeoJSON.Polygon | GeoJSON.MultiPolygon;
export type ZoneFeature = GeoJSON.Feature<ZoneGeometry, Zone>;

export type FeedState = 'waiting' | 'live' | 'silent' | 'lost' | 'ended';

/** A time in which nothing was heard by a feed, whatever ships sent. */
export interface Outage {
  feed: string;
  from: string;
  to?: string;
  why: string;
}

/** How a live feed is, and when it was not heard. */
export interface Feed {
  feed: string;
  state: FeedState;
  why?: string;
  at: string;
  opened: string;
  last?: string;
  rate: number;
  lines: number;
  other: number;
  bytes: number;
  dropped: number;
  opens: number;
  outages: number;
  first_opened?: string;
  outage_intervals: Outage[];
  outages_in_period: number;
}

export interface Publication {
  list: string;
  title: string;
  publication: string;
  sha256: string;
  entries: number;
  vessels: number;
  vessels_with_imo: number;
  aliases: number;
  addresses: number;
  rejected: Record<string, { count: number; examples?: string[] }> | null;
  imported_at: string;
  from: string;
  max_age_days: number;
  simulated?: boolean;
}
