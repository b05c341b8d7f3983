import { describe, expect, test } from 'vitest';
import type { AlertRow } from '../types';
import { arrived } from './arrivals';

const PRIYA = 1;
const alert = (id: number, change: Partial<AlertRow> = {}): AlertRow =>
  ({ id, state: 'open', clock: { label: 'First response', started_ms: 0, due_ms: 1, then: null, then_name: null }, owner: { id: PRIYA, name: 'Priya Nair' }, ...change }) as AlertRow;

describe('what has just been offered', () => {
  const ids = (known: number[] | null, items: AlertRow[]): number[] => arrived(known && new Set(known), items, PRIYA).map(({ id }) => id);

  test('is what was not known before', () => expect(ids([1], [alert(1), alert(2)])).toEqual([2]));
  test('is nothing for whoever has only just come', () => expect(ids(null, [alert(1)])).toEqual([]));
  test('has a clock, waits, and is theirs', () => {
    const other = alert(5, { owner: { ...alert(5).owner!, id: 2 } });
    expect(ids([], [alert(3, { clock: null }), alert(4, { state: 'claimed' }), other, alert(6, { owner: null })])).toEqual([]);
  });
});
