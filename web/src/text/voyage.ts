// The check form's fields as a voyage for the API, or what is wrong with them.
// The server checks again and decides; this only spares the reader a round.
import type { Party, Voyage } from '../api/wire';
import { parseIMO, parseMMSI } from './imo';
import { parseLatLon } from './position';

export interface Form {
  imo: string;
  mmsi: string;
  name: string;
  flag: string;
  kind: string;
  from: string;
  to: string;
  via: string;
  /** YYYY-MM-DDTHH:MM, meant as UTC, from an input of type datetime-local. */
  etd: string;
  eta: string;
  cargo: string;
  grade: string;
  quantity: string;
  unit: string;
  origin: string;
  price: string;
  attestation: string;
  parties: Party[];
  licences: string;
  reference: string;
  asOf: string;
}

export type Field = Exclude<keyof Form, 'parties'> | 'vessel' | 'parties';

export interface Read {
  voyage: Voyage;
  asOf: string | undefined;
  wrong: Partial<Record<Field, string>>;
}

export function emptyForm(): Form {
  return {
    imo: '',
    mmsi: '',
    name: '',
    flag: '',
    kind: '',
    from: '',
    to: '',
    via: '',
    etd: '',
    eta: '',
    cargo: '',
    grade: '',
    quantity: '',
    unit: '',
    origin: '',
    price: '',
    attestation: '',
    parties: [{ role: 'owner', name: '', country: '' }],
    licences: '',
    reference: '',
    asOf: '',
  };
}

const list = (s: string) =>
  s
    .split(/[;\n]/)
    .map((x) => x.trim())
    .filter(Boolean);

/** A UN/LOCODE or "LAT,LON"; spaces within a LOCODE are dropped. */
function place(text: string): string | undefined {
  const code = text.replace(/\s/g, '').toUpperCase();
  if (/^[A-Z]{2}[A-Z0-9]{3}$/.test(code)) return code;
  const p = parseLatLon(text);
  return p && `${p.lat},${p.lon}`;
}

const WRONG_PLACE = 'A UN/LOCODE such as VEJOT, or latitude and longitude in degrees such as 10.1,-64.85.';

/** Drops what is blank. */
function filled<T extends object>(o: T): T {
  return Object.fromEntries(
    Object.entries(o).filter(([, v]) => v !== undefined && v !== '' && !(Array.isArray(v) && v.length === 0)),
  ) as T;
}

export function readForm(f: Form): Read {
  const wrong: Read['wrong'] = {};
  const vessel: Voyage['vessel'] = {};
  if (f.imo.trim()) {
    const r = parseIMO(f.imo);
    if ('wrong' in r) wrong.imo = r.wrong;
    else vessel.imo = r.imo;
  }
  if (f.mmsi.trim()) {
    const r = parseMMSI(f.mmsi);
    if ('wrong' in r) wrong.mmsi = r.wrong;
    else vessel.mmsi = r.mmsi;
  }
  if (!f.imo.trim() && !f.mmsi.trim() && !f.name.trim()) {
    wrong.vessel = 'Give the vessel’s IMO number, MMSI or name: without one nothing can be searched.';
  }
  const flag = f.flag.trim().toUpperCase();
  if (flag && !/^[A-Z]{2}$/.test(flag)) wrong.flag = 'Two letters (ISO 3166), such as PA.';
  const places = { from: place(f.from), to: place(f.to) };
  for (const key of ['from', 'to'] as const) {
    if (f[key].trim() && !places[key]) wrong[key] = WRONG_PLACE;
  }
  const via = list(f.via).map((v) => place(v) ?? '');
  if (via.includes('')) wrong.via = `${WRONG_PLACE} Separate several with semicolons.`;
  const quantity = f.quantity.trim() ? Number(f.quantity.replaceAll(',', '')) : undefined;
  if (quantity !== undefined && !(quantity >= 0 && Number.isFinite(quantity))) wrong.quantity = 'A number.';
  if (f.etd && f.eta && f.eta < f.etd) wrong.eta = 'Arrival lies before departure.';
  const parties = f.parties
    .filter((p) => p.name.trim())
    .map((p) =>
      filled({ role: p.role, name: p.name.trim(), country: (p.country ?? '').trim().toUpperCase() }),
    );
  if (parties.some((p) => p.country && !/^[A-Z]{2}$/.test(p.country))) {
    wrong.parties = 'A country is two letters (ISO 3166), such as PA.';
  }
  const origin = f.origin.trim().toUpperCase();
  if (origin && !/^[A-Z]{2}$/.test(origin)) wrong.origin = 'Two letters (ISO 3166), such as VE.';
  const price = f.price.trim() ? Number(f.price.replaceAll(',', '')) : undefined;
  if (price !== undefined && !(price > 0 && Number.isFinite(price))) wrong.price = 'A number above zero.';
  const cargo = filled({
    kind: code(f.cargo),
    grade: f.grade.trim(),
    quantity,
    unit: f.unit.trim(),
    origin,
    price_usd_bbl: price,
    attestation: f.attestation.trim(),
  });
  const voyage: Voyage = filled({
    id: f.reference.trim(),
    vessel: filled({ ...vessel, name: f.name.trim(), flag, kind: code(f.kind) }),
    parties,
    from: places.from ?? '',
    to: places.to ?? '',
    via,
    etd: utc(f.etd) ?? '',
    eta: utc(f.eta) ?? '',
    cargo: Object.keys(cargo).length ? cargo : undefined,
    licences: list(f.licences),
  }) as Voyage;
  return { voyage, asOf: utc(f.asOf), wrong };
}

/** "Crude oil" → "crude_oil" */
const code = (s: string) => s.trim().toLowerCase().replace(/\s+/g, '_');

const utc = (local: string): string | undefined => (local ? `${local.slice(0, 16)}:00Z` : undefined);

/** RFC 3339 as an input of type datetime-local takes it, in UTC. */
export const toLocalInput = (t: string): string => new Date(t).toISOString().slice(0, 16);
