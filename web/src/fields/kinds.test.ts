import { describe, expect, test } from 'vitest';
import { choicesOf, freeKey } from './kinds';

describe('the key of a new field', () => {
  test.each([
    ['Next review', 'next-review'],
    ['Spouse’s name', 'spouse-s-name'],
    ['  VIP?  ', 'vip'],
    ['—', null],
  ])('of %s is %s', (label, key) => {
    expect(freeKey(label, [])).toBe(key);
  });

  test('is one that no other field has', () => {
    const known = [{ key: 'level' }, { key: 'level-2' }];
    expect(freeKey('Level', known)).toBe('level-3');
  });

  test('is no longer than the store takes', () => {
    expect(freeKey('a very long name '.repeat(10), [])?.length).toBeLessThanOrEqual(60);
  });
});

test('choices are one a line, each once', () => {
  expect(choicesOf('Gold\n\n Silver \nGold')).toEqual(['Gold', 'Silver']);
});
