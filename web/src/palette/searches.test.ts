// Which searches are kept on this device, and for whom?
import { beforeEach, expect, test } from 'vitest';
import { forgetSearches, readSearches, rememberSearch } from './searches';

beforeEach(() => localStorage.clear());

test('the newest comes first, once, and no more than ten', () => {
  for (let n = 10; n < 22; n++) rememberSearch(1, `civic ${n}`);
  rememberSearch(1, '  CIVIC   15 ');
  expect(readSearches(1)).toEqual(['CIVIC 15', ...[21, 20, 19, 18, 17, 16, 14, 13, 12].map((n) => `civic ${n}`)]);
});

test('a search that goes on takes the place of its beginning', () => {
  rememberSearch(1, 'whit');
  rememberSearch(1, 'whitfield');
  expect(readSearches(1)).toEqual(['whitfield']);
});

test('a letter and a pasted page are no searches', () => {
  rememberSearch(1, 'w');
  rememberSearch(1, 'x'.repeat(81));
  expect(readSearches(1)).toEqual([]);
});

test('one person does not see another\'s, and can forget their own', () => {
  rememberSearch(1, 'whitfield');
  expect(readSearches(2)).toEqual([]);
  forgetSearches(1);
  expect(readSearches(1)).toEqual([]);
});
