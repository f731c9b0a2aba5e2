// What a certificate says, put into the order and the words of a document.
import type { Certificate, Reason, Searched, Verdict } from '../api/wire';
import { count } from './words';

/** A certificate's reasons by what they did to the verdict. */
export interface Grouped {
  refusing: Reason[];
  referring: Reason[];
  settled: Reason[];
  lifted: Reason[];
  notes: Reason[];
}

export function group(reasons: Reason[]): Grouped {
  const of = (outcome: Reason['outcome']) => reasons.filter((r) => r.outcome === outcome);
  return {
    refusing: of('refuse'),
    referring: of('refer'),
    settled: of('settled'),
    lifted: of('lifted'),
    notes: of('note'),
  };
}

/** Sources by what an absence in them proves. */
export interface Sorted {
  /** Current and without a match: the absence is a finding. */
  nothing: Searched[];
  /** With a match. */
  matched: Searched[];
  /** Stale or missing: an absence in it proves nothing. */
  unreliable: Searched[];
}

export function sortSearched(searched: Searched[]): Sorted {
  const matched = searched.filter((s) => s.found > 0);
  const rest = searched.filter((s) => s.found <= 0);
  return {
    matched,
    nothing: rest.filter((s) => s.state === 'current'),
    unreliable: rest.filter((s) => s.state !== 'current'),
  };
}

/** The verdict as a sentence that can be read out. */
export function sentence(c: Certificate): string {
  const g = group(c.reasons);
  switch (c.verdict) {
    case 'refuse':
      return `This voyage is refused for ${count(g.refusing.length, 'reason')}, ${g.refusing.length > 1 ? 'each ' : ''}set out below with its evidence.`;
    case 'refer':
      return `No answer can be given until a person has settled the ${
        g.referring.length === 1 ? 'point' : `${g.referring.length} points`
      } set out below.`;
    case 'clear':
      if (g.settled.length > 0)
        return `Nothing stands against this voyage: what it was referred for, ${count(g.settled.length, 'point')}, a person has settled${
          g.lifted.length > 0 ? `, and a licence lifts ${count(g.lifted.length, 'reason')}` : ''
        }. Everything required was looked at.`;
      return g.lifted.length > 0
        ? `Nothing stands against this voyage: ${count(g.lifted.length, 'reason')} would have, but a licence lifts ${
            g.lifted.length === 1 ? 'it' : 'them'
          }. Everything required was looked at.`
        : 'Nothing was found against this voyage, and everything required was looked at.';
  }
}

/** The reason that a list of certificates shows: the first that decided, or why there is none. */
export function mainReason(c: Certificate): string {
  const g = group(c.reasons);
  const deciding =
    c.verdict === 'refuse' ? g.refusing : c.verdict === 'refer' ? g.referring : [...g.lifted, ...g.settled];
  const first = deciding[0];
  if (!first) return c.verdict === 'clear' ? 'Nothing found.' : 'No reason is recorded.';
  const more = deciding.length - 1;
  if (first.lifted_by) return `Lifted by licence ${first.lifted_by.licence}: ${first.text}`;
  if (first.settled_by) return `Settled by ${first.settled_by.who}: ${first.text}`;
  return more > 0 ? `${first.text} (and ${more} more)` : first.text;
}

export const tally = (certificates: Certificate[]): Record<Verdict, number> => {
  const n = { clear: 0, refer: 0, refuse: 0 };
  for (const c of certificates) n[c.verdict]++;
  return n;
};
