// Is every sum covered, and nothing else?
import { expect, it } from 'vitest';
import { covered } from './paper';

it.each([
  ['Looked at $421 a month.', 'Looked at $ ··· a month.'],
  ['Price fell $500 to $27,650.', 'Price fell $ ··· to $ ···.'],
  ['Bill of $486.20, −$660 owed, $11,400–12,600 or $5k', 'Bill of $ ···, $ ··· owed, $ ··· or $ ···'],
  ['2022 CR-V #24117, 31,480 mi', '2022 CR-V #24117, 31,480 mi'],
])('%s', (text, safe) => {
  expect(covered(text, true)).toBe(safe);
  expect(covered(text, false)).toBe(text);
});
