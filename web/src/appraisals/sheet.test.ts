// Does what is typed on a worksheet reach the store as it was meant, and what nobody said as nothing?
import { expect, test } from 'vitest';
import type { AppraisalPage } from '../types';
import { cents, nextLine, typed, written } from './sheet';

const ZONE = 'America/New_York';
const DRAFT = {
  car: { vin: null, year: null, make: '', model: '', trim: '', color: '', plate: '', odometer_mi: null },
  state: { drives: 'unknown', outside: 'unknown', inside: 'unknown', tires: 'unknown', crashes: 'unknown', title: 'unknown' },
  recon: [],
  book: null,
  acv: null,
  payoff: null,
  allowance_cents: null,
  notes: '',
  photos: [],
} as unknown as AppraisalPage;

test.each([
  ['11,400', 1_140_000],
  ['$11,400.50', 1_140_050],
  ['US$ 9000', 900_000],
  ['0', 0],
  ['  ', null],
])('"%s" is %s cents', (text, expected) => {
  expect(cents(text, 'acv')).toBe(expected);
});

test.each(['-5', '(1,250)', '€9,000', 'C$9,000', '9000 CAD', 'nine', '1.234,5'])('"%s" is refused with a sentence', (text) => {
  expect(cents(text, 'acv')).toMatchObject({ field: 'acv', sentence: expect.stringMatching(/\.$/) as string });
});

test('what nobody said stays unsaid', () => {
  const body = written(typed(DRAFT, ZONE), ZONE);
  expect(body).toMatchObject({ year: null, odometer: '', acv_cents: null, allowance_cents: null, book: null, payoff: null, recon: [] });
});

test('a payoff needs who said it, a guide its name, a line its words', () => {
  const blank = typed(DRAFT, ZONE);
  expect(written({ ...blank, payoff: '5,000' }, ZONE)).toMatchObject({ field: 'saidBy' });
  expect(written({ ...blank, book: '9,000' }, ZONE)).toMatchObject({ field: 'bookSource' });
  expect(written({ ...blank, recon: [{ id: 4, what: ' ', cost: '600' }] }, ZONE)).toMatchObject({ field: 'what-4' });
  expect(written({ ...blank, recon: [{ id: 4, what: ' ', cost: '' }] }, ZONE)).toMatchObject({ recon: [] });
});

test('a new line has a number of its own', () => {
  expect(nextLine([{ id: 3, what: 'Tires', cost: '' }, { id: 9, what: 'Detail', cost: '' }]).id).toBe(10);
  expect(nextLine([]).id).toBe(1);
});
