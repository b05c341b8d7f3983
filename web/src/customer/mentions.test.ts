// Is whoever is typed after an at sign found, put in, and forgotten again with the name?
import { expect, it } from 'vitest';
import type { Person } from '../types';
import { offered, put, spokenTo, typing } from './mentions';

const person = (id: number, name: string): Person => ({ id, name, initials: '', role: 'rep', available: true });
const JO = person(2, 'Jo Lindqvist');
const MEL = person(3, 'Mel Ortiz');
const LENA = person(4, 'Lena Ortiz');

it.each([
  ['@', { from: 0, letters: '' }],
  ['ask @jo', { from: 4, letters: 'jo' }],
  ['(@Le', { from: 1, letters: 'Le' }],
  ['dana@example', null],
  ['@jo ', null],
  ['no one', null],
])('in %j somebody is being typed: %o', (text, found) => {
  expect(typing(text, text.length)).toEqual(found);
});

it('looks only before the caret', () => {
  expect(typing('@jo and so on', 3)).toEqual({ from: 0, letters: 'jo' });
});

it('offers who is called so, by first or last name', () => {
  expect(offered([JO, MEL, LENA], 'o')).toEqual([LENA, MEL]);
  expect(offered([JO, MEL, LENA], 'JO')).toEqual([JO]);
  expect(offered([JO], 'x')).toEqual([]);
});

it('puts the name in and goes on behind it', () => {
  expect(put('ask @jo today', 4, 7, JO)).toEqual({ text: 'ask @Jo Lindqvist today', caret: 18 });
});

it('speaks only to those whose names are still there, once', () => {
  expect(spokenTo('@Jo Lindqvist and @Mel Ortiz', [JO, MEL, JO, LENA])).toEqual([2, 3]);
  expect(spokenTo('never mind', [JO])).toEqual([]);
});
