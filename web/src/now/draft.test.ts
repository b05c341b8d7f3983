// Are a person's own words kept, and only the store's facts tinted?
import { beforeEach, expect, test } from 'vitest';
import { forget, keep, moved, pieces, readKept, sweep } from './draft';

const HOUR_MS = 3_600_000;
const TEXT = 'It dropped to $27,650 today. Would 12:15 work?';
const FACTS: [number, number][] = [
  [14, 21],
  [35, 40],
];

beforeEach(() => localStorage.clear());

test('facts after an edit move with the text', () => {
  const edited = TEXT.replace('It', 'The white one');
  const facts = moved(TEXT, edited, FACTS).map(([from, to]) => edited.slice(from, to));
  expect(facts).toEqual(['$27,650', '12:15']);
});

test('a fact that was typed into is no longer the store\'s fact', () => {
  const edited = TEXT.replace('$27,650', '$27,000');
  expect(moved(TEXT, edited, FACTS).map(([from, to]) => edited.slice(from, to))).toEqual(['12:15']);
});

test('the pieces are the text again when joined', () => {
  const cut = pieces(TEXT, FACTS);
  expect(cut.map((piece) => piece.text).join('')).toBe(TEXT);
  expect(cut.filter((piece) => piece.isFact).map((piece) => piece.text)).toEqual(['$27,650', '12:15']);
});

test('a draft is kept for a day, by person, alert and channel', () => {
  keep(1, 7, 'text', 'Hi Dana', 0);
  expect(readKept(1, 7, 'text', 23 * HOUR_MS)).toBe('Hi Dana');
  expect(readKept(1, 7, 'text', 24 * HOUR_MS)).toBeNull();
  expect(readKept(2, 7, 'text', 0)).toBeNull();
  expect(readKept(1, 7, 'email', 0)).toBeNull();
});

test('what was sent is forgotten on this device', () => {
  keep(1, 7, 'text', 'Hi Dana', 0);
  forget(1, 7);
  expect(readKept(1, 7, 'text', 0)).toBeNull();
});

test('a sweep drops old drafts and nothing else', () => {
  localStorage.setItem('headlight.theme', 'dark');
  keep(1, 7, 'text', 'old', 0);
  keep(1, 8, 'text', 'new', 20 * HOUR_MS);
  sweep(25 * HOUR_MS);
  expect(readKept(1, 8, 'text', 25 * HOUR_MS)).toBe('new');
  expect(Object.keys(localStorage).length).toBe(2);
});
