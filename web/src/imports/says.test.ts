// Are an import's figures told so that a dealer understands them?
import { describe, expect, it } from 'vitest';
import type { ImportTarget } from '../types';
import { comesIn, does, grouped, kindName, matched, readAs, share, standing, targetOf, tellCounts, undoWill, withColumn } from './says';
import { MOST_BYTES, refusal } from './upload';

const TARGETS: ImportTarget[] = [
  { word: 'skip', label: 'Leave out', group: 'Other' },
  { word: 'note', label: 'Keep as a note', group: 'Other' },
  { word: 'cell-phone', label: 'Cell phone', group: 'Contact' },
  { word: 'phone', label: 'Home or other phone', group: 'Contact' },
  { word: 'allow-text', label: 'May be texted (only a no counts)', group: 'Consent' },
  { word: 'block-text', label: 'Do not text', group: 'Consent' },
];
const COUNTS = { rows: 10, new: 4, joined: 2, unchanged: 1, held_back: 3 };

describe('a file', () => {
  it('says how it was read', () => {
    expect(readAs({ encoding: 'Windows-1252', separator: 'tab', header_line: 3, mapping: null })).toMatch(/feed/);
    const mapping = { kind: 'customers' as const, system: '', columns: [], dates: 'month-first' as const, names: 'guess' as const };
    expect(readAs({ encoding: 'UTF-8', separator: 'tab', header_line: 3, mapping })).toBe('UTF-8, cells between tabs, columns named in line 3.');
    expect(readAs({ encoding: 'UTF-8', separator: '^', header_line: 1, mapping })).toBe('UTF-8, cells between “^”, columns named in line 1.');
  });

  it('that is too large or empty is refused before it is sent, and says what to do', () => {
    expect(refusal({ name: 'a.csv', size: MOST_BYTES })).toBeNull();
    expect(refusal({ name: 'a.csv', size: 2 * 1024 ** 3 })).toMatch(/^a\.csv has 2048 MB, and a browser may bring 128 MB\. Export it in parts/);
    expect(refusal({ name: 'a.csv', size: 0 })).toMatch(/empty/);
  });
});

describe('a column', () => {
  it('stands as what is read from it', () => {
    expect([standing('email', 4), standing('note', 4), standing('skip', 4), standing('email', 0)]).toEqual(['read', 'note', 'skip', 'empty']);
  });

  it('is counted among the others', () => {
    const columns = [{ filled: 3 }, { filled: 2 }, { filled: 1 }, { filled: 0 }];
    expect(matched(columns, ['email', 'phone', 'note', 'note'])).toBe('2 of 4 columns matched; 1 kept as a note and 1 empty.');
    expect(matched([{ filled: 1 }], ['email'])).toBe('1 of 1 column matched.');
  });

  it('is matched to what was typed, under the headings offered', () => {
    expect(grouped(TARGETS, 'phone').map(({ group, targets }) => [group, targets.map((t) => t.word)])).toEqual([['Contact', ['cell-phone', 'phone']]]);
    expect(grouped(TARGETS, 'contact cell')).toHaveLength(1);
    expect(grouped(TARGETS, '').map(({ group }) => group)).toEqual(['Other', 'Contact', 'Consent']);
    expect(grouped(TARGETS, 'nothing like it')).toEqual([]);
  });

  it('keeps its neighbours when it is matched anew', () => {
    const mapping = { kind: 'deals' as const, system: 'CDK', columns: ['note', 'vin'], dates: 'month-first' as const, names: 'guess' as const };
    expect(withColumn(mapping, 0, 'email')).toEqual({ ...mapping, columns: ['email', 'vin'] });
  });

  it('never makes consent of a yes', () => {
    expect(does(targetOf('allow-text', TARGETS))).toMatch(/not consent/);
    expect(does(targetOf('block-text', TARGETS))).toMatch(/must not be reached/);
  });

  it('matched to what this Headlight does not offer still says what it is', () => {
    expect(does({ word: 'field:spouse', label: 'Spouse', group: 'Your own fields' })).toMatch(/left out.*listed/);
    expect(targetOf('field:spouse', TARGETS)).toEqual({ word: 'field:spouse', label: 'spouse', group: 'Other' });
  });
});

describe('the counts', () => {
  it('are told in the words of the kind, and only held back is trouble', () => {
    expect(tellCounts('deals', COUNTS).map(({ n, what }) => `${n} ${what}`)).toEqual([
      '4 new deals',
      '2 deals corrected',
      '1 known already, nothing changes',
      '3 held back',
    ]);
    expect(tellCounts('deals', COUNTS).filter((line) => line.isTrouble)).toHaveLength(1);
    expect(kindName('repair-orders')).toBe('Repair orders');
  });

  it('tell how far a run is', () => {
    expect(comesIn(COUNTS)).toBe(7);
    expect(share({ ...COUNTS, held_back: 0 })).toBe(0.7);
    expect(share({ rows: 0, new: 0, joined: 0, unchanged: 0, held_back: 0 })).toBe(1);
  });

  it('say what undoing will do', () => {
    expect(undoWill(COUNTS)).toMatch(/^It takes back what 6 rows brought/);
    expect(undoWill({ ...COUNTS, new: 0, joined: 0 })).toMatch(/nothing to take back/);
  });
});
