// What of two customers stands beside what? The rows of the comparison, and what is said of the search.
import type { Compared, DuplicatePair, DuplicateScan, DuplicateSide } from '../types';
import { count, list, percent, plural } from '../words';

export type Value = { text: string; isShared: boolean };
export type CompareRow = { label: string; one: Value[]; other: Value[]; differs: boolean };

const ROWS: { label: string; of: (side: DuplicateSide) => Compared[] }[] = [
  { label: 'Phone', of: (side) => side.phones },
  { label: 'Email', of: (side) => side.emails },
  { label: 'Address', of: (side) => one(side.address) },
  { label: 'Born', of: (side) => one(side.birth_year) },
  { label: 'Drives', of: (side) => side.cars },
];

function one(value: Compared | null | undefined): Compared[] {
  return value ? [value] : [];
}

function values(given: Compared[]): Value[] {
  return given.map(({ text, is_shared }) => ({ text, isShared: is_shared }));
}

/** The rows in which at least one of the two says something. They differ where both do and share nothing. */
export function compareRows(pair: DuplicatePair): CompareRow[] {
  return ROWS.map(({ label, of }) => {
    const [one, other] = [values(of(pair.one)), values(of(pair.other))];
    const differs = one.length > 0 && other.length > 0 && !one.some((value) => value.isShared);
    return { label, one, other, differs };
  }).filter((row) => row.one.length + row.other.length > 0);
}

/** "same name and phone with a slip", as a sentence. */
export function why(pair: DuplicatePair): string {
  const said = list(pair.why);
  return said === '' ? '' : `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}

export function likely(pair: DuplicatePair): string | null {
  return pair.probability_bps === null ? null : `${percent(pair.probability_bps / 10_000)} likely`;
}

/** The one of whom there is more to tell keeps its number. */
export function keptFirst(pair: DuplicatePair): [DuplicateSide, DuplicateSide] {
  return pair.other.story_lines > pair.one.story_lines ? [pair.other, pair.one] : [pair.one, pair.other];
}

/** What a running search says of itself. */
export function progress(scan: DuplicateScan): string {
  return scan.of === 0 ? 'Reading everybody…' : `${count(scan.done)} of ${count(scan.of)} compared`;
}

/** What the last search came to. */
export function outcome(scan: DuplicateScan): string {
  const joined = scan.joined === 0 ? 'joined nobody' : `joined ${plural(scan.joined, 'pair')}`;
  const asked = scan.likely === 0 ? 'found nothing new to ask' : `found ${plural(scan.likely, 'pair')} to look at`;
  return `The last search compared ${plural(scan.of, 'record')}, ${joined} and ${asked}.`;
}
