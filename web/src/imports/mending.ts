// Which cells of a row are shown to be mended, and which rows stay on the screen while one works through them?
import type { ImportRow } from '../types';
import { standing } from './says';

/** Cells shown of a row before the rest is asked for. */
const MOST_CELLS = 8;

/** What is wrong with a cell, in sentences; empty when nothing is. */
export function troubleAt(row: ImportRow, place: number): string {
  return row.problems.filter((problem) => problem.place === place).map((problem) => problem.what).join(' ');
}

/** The cells to show of a row: those in trouble first, then those that are read, as far as there is room. */
export function cellsOf(row: ImportRow, columns: readonly { filled: number }[], words: readonly string[]): number[] {
  const wrong = [...new Set(row.problems.flatMap(({ place }) => (place === null ? [] : [place])))];
  const read = columns
    .map((column, at) => ({ at, isRead: standing(words[at] ?? 'note', column.filled) === 'read' }))
    .filter(({ at, isRead }) => isRead && !wrong.includes(at))
    .map(({ at }) => at);
  return [...wrong, ...read.slice(0, Math.max(0, MOST_CELLS - wrong.length))];
}

export type Shown = ImportRow & { isFine: boolean };

/** The rows after another rehearsal. One that was mended here and is fine now stays where it stood: a list does not move under a hand. */
export function keepPlaces(shown: readonly Shown[], fresh: readonly ImportRow[], mended: ReadonlySet<number>): Shown[] {
  const given = new Map(fresh.map((row) => [row.line, row]));
  const kept = shown.flatMap((row): Shown[] => {
    const now = given.get(row.line);
    given.delete(row.line);
    if (now) return [{ ...now, isFine: false }];
    return mended.has(row.line) ? [{ ...row, problems: [], isFine: true }] : [];
  });
  return [...kept, ...[...given.values()].map((row) => ({ ...row, isFine: false }))];
}
