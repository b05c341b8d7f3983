// Do the rows that answer at once answer what was typed?
import { beforeEach, expect, test } from 'vitest';
import { fits, readRecents, remember } from './recents';

beforeEach(() => localStorage.clear());

test.each([
  ['whit', 'Dana Whitfield (207) 555-0148', true],
  ['dan whi', 'Dana Whitfield (207) 555-0148', true],
  ['0148', 'Dana Whitfield (207) 555-0148', true],
  ['itfield', 'Dana Whitfield (207) 555-0148', false],
  ['#241', '2022 Honda CR-V #24117', true],
])('"%s" in "%s": %s', (typed, text, expected) => {
  expect(fits(typed, text)).toBe(expected);
});

test('what was looked up last comes first, once, and no more than eight', () => {
  for (const id of [1, 2, 3, 4, 5, 6, 7, 8, 9, 4]) remember(1, { kind: 'customer', id, title: `Customer ${id}`, sub: '' });
  expect(readRecents(1).map((recent) => recent.id)).toEqual([4, 9, 8, 7, 6, 5, 3, 2]);
});

test('on a shared tablet one person does not see another\'s', () => {
  remember(1, { kind: 'customer', id: 1, title: 'Dana Whitfield', sub: '' });
  expect(readRecents(2)).toEqual([]);
});
