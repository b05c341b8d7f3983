// Does the comparison mark what differs, and only that?
import { describe, expect, test } from 'vitest';
import type { DuplicatePair, DuplicateScan, DuplicateSide } from '../types';
import { compareRows, keptFirst, likely, outcome, progress, why } from './review';

function side(id: number, given: Partial<DuplicateSide> = {}): DuplicateSide {
  return {
    id, name: { text: 'Dana Whitfield', is_shared: true }, phones: [], emails: [], address: null, birth_year: null, cars: [], sources: [],
    owner: null, last_touch_ms: null, last_touch: null, story_lines: 0, ...given,
  };
}

function pair(one: Partial<DuplicateSide>, other: Partial<DuplicateSide>): DuplicatePair {
  return { id: '1300-1-2', why: ['same name', 'phone with a slip'], probability_bps: 8_700, found_ms: 0, one: side(1, one), other: side(2, other) };
}

const phone = (text: string, is_shared = false) => ({ text, is_shared });
const scan: DuplicateScan = { is_running: true, begun_ms: 0, done: 1_200, of: 0, joined: 0, likely: 0, ended_ms: null };

describe('comparing two customers', () => {
  test('a row differs where both say something and share nothing', () => {
    const rows = compareRows(pair({ phones: [phone('a'), phone('b', true)], birth_year: phone('1956') }, { phones: [phone('b', true)], birth_year: phone('1981') }));
    expect(rows.map((row) => [row.label, row.differs])).toEqual([['Phone', false], ['Born', true]]);
  });

  test('what only one of them says is no difference, and what neither says is no row', () => {
    expect(compareRows(pair({ emails: [phone('d@example.com')] }, {})).map((row) => [row.label, row.differs])).toEqual([['Email', false]]);
  });

  test('the reasons are a sentence and the probability a whole number', () => {
    expect(why(pair({}, {}))).toBe('Same name and phone with a slip.');
    expect(likely(pair({}, {}))).toBe('87% likely');
  });

  test('whoever has more of a story keeps the number', () => {
    expect(keptFirst(pair({ story_lines: 2 }, { story_lines: 9 })).map((kept) => kept.id)).toEqual([2, 1]);
    expect(keptFirst(pair({}, {})).map((kept) => kept.id)).toEqual([1, 2]);
  });
});

describe('the search', () => {
  test('says how far it is and what it came to', () => {
    expect(progress(scan)).toBe('Reading everybody…');
    expect(progress({ ...scan, of: 25_000 })).toBe('1,200 of 25,000 compared');
    expect(outcome({ ...scan, of: 25_000, joined: 1, likely: 3 })).toBe('The last search compared 25,000 records, joined 1 pair and found 3 pairs to look at.');
    expect(outcome({ ...scan, of: 2 })).toBe('The last search compared 2 records, joined nobody and found nothing new to ask.');
  });
});
