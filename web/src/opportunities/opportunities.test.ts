// Does each list say why somebody is on it, with a way to begin that promises nothing, and only to whom it concerns?
import { describe, expect, test } from 'vitest';
import type { CarEquity, OpportunityRow, ReasonKind } from '../types';
import { ageWords, endOf, keepPlaces, leftToDo, mayReach, reachOut, summary, TABS, tabsOf, tally, whyNow, type Dealt } from './opportunities';

const ZONE = 'America/New_York';
// Tue, Nov 24, 2026, 9:41 am.
const NOW = Date.UTC(2026, 10, 24, 14, 41);
const DAY = 86_400_000;

type Reason = CarEquity['talk']['reasons'][number];

const WORTH: NonNullable<CarEquity['worth']> = { low_cents: 1_900_000, middle_cents: 2_000_000, high_cents: 2_100_000, source: 'Sales of this store', comparables: 9, at_ms: NOW - DAY };
const OWED: NonNullable<CarEquity['owed']> = {
  balance_cents: 1_000_000, per_diem_cents: 0, ten_day_cents: 1_000_000, source: 'Balance of the books', is_estimate: false, is_verified: false, at_ms: NOW - 2 * DAY,
  payment_cents: 40_000, apr_bps: 690, left: 6, payments: 72, ends_ms: NOW + 150 * DAY, residual_cents: null,
};

function row(reasons: [ReasonKind, string][], change: Partial<CarEquity> = {}): OpportunityRow {
  const told: Reason[] = reasons.map(([kind, text]) => ({ kind, text }));
  const car: CarEquity = {
    vehicle_id: 7, label: '2019 Ford F-150 XLT', short: '2019 F-150', since_ms: NOW - 900 * DAY, bought_here: true, odometer: null, worth: WORTH, owed: OWED, unclear: null,
    lender: null, left: null, lease: null, warranty_ends_ms: null, declined: [], matches: [], talk: { is_worth_it: true, reasons: told, stopped: null }, ...change,
  };
  return {
    customer: { id: 1, name: 'Ines Marlow', initials: 'IM', place: null } as OpportunityRow['customer'],
    score: 40, car, owner: null, consent: [], last_touch_ms: null, last_touch: null, follow_up_ms: null, follow_up: null, alert: null,
  };
}

describe('the lists', () => {
  test('are six, the last one only for whom it concerns', () => {
    expect(TABS.map((tab) => tab.name)).toEqual(['equity', 'ends', 'warranty', 'declined', 'no-owner', 'finance']);
    for (const role of ['finance', 'manager', 'owner'] as const) expect(tabsOf(role)).toHaveLength(6);
    for (const role of ['rep', 'bdc', 'advisor', 'unknown'] as const) expect(tabsOf(role).map((tab) => tab.name)).not.toContain('finance');
  });

  test('say when empty which import would fill them', () => {
    for (const tab of TABS) expect(tab.empty.text).toContain('under Imports');
  });

  test('are counted as far as the store counts', () => {
    expect([tally(0), tally(499), tally(500)]).toEqual(['0', '499', '500+']);
  });
});

describe('a row', () => {
  const EQUITY: [ReasonKind, string] = ['equity', 'Worth about $10,000 more than is owed'];
  const NEED: [ReasonKind, string] = ['we_need_it', 'We could use a 2019 F-150: none is on the lot'];
  const LEFT: [ReasonKind, string] = ['term_ending', '6 payments are left'];

  test('begins with the reason of its list, whatever else speaks for a talk', () => {
    expect(whyNow(row([NEED, LEFT, EQUITY]), 'equity', NOW, ZONE)).toEqual([EQUITY[1], NEED[1], LEFT[1]]);
    expect(whyNow(row([NEED, LEFT, EQUITY]), 'ends', NOW, ZONE)[0]).toBe(LEFT[1]);
    expect(whyNow(row([NEED]), 'ends', NOW, ZONE)[0]).toBe('The last payment is due Apr\u00A023, 2027');
    expect(whyNow(row([NEED], { declined: ['Rear tires, worn', 'Rear tires, worn', 'Brakes'] }), 'declined', NOW, ZONE)[0]).toBe('Advised and not done: Rear tires, worn; Brakes');
  });

  test('has a way to begin without a figure but the name of the car', () => {
    const kinds: ReasonKind[] = [
      'lease_ending', 'big_repair', 'crossed_positive', 'shopping', 'we_need_it', 'lower_payment', 'same_payment', 'over_mileage', 'term_ending', 'warranty_ending',
      'rate', 'declined', 'mileage', 'third_visit', 'owned_long', 'equity',
    ];
    for (const kind of kinds) {
      for (const { name } of TABS) {
        const { text } = reachOut(row([[kind, 'Because of $1,234']]), name);
        expect(text.replaceAll('2019 F-150', '')).not.toMatch(/[\d$%]/);
        expect(text).toMatch(/\.$/);
      }
    }
    // Money alone is no way to begin where more speaks for it.
    expect(reachOut(row([EQUITY, NEED]), 'equity').text).toContain('are wanted here');
    expect(reachOut(row([EQUITY]), 'equity').text).toContain('would bring');
  });

  test('says why to let them be instead, where something stops it', () => {
    const stopped = { kind: 'bought_lately', text: 'Bought within the last year, let it rest' } as const;
    expect(reachOut(row([], { talk: { is_worth_it: false, reasons: [], stopped } }), 'declined')).toEqual({ text: `${stopped.text}.`, isStopped: true });
  });

  test('tells the age of its numbers and marks what was read more than 30 days ago', () => {
    expect(ageWords(row([]).car, NOW, ZONE)).toEqual({ text: 'Value Nov\u00A023, payoff Nov\u00A022', isStale: false });
    expect(ageWords(row([], { owed: { ...OWED, is_estimate: true } }).car, NOW, ZONE).text).toBe('Value Nov\u00A023, payoff estimated');
    expect(ageWords(row([], { owed: { ...OWED, at_ms: NOW - 31 * DAY } }).car, NOW, ZONE).isStale).toBe(true);
    expect(ageWords(row([], { worth: null }).car, NOW, ZONE).text).toBe('Payoff Nov\u00A022');
    expect(ageWords(row([], { worth: null, owed: null }).car, NOW, ZONE)).toEqual({ text: '', isStale: false });
  });

  test('says how they may be reached', () => {
    const consent = (text: string, call: string): OpportunityRow['consent'] => [{ channel: 'text', state: text, note: '' }, { channel: 'call', state: call, note: '' }] as OpportunityRow['consent'];
    expect(mayReach({ consent: consent('allowed', 'allowed') })).toEqual({ text: 'May text and call', isAllowed: true });
    expect(mayReach({ consent: consent('revoked', 'not_given') })).toEqual({ text: 'Do not text', isAllowed: false });
    expect(mayReach({ consent: consent('not_given', 'not_given') })).toEqual({ text: 'No consent on file', isAllowed: false });
  });

  test('of a lease and of a loan stand in the order of their ends', () => {
    const lease = { ends_ms: NOW + 10 * DAY, days: 10, over_mi: null };
    expect(endOf(row([], { lease }).car)).toBeLessThan(endOf(row([]).car));
    expect(endOf(row([], { owed: null }).car)).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('the work', () => {
  test('keeps the places of those who are shown, and puts a new one behind its neighbour', () => {
    const of = (text: string): { id: string }[] => text.split('').map((id) => ({ id }));
    const spelled = (shown: string, read: string): string => keepPlaces(of(shown), of(read), (each) => each.id).map((each) => each.id).join('');
    expect(spelled('abcd', 'dcba')).toBe('abcd');
    expect(spelled('abcd', 'acd')).toBe('acd');
    expect(spelled('abcd', 'axbcd')).toBe('axbcd');
    expect(spelled('abcd', 'xabcd')).toBe('xabcd');
    expect(spelled('', 'ab')).toBe('ab');
  });

  test('is summed up as it was done', () => {
    const dealt = (...all: Dealt[]): ReadonlyMap<string, Dealt> => new Map(all.map((what, at) => [String(at), what]));
    expect(summary(dealt('done', 'skipped', 'done', 'follow_up'))).toBe('2 reached, 1 follow-up, 1 skipped');
    expect(summary(dealt())).toBe('Nobody was dealt with');
  });

  test('of the office is a line for each thing that is left of a deal', () => {
    const payoffs = [{ label: '2019 Civic', said_cents: 620_000 }, { label: '2015 CR-V', said_cents: null }];
    expect(leftToDo({ payoffs, missing: ['lender', 'term'], first_payment_ms: NOW + 5 * DAY }, NOW, ZONE)).toEqual([
      'Verify the payoff of the 2019 Civic, said to be $6,200',
      'Verify the payoff of the 2015 CR-V',
      'Missing: lender and term',
      'First payment is due Nov\u00A029',
    ]);
  });
});
