// Requests to navicert's HTTP API. A request that did not succeed is always an
// ApiError, never an empty answer: "could not look" must not read as "nothing
// found".
import type {
  Certificate,
  Feed,
  Identity,
  Publication,
  Settlement,
  Status,
  TrackFix,
  VesselDetail,
  VesselEvent,
  VesselNow,
  Voyage,
  ZoneFeature,
} from './wire';

/** Most events and certificates asked for at once: the API's own limits. */
export const MOST_EVENTS = 10_000;
export const MOST_CERTIFICATES = 1000;

/** What went wrong: no answer, a refusal of what was asked, not held, or an answer that makes no sense. */
export type Trouble = 'unreachable' | 'invalid' | 'missing' | 'failed';

export class ApiError extends Error {
  constructor(
    readonly trouble: Trouble,
    message: string,
    /** Which parts of the request were wrong, where the server says so. */
    readonly details: { where: string; message: string }[] = [],
  ) {
    super(message);
  }
}

type Params = Record<string, string | number | undefined>;

/** Paths are relative to the page, so that the app works below a prefix. */
function address(path: string, params: Params = {}): URL {
  const url = new URL(path, document.baseURI);
  url.hash = '';
  for (const [key, value] of Object.entries(params)) {
    if (value !== undefined && value !== '') url.searchParams.set(key, String(value));
  }
  return url;
}

async function request(url: URL, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers: { Accept: 'application/json', ...init.headers } });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('unreachable', 'The server does not answer. Is navicert still running?');
  }
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError('failed', `The server answered ${response.status} with something other than JSON.`);
  }
  if (!response.ok) throw problem(response.status, body);
  if (body === null || typeof body !== 'object') throw new ApiError('failed', 'The answer is not an object.');
  return body;
}

/** Reads an RFC 9457 problem. */
function problem(status: number, body: unknown): ApiError {
  const p = (body ?? {}) as {
    title?: string;
    detail?: string;
    errors?: { message?: string; location?: string }[];
  };
  const trouble: Trouble =
    status === 404 ? 'missing' : status === 400 || status === 422 ? 'invalid' : 'failed';
  const details = (p.errors ?? []).map((e) => ({ where: e.location ?? '', message: e.message ?? '' }));
  return new ApiError(trouble, p.detail ?? p.title ?? `The server answered ${status}.`, details);
}

async function get<T>(path: string, signal?: AbortSignal, params?: Params): Promise<T> {
  return (await request(address(path, params), { signal: signal ?? null })) as T;
}

/** A missing list in an answer is a fault of the answer, not an empty list. */
function array<T>(value: T[] | null | undefined, name: string): T[] {
  if (!Array.isArray(value)) throw new ApiError('failed', `The answer has no ${name}.`);
  return value;
}

/** Go writes a list that was never filled as null: inside a certificate that is an empty one. */
function whole(c: Certificate): Certificate {
  return {
    ...c,
    reasons: (c.reasons ?? []).map((r) => ({ ...r, evidence: r.evidence ?? [] })),
    searched: c.searched ?? [],
    not_searched: c.not_searched ?? [],
    events: c.events ?? [],
    inputs: c.inputs ?? [],
    ...(c.way && {
      way: { ...c.way, passages: c.way.passages ?? [], zones: c.way.zones ?? [], line: c.way.line ?? [] },
    }),
    ...(c.seal && { seal: { ...c.seal, proof: c.seal.proof ?? [] } }),
    rules: { ...c.rules, packs: c.rules?.packs ?? [] },
  };
}

/** MMSIs are nine digits in paths; JSON numbers lose leading zeros. */
const nine = (mmsi: number) => String(mmsi).padStart(9, '0');

export async function status(signal?: AbortSignal): Promise<Status> {
  const s = await get<Status>('api/v1/status', signal);
  return { ...s, sources: array(s.sources, 'sources') };
}

export async function vessels(at: string, windowHours: number, signal?: AbortSignal): Promise<VesselNow[]> {
  const r = await get<{ vessels: VesselNow[] }>('api/v1/vessels', signal, { at, window: `${windowHours}h` });
  return array(r.vessels, 'vessels');
}

export async function vessel(mmsi: number, at: string, signal?: AbortSignal): Promise<VesselDetail> {
  const d = await get<VesselDetail>(`api/v1/vessels/${nine(mmsi)}`, signal, { at });
  return {
    vessel: d.vessel,
    identities: array<Identity>(d.identities, 'identities'),
    events: array(d.events, 'events'),
    certificates: array(d.certificates, 'certificates'),
  };
}

export async function track(
  mmsi: number,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<TrackFix[]> {
  const r = await get<{ fixes: TrackFix[] }>(`api/v1/vessels/${nine(mmsi)}/track`, signal, { from, to });
  return array(r.fixes, 'fixes');
}

export async function zones(at: string, signal?: AbortSignal): Promise<ZoneFeature[]> {
  const r = await get<{ features: ZoneFeature[] }>('api/v1/zones', signal, { at });
  return array(r.features, 'zones');
}

export async function events(signal?: AbortSignal): Promise<VesselEvent[]> {
  const r = await get<{ events: VesselEvent[] }>('api/v1/events', signal, { limit: MOST_EVENTS });
  return array(r.events, 'events');
}

/** Outages of each feed that are asked for, the newest. */
export const MOST_OUTAGES = 10;

export async function feeds(signal?: AbortSignal): Promise<Feed[]> {
  const r = await get<{ feeds: Feed[] }>('api/v1/feeds', signal, { limit: MOST_OUTAGES });
  return array(r.feeds, 'feeds').map((f) => ({ ...f, outage_intervals: f.outage_intervals ?? [] }));
}

export async function publications(signal?: AbortSignal): Promise<Publication[]> {
  const r = await get<{ publications: Publication[] }>('api/v1/lists', signal);
  return array(r.publications, 'publications');
}

export async function certificates(signal?: AbortSignal): Promise<Certificate[]> {
  const r = await get<{ certificates: Certificate[] }>('api/v1/certificates', signal, {
    limit: MOST_CERTIFICATES,
  });
  return array(r.certificates, 'certificates').map(whole);
}

export async function certificate(id: string, signal?: AbortSignal): Promise<Certificate> {
  return whole(await get<Certificate>(`api/v1/certificates/${encodeURIComponent(id)}`, signal));
}

export async function settlements(signal?: AbortSignal): Promise<Settlement[]> {
  const r = await get<{ settlements: Settlement[] }>('api/v1/settlements', signal);
  return array(r.settlements, 'settlements');
}

/** Where a certificate's own bytes are, for a link. */
export const certificateURL = (id: string) =>
  address(`api/v1/certificates/${encodeURIComponent(id)}`).toString();

export const openapiURL = () => address('openapi.json').toString();

export async function check(voyage: Voyage, asOf?: string): Promise<Certificate> {
  const body = JSON.stringify(asOf ? { voyage, as_of: asOf } : { voyage });
  const headers = { 'Content-Type': 'application/json' };
  return whole((await request(address('api/v1/check'), { method: 'POST', body, headers })) as Certificate);
}
