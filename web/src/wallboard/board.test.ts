// Does the board tell the room no more than it may?
import { expect, it, test } from 'vitest';
import type { AlertRow } from '../types';
import { boardName, fitted, waiting } from './board';

it.each([
  ['Dana Whitfield', 'Dana W.'],
  ['Otis', 'Otis'],
  ['(207) 555-0148', 'A visitor'],
  ['dana.w@example.com', 'A visitor'],
  ['Customer 4711', 'A visitor'],
])('%s is shown as %s', (name, shown) => {
  expect(boardName(name).replaceAll('\u00A0', ' ')).toBe(shown);
});

const card = (id: number, state: AlertRow['state'], due_ms: number | null): AlertRow =>
  ({ id, state, clock: due_ms === null ? null : { due_ms } }) as AlertRow;

test('leads that wait are those whose clock runs, whether somebody took them or not', () => {
  const found = waiting([card(1, 'open', 300), card(2, 'claimed', 100), card(3, 'open', null), card(4, 'snoozed', 50)]);
  expect([found.count, found.untaken, found.oldest?.id]).toEqual([2, 1, 2]);
});

test('nobody waits', () => {
  expect(waiting([])).toEqual({ count: 0, untaken: 0, oldest: null });
});

test('what does not fit is counted, and the line that counts it has its room', () => {
  expect(fitted([1, 2, 3], 3)).toEqual({ shown: [1, 2, 3], beyond: 0 });
  expect(fitted([1, 2, 3, 4], 3)).toEqual({ shown: [1, 2], beyond: 2 });
});
