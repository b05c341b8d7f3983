// Does the list stay still and true whatever is heard, and in whatever order?
import { describe, expect, test } from 'vitest';
import type { AlertRow, Level } from '../types';
import { left, missing, neighbour, putBack, type Queue, reconciled, sorted, updated, without } from './queue';

function row(id: number, change: Partial<AlertRow> = {}): AlertRow {
  return {
    id,
    rule: 'new_lead',
    level: 'next_up',
    headline: `Headline ${id}`,
    short: `Short ${id}`,
    customer: { id: 1000 + id, name: `Customer ${id}`, place: null },
    vehicle: null,
    score: 50,
    state: 'open',
    owner: null,
    routed_because: '',
    for_all: false,
    held_back: false,
    clock: null,
    snoozed_until_ms: null,
    closed: null,
    opened_ms: 0,
    refreshed_ms: 0,
    seq: 10,
    ...change,
  };
}

const ids = (queue: Queue): number[] => queue.lines.map((line) => line.alert.id);
const shown = (queue: Queue, id: number): AlertRow | undefined => queue.lines.find((line) => line.alert.id === id)?.alert;

describe('a list on screen', () => {
  const start = sorted([row(1), row(2), row(3)]);

  test('takes a newer word in place', () => {
    const next = updated(start, row(2, { short: 'newer', seq: 11 }));
    expect(ids(next)).toEqual([1, 2, 3]);
    expect(shown(next, 2)?.short).toBe('newer');
  });

  test('does not take a word that it has heard already', () => {
    expect(updated(start, row(2, { short: 'the same again' }))).toBe(start);
  });

  test('does not take an older word that comes late', () => {
    const next = updated(start, row(2, { short: 'newest', seq: 12 }));
    expect(updated(next, row(2, { short: 'late', seq: 11 }))).toBe(next);
  });

  test('keeps a new row waiting instead of pushing others aside', () => {
    const next = updated(start, row(4));
    expect(ids(next)).toEqual([1, 2, 3]);
    expect(next.waiting.map((alert) => alert.id)).toEqual([4]);
  });

  test('counts a waiting row once, however often it is heard of', () => {
    const next = updated(updated(start, row(4)), row(4, { seq: 11, short: 'newer' }));
    expect(next.waiting.map((alert) => alert.short)).toEqual(['newer']);
  });

  test('leaves a row under its heading when its level changes', () => {
    const next = updated(start, row(3, { level: 'act_now', seq: 11 }));
    expect(next.lines.map((line) => line.group)).toEqual(['next_up', 'next_up', 'next_up']);
    expect(shown(next, 3)?.level).toBe('act_now');
  });

  test('dims a row finished elsewhere and keeps its place', () => {
    const next = left(start, 2, 'Taken by Jo L.');
    expect(ids(next)).toEqual([1, 2, 3]);
    expect(next.lines[1]?.gone).toBe('Taken by Jo L.');
  });

  test('drops a waiting row that was finished before it was shown', () => {
    expect(left(updated(start, row(4)), 4, 'Done by Jo L.').waiting).toEqual([]);
  });

  test('lights a dimmed row again when the store names it again', () => {
    const next = reconciled(left(start, 2, 'Done by Jo L.'), [row(2)]);
    expect(next.lines[1]?.gone).toBeNull();
  });

  test('notices after a gap which rows are no longer named', () => {
    const after = [row(1), row(3, { seq: 12 }), row(5)];
    const next = reconciled(start, after);
    expect(missing(next, after)).toEqual([2]);
    expect(ids(next)).toEqual([1, 2, 3]);
    expect(next.waiting.map((alert) => alert.id)).toEqual([5]);
  });

  test('takes over the order of the store when it is re-sorted, and nothing waits after that', () => {
    const next = sorted([row(3), row(4), row(1)]);
    expect(ids(next)).toEqual([3, 4, 1]);
    expect(next.waiting).toEqual([]);
  });

  test('keeps the row being read through a re-sort that no longer names it', () => {
    const reading = left(start, 2, 'Taken by Jo L.').lines[1] ?? null;
    expect(ids(sorted([row(1), row(3)], reading, 1))).toEqual([1, 2, 3]);
  });
});

describe('a row acted on', () => {
  const start = sorted([row(1), row(2), row(3)]);

  test('hands the selection to the next open row below', () => {
    expect(neighbour(left(start, 2, 'Taken').lines, 1)).toBe(3);
  });

  test('hands the selection up when it was the last', () => {
    expect(neighbour(start.lines, 3)).toBe(2);
  });

  test('hands the selection to no one when it was alone', () => {
    expect(neighbour(sorted([row(1)]).lines, 1)).toBeNull();
  });

  test('stands where it stood when the act is refused', () => {
    const line = start.lines[1];
    if (!line) throw new Error('The list has three rows.');
    expect(ids(putBack(without(start, 2), line, 1))).toEqual([1, 2, 3]);
  });

  test('stands once, even when the store had named it again meanwhile', () => {
    const line = start.lines[1];
    if (!line) throw new Error('The list has three rows.');
    const back = putBack(updated(without(start, 2), row(2, { seq: 11 })), line, 1);
    expect(ids(back)).toEqual([1, 2, 3]);
    expect(back.waiting).toEqual([]);
  });
});

// A small generator with a seed, so that a failure can be run again.
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const LEVELS: Level[] = ['act_now', 'next_up', 'later'];

describe('200 random events', () => {
  for (let seed = 1; seed <= 25; seed++) {
    test(`never move the selected row or any other (seed ${seed})`, () => {
      const roll = dice(seed);
      const size = 3 + roll(30);
      let queue = sorted(Array.from({ length: size }, (_, index) => row(index + 1)));
      const before = ids(queue);
      const selected = before[roll(size)] ?? 1;
      for (let event = 0; event < 200; event++) {
        const id = 1 + roll(size + 15);
        const change = { seq: 5 + roll(60), score: roll(100), level: LEVELS[roll(3)] ?? 'later' };
        if (roll(4) === 0) queue = left(queue, id, 'Taken by Jo L.');
        else if (roll(5) === 0) queue = reconciled(queue, [row(id, change), row(1 + roll(size), change)]);
        else queue = updated(queue, row(id, change));
        expect(ids(queue).indexOf(selected)).toBe(before.indexOf(selected));
      }
      expect(ids(queue)).toEqual(before);
    });
  }
});
