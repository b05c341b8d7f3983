import { expect, test } from 'vitest';
import type { PricePlan } from '../types';
import { consequences, ofMarket, published, range, read } from './trying';

const plan = (change: Partial<PricePlan>): PricePlan => ({
  price_cents: 2_699_000,
  version: '1',
  stop: null,
  alerts_set: 9,
  alerts_met: 5,
  told: 0,
  a_day: 15,
  may_text: 0,
  may_email: 0,
  tell: [],
  left_out: [],
  gross_cents: null,
  ...change,
});

test('the slider goes from a tenth below to a twentieth above, in whole hundreds', () => {
  expect(range(2_765_000)).toEqual({ low: 2_490_000, high: 2_900_000 });
});

test('a price that is tried is said as a share of what such cars are sold for', () => {
  const market = { percent: 96, middle_cents: 2_880_000, low_cents: 2_700_000, high_cents: 3_060_000, sales: 14 };
  expect([2_765_000, 2_699_000, 3_024_000].map((cents) => ofMarket(cents, market))).toEqual(['96%', '94%', '105%']);
});

test('a price is read however it is typed, and nothing else is one', () => {
  expect(['26990', '$26,990', ' 26990.50 ', '0', '', 'low', '-5', '12345678'].map(read)).toEqual([2_699_000, 2_699_000, 2_699_050, null, null, null, null, null]);
});

test('what happens is told for one, for many and for nobody', () => {
  expect(consequences(plan({ told: 1 }))[0]).toBe('1 person gets one message each, outside quiet hours');
  expect(consequences(plan({ told: 18 })).slice(0, 2)).toEqual(['15 people get one message each, outside quiet hours', '3 more on the mornings after, 15 a day']);
  expect(consequences(plan({}))).toEqual(['Nobody is written to.']);
  expect(consequences(plan({ stop: 'The car is on hold for somebody.', told: 4 }))[0]).toBe('The car is on hold for somebody.');
  expect([published(plan({})), published(plan({ told: 1 }))]).toEqual(['Price set to $26,990; nobody is told', 'Price set to $26,990; 1 person is told']);
});
