// Is it said of each wanted car by whom and how?
import { expect, test } from 'vitest';
import { whoWants } from './wanted';

test.each([
  [{ wishes: 1, looked: 0, unknown: 0 }, '1 wishes for it'],
  [{ wishes: 2, looked: 3, unknown: 0 }, '2 wish for it and 3 looked at one that went'],
  [{ wishes: 0, looked: 1, unknown: 4 }, '1 looked at one that went and 4 we don’t know'],
  [{ wishes: 0, looked: 0, unknown: 1 }, '1 shopper we don’t know looked at one that went'],
])('%o is told as "%s"', (row, words) => {
  expect(whoWants(row).replaceAll('\u00A0', ' ')).toBe(words);
});
