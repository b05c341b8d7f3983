// What does an import say of itself? Its words, from the figures of the store computer.
import type { Import, ImportDraft, ImportMapping, ImportTarget } from '../types';
import { count, list, plural } from '../words';

export const KINDS: { value: Import['kind']; label: string }[] = [
  { value: 'customers', label: 'Customers' },
  { value: 'deals', label: 'Deals' },
  { value: 'repair-orders', label: 'Repair orders' },
  { value: 'appointments', label: 'Appointments' },
  { value: 'inventory', label: 'Inventory' },
];

export function kindName(kind: Import['kind']): string {
  return KINDS.find((other) => other.value === kind)?.label ?? 'Rows';
}

const STATES: Record<Import['state'], string> = {
  draft: 'Waits for you',
  running: 'Importing',
  done: 'Imported',
  taking_back: 'Being undone',
  taken_back: 'Undone',
  failed: 'Cut off',
};

export function stateName(state: Import['state']): string {
  return STATES[state] ?? 'Unknown';
}

const SEPARATORS: Record<string, string> = { ',': 'commas', ';': 'semicolons', '|': 'bars', tab: 'tabs' };

/** "UTF-8, cells between commas, columns named in line 1." */
export function readAs(draft: Pick<ImportDraft, 'encoding' | 'separator' | 'header_line' | 'mapping'>): string {
  if (draft.mapping === null) return 'A feed whose columns have names of their own.';
  const between = SEPARATORS[draft.separator] ?? `“${draft.separator}”`;
  return `${draft.encoding}, cells between ${between}, columns named in line ${count(draft.header_line)}.`;
}

export type Standing = 'read' | 'note' | 'skip' | 'empty';

/** How a column stands: what is read from it, or that it is kept as a note, left out or empty anyway. */
export function standing(word: string, filled: number): Standing {
  if (filled === 0) return 'empty';
  if (word === 'note' || word === 'skip') return word;
  return 'read';
}

/** "Nine of eleven columns are matched; two are kept as notes." */
export function matched(columns: readonly { filled: number }[], words: readonly string[]): string {
  const tally: Record<Standing, number> = { read: 0, note: 0, skip: 0, empty: 0 };
  for (const [at, column] of columns.entries()) tally[standing(words[at] ?? 'note', column.filled)] += 1;
  const others = [
    tally.note > 0 && `${count(tally.note)} kept as ${tally.note === 1 ? 'a note' : 'notes'}`,
    tally.skip > 0 && `${count(tally.skip)} left out`,
    tally.empty > 0 && `${count(tally.empty)} empty`,
  ].filter((part) => part !== false);
  const told = `${count(tally.read)} of ${plural(columns.length, 'column')} matched`;
  return others.length === 0 ? `${told}.` : `${told}; ${list(others)}.`;
}

/** What stands over a column, else its place. */
export function columnName(columns: readonly { header: string }[], at: number): string {
  return columns[at]?.header || `Column ${at + 1}`;
}

/** What matching a column so will do, in a sentence. */
export function does(target: ImportTarget): string {
  if (target.word === 'skip') return 'Nothing of this column is imported.';
  if (target.word === 'note') return 'Kept as a note with the column’s name; nothing is lost.';
  if (target.word === 'tags') return 'Words to sort people by, between commas, semicolons or bars.';
  if (target.word.startsWith('field:')) return 'Your own field. A value that does not fit it is left out, and its row is listed.';
  if (target.word.startsWith('co-buyer:')) return 'The same of whoever signed with the buyer.';
  if (target.word.startsWith('allow-')) return 'A yes is not consent: without when and how it was given it counts for nothing. A no is kept.';
  if (target.group === 'Consent') return 'A yes in this column means that they must not be reached so.';
  if (target.word === 'customer-number') return 'Their number in this system: the next file knows them by it.';
  return `${target.group}: ${target.label.toLowerCase()}.`;
}

/** The target of a word, also of one that this kind of file is not offered. */
export function targetOf(word: string, targets: readonly ImportTarget[]): ImportTarget {
  return targets.find((target) => target.word === word) ?? { word, label: word.replace(/^field:/, ''), group: 'Other' };
}

/** Targets that match what was typed, under their headings, in the order offered. */
export function grouped(targets: readonly ImportTarget[], typed: string): { group: string; targets: ImportTarget[] }[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, ImportTarget[]>();
  for (const target of targets) {
    const text = `${target.label} ${target.group} ${target.word}`.toLowerCase();
    if (!wanted.every((word) => text.includes(word))) continue;
    groups.set(target.group, [...(groups.get(target.group) ?? []), target]);
  }
  return [...groups].map(([group, some]) => ({ group, targets: some }));
}

export function withColumn(mapping: ImportMapping, at: number, word: string): ImportMapping {
  return { ...mapping, columns: mapping.columns.map((old, place) => (place === at ? word : old)) };
}

type Counts = Pick<Import, 'rows' | 'new' | 'joined' | 'unchanged' | 'held_back'>;

/** What each count means for a file of this kind. */
export function tellCounts(kind: Import['kind'], counts: Counts): { n: number; what: string; isTrouble?: boolean }[] {
  const [fresh, more] = MEANINGS[kind] ?? MEANINGS.customers;
  return [
    { n: counts.new, what: fresh },
    { n: counts.joined, what: more },
    { n: counts.unchanged, what: 'known already, nothing changes' },
    { n: counts.held_back, what: 'held back', isTrouble: counts.held_back > 0 },
  ];
}

const MEANINGS: Record<Import['kind'], [string, string]> = {
  customers: ['new people', 'more about people you have'],
  deals: ['new deals', 'deals corrected'],
  'repair-orders': ['new repair orders', 'repair orders corrected'],
  appointments: ['new appointments', 'appointments corrected'],
  inventory: ['new cars', 'cars changed'],
  unknown: ['new', 'changed'],
};

/** Rows that would come in, of a rehearsal. */
export function comesIn(counts: Counts): number {
  return counts.new + counts.joined + counts.unchanged;
}

/** How far a run is, 0 to 1. */
export function share(run: Counts): number {
  return run.rows === 0 ? 1 : Math.min(1, (comesIn(run) + run.held_back) / run.rows);
}

/** What undoing will do, before it is asked for. */
export function undoWill(run: Counts): string {
  const rows = run.new + run.joined;
  if (rows === 0) return 'This import changed nothing, so there is nothing to take back.';
  return `It takes back what ${plural(rows, 'row')} brought, from the last to the first. What somebody has worked on since is kept, and each such row says why.`;
}
