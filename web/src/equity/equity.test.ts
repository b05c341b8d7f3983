// Does a bar draw what is known and nothing else, and do the words say how sure it is?
import { describe, expect, test } from 'vitest';
import type { CarEquity } from '../types';
import { bar, formula, inWords, leaseWords, leftWords, matchWords, milesWords, owedSource, rate, worthSource } from './equity';

const ZONE = 'America/New_York';
// Tue, Nov 24, 2026, 9:41 am.
const NOW = Date.UTC(2026, 10, 24, 14, 41);
const DAY = 86_400_000;

type Worth = NonNullable<CarEquity['worth']>;
type Owed = NonNullable<CarEquity['owed']>;
type Left = NonNullable<CarEquity['left']>;

const WORTH: Worth = { low_cents: 1_330_000, middle_cents: 1_390_000, high_cents: 1_450_000, source: 'Sales of this store', comparables: 9, at_ms: NOW - 2 * DAY };
const OWED: Owed = {
  balance_cents: 1_075_000, per_diem_cents: 203, ten_day_cents: 1_077_030, source: 'Estimated from the deal, every payment taken as made', is_estimate: true,
  is_verified: false, at_ms: NOW, payment_cents: 42_100, apr_bps: 690, left: 30, payments: 72, ends_ms: NOW + 900 * DAY, residual_cents: null,
};
const LEFT: Left = { low_cents: 255_000, middle_cents: 315_000, high_cents: 375_000, tier: 'positive', confidence: 'medium' };

function car(change: Partial<CarEquity> = {}): CarEquity {
  return {
    vehicle_id: 1, label: '2018 Honda Civic EX', short: '2018 Civic', since_ms: NOW - 900 * DAY, bought_here: true, odometer: null, worth: WORTH, owed: OWED,
    unclear: null, lender: null, left: LEFT, lease: null, warranty_ends_ms: null, declined: [], matches: [], talk: { is_worth_it: false, reasons: [], stopped: null },
    ...change,
  };
}

const drawn = (low: number, middle: number, high: number, owed: number): string =>
  bar({ low_cents: low, middle_cents: middle, high_cents: high, owed_cents: owed })
    .parts.map((part) => `${part.kind} ${Math.round(part.share * 100)}`)
    .join(', ');

describe('the bar', () => {
  test('has what is owed, what is surely left and what may be left, and never more than its width', () => {
    for (const [figures, parts] of [
      [[80, 90, 100, 50], 'owed 50, equity 30, maybe 20'],
      [[80, 90, 100, 0], 'equity 80, maybe 20'],
      [[80, 90, 100, 85], 'owed 85, maybe 15'],
      // Past the value what is owed is hatched, and the best that the car may bring still counts.
      [[80, 90, 100, 95], 'owed 90, under 5, maybe 5'],
      [[80, 90, 100, 200], 'owed 45, under 55'],
    ] as const) {
      expect(drawn(...(figures as [number, number, number, number]))).toBe(parts);
      const { parts: all } = bar({ low_cents: figures[0], middle_cents: figures[1], high_cents: figures[2], owed_cents: figures[3] });
      expect(all.reduce((sum, part) => sum + part.share, 0)).toBeCloseTo(1);
    }
  });

  test('marks the value only where more is owed', () => {
    expect(bar({ low_cents: 80, middle_cents: 90, high_cents: 100, owed_cents: 180 }).value).toBe(0.5);
    expect(bar({ low_cents: 80, middle_cents: 90, high_cents: 100, owed_cents: 90 }).value).toBe(null);
    expect(bar({ low_cents: 0, middle_cents: 0, high_cents: 0, owed_cents: 0 })).toEqual({ parts: [], value: null });
  });
});

describe('the words', () => {
  test('say what is left with its range, and what kind of number it is', () => {
    expect(leftWords(car())).toEqual({ text: '+$3,150 equity', note: 'estimate', range: '$2,550–3,750', tone: 'ok' });
    expect(leftWords(car({ owed: { ...OWED, is_estimate: false } }))?.note).toBe('');
    expect(leftWords(car({ left: { ...LEFT, low_cents: -290_000, middle_cents: -230_000, high_cents: -170_000, tier: 'mild_negative' } }))).toEqual({
      text: '−$2,300 equity', note: 'estimate', range: '−$2,900 to −$1,700', tone: 'crit',
    });
    expect(leftWords(car({ left: { ...LEFT, middle_cents: 20_000, tier: 'even' } }))?.text).toBe('About even');
  });

  test('say that they are not sure where confidence is low or the range is wider than half the value', () => {
    expect(leftWords(car({ left: { ...LEFT, confidence: 'low' } }))?.text).toBe('About $3,200, not sure');
    expect(leftWords(car({ left: { ...LEFT, low_cents: 0, high_cents: 700_000 } }))?.text).toBe('About $3,200, not sure');
    expect(leftWords(car({ left: { ...LEFT, low_cents: 0, high_cents: 690_000 } }))?.text).toBe('+$3,150 equity');
  });

  test('never make a nought of what nobody knows', () => {
    const unclear = 'The deal does not say how much was financed.';
    expect(leftWords(car({ owed: null, left: null }))).toBe(null);
    expect(inWords(car({ owed: null, left: null, unclear }))).toBe(`Worth $13,300–14,500, what is owed is unknown. ${unclear}`);
    expect(inWords(car({ owed: null, left: null, worth: null, unclear }))).toBe(`Neither its value nor what is owed is known. ${unclear}`);
    expect(inWords(car({ worth: null, left: null }))).toBe('No value yet, owes $10,750.');
    expect(inWords(car())).toBe('+$3,150 equity, estimate, $2,550–3,750. Worth $13,300–14,500, owes $10,750.');
    expect(formula(car())).toBe('$13,900 − $10,750 = +$3,150');
    expect(formula(car({ owed: null, left: null }))).toBe(null);
  });

  test('name the source and its day of both numbers, and mark what is old', () => {
    expect(worthSource(car(), NOW, ZONE)).toEqual({ text: 'Sales of this store (9), Nov\u00A022', isStale: false });
    expect(worthSource(car({ worth: { ...WORTH, comparables: 0, at_ms: NOW - 31 * DAY } }), NOW, ZONE)).toEqual({ text: 'Sales of this store, Oct\u00A024', isStale: true });
    expect(owedSource(car(), NOW, ZONE)).toEqual({ text: 'Estimated from the deal, Nov\u00A024', isStale: false });
    const said = { ...OWED, is_estimate: false, is_verified: true, source: 'Asked of the lender by Priya N.', at_ms: NOW - 40 * DAY };
    expect(owedSource(car({ owed: said }), NOW, ZONE)?.isStale).toBe(true);
    expect(owedSource(car({ owed: { ...said, balance_cents: 0 } }), NOW, ZONE)?.isStale).toBe(false);
  });

  test('tell the miles by their reading and pace, a lease by its end and its allowance, a match by its difference', () => {
    const odometer = { miles: 55_210, read_mi: 54_700, read_ms: NOW - 14 * DAY, a_year_mi: 12_400, is_own_rate: true, left_out: 1, rolled_over: false };
    expect(milesWords(car({ odometer }), NOW, ZONE)).toEqual([
      'Read at 54,700\u00A0mi on Nov\u00A010, 12,400\u00A0mi a year, their own pace',
      '1 reading left out: it cannot be of this car',
    ]);
    expect(leaseWords(car({ lease: { ends_ms: NOW + 90 * DAY, days: 90, over_mi: 2_100 } }), NOW, ZONE)).toEqual([
      'Ends Feb\u00A022, 2027, in 90 days',
      'About 2,100\u00A0mi over the allowance by then',
    ]);
    expect(leaseWords(car({ lease: { ends_ms: NOW + DAY, days: 1, over_mi: null } }), NOW, ZONE)[1]).toBe('The miles at its end are unknown');
    const match = { vehicle_id: 2, label: '', stock: '', price_cents: 1, financed_cents: 1, months: 72, apr_bps: 790, payment_cents: 57_400, more_cents: -3_800, down_to_match_cents: -100 };
    expect(matchWords(match)).toEqual({ payment: '$574/mo', more: '$38 less', down: 'Nothing down to pay as now' });
    expect(matchWords({ ...match, more_cents: 2_000, down_to_match_cents: 120_000 })).toMatchObject({ more: '$20 more', down: '$1,200 down to pay as now' });
    expect(matchWords({ ...match, more_cents: null, down_to_match_cents: null })).toMatchObject({ more: 'Pays nothing now', down: '' });
    expect([rate(690), rate(1_000), rate(725)]).toEqual(['6.9%', '10%', '7.25%']);
  });
});
