// Is an amount read as it was typed, and is what cannot be one refused?
import { describe, expect, test } from 'vitest';
import { endOfDay, readCents, readPayoff } from './payoff';

const ZONE = 'America/New_York';
// Tue, Nov 24, 2026, 9:41 am.
const NOW = Date.UTC(2026, 10, 24, 14, 41);

describe('a payoff', () => {
  test('is read in dollars and cents however it is typed', () => {
    for (const [text, cents] of [
      ['10750.50', 1_075_050], ['$10,750.5', 1_075_050], [' 10,750 ', 1_075_000], ['10750.', 1_075_000], ['0', 0],
      ['', null], ['ten', null], ['-5', null], ['1.234', null], ['99999999', null],
    ] as const) {
      expect(readCents(text), text).toBe(cents);
    }
  });

  test('is good to the end of its day on the store’s clock', () => {
    expect(endOfDay('2026-12-04', ZONE)).toBe(Date.UTC(2026, 11, 5, 4, 59));
    expect(endOfDay('', ZONE)).toBe(null);
  });

  test('is told to the store whole, or says which field is wrong', () => {
    const typed = { amount: '10,750.50', goodThrough: '2026-11-24', from: ' First Bank, by phone ' };
    expect(readPayoff(typed, NOW, ZONE)).toEqual({ amount_cents: 1_075_050, good_through_ms: Date.UTC(2026, 10, 25, 4, 59), from: 'First Bank, by phone' });
    expect(readPayoff({ ...typed, amount: '' }, NOW, ZONE)).toEqual({ field: 'amount', text: 'Say how much.' });
    expect(readPayoff({ ...typed, amount: 'much' }, NOW, ZONE)).toMatchObject({ field: 'amount' });
    expect(readPayoff({ ...typed, goodThrough: '2026-11-23' }, NOW, ZONE)).toMatchObject({ field: 'goodThrough' });
  });
});
