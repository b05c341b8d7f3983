// Does a person who mends rows see the right cells, and do the rows stay under the hand?
import { describe, expect, it } from 'vitest';
import type { ImportRow } from '../types';
import { cellsOf, keepPlaces, troubleAt, type Shown } from './mending';

function row(line: number, problems: ImportRow['problems'] = [], cells: string[] = []): ImportRow {
  return { line, did: 'held_back', problems, cells, taken_back: null, why: null, about: null };
}

describe('the cells of a row', () => {
  const columns = Array.from({ length: 20 }, () => ({ filled: 1 }));
  const words = columns.map((_, at) => (at % 2 === 0 ? 'email' : 'note'));

  it('begin with those in trouble, whatever they are matched to', () => {
    const wrong = row(3, [
      { place: 19, what: 'No date.' },
      { place: null, what: 'No name.' },
      { place: 19, what: 'No year.' },
    ]);
    expect(cellsOf(wrong, columns, words)).toEqual([19, 0, 2, 4, 6, 8, 10, 12]);
    expect(troubleAt(wrong, 19)).toBe('No date. No year.');
    expect(troubleAt(wrong, 0)).toBe('');
  });
});

describe('rows that are read again', () => {
  const fresh = (line: number): Shown => ({ ...row(line), isFine: false });

  it('stay in their places when they were mended here, and are fine', () => {
    const after = keepPlaces([fresh(2), fresh(5), fresh(9)], [row(9), row(12)], new Set([5]));
    expect(after.map(({ line, isFine }) => [line, isFine])).toEqual([
      [5, true],
      [9, false],
      [12, false],
    ]);
  });

  it('say anew what is wrong when mending was not enough', () => {
    const after = keepPlaces([fresh(5)], [row(5, [{ place: 1, what: 'Still no date.' }])], new Set([5]));
    expect(after.map(({ isFine, problems }) => [isFine, problems.length])).toEqual([[false, 1]]);
  });
});
