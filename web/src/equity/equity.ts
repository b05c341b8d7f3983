// What is left of a car, in words and in the parts of a bar? What nobody knows is said, never drawn as nought.
import type { CarEquity } from '../types';
import { count, date, money, moneyChange, moneyRange, plural } from '../words';

const NBSP = '\u00A0';
const MINUS = '\u2212';
const DAY_MS = 86_400_000;
/** Figures that were read longer ago are marked. */
export const STALE_DAYS = 30;

/** The parts of the bar from its left end, as shares of its whole width. */
export type BarPart = { kind: 'owed' | 'equity' | 'maybe' | 'under'; share: number };
export type Bar = { parts: BarPart[]; /** Where the value lies, when more is owed. */ value: number | null };

export type BarFigures = { low_cents: number; middle_cents: number; high_cents: number; owed_cents: number };

/** Owed, what is surely left, what may be left; past the value, what is owed beyond it. */
export function bar({ low_cents, middle_cents, high_cents, owed_cents }: BarFigures): Bar {
  const whole = Math.max(high_cents, owed_cents);
  if (whole <= 0) return { parts: [], value: null };
  const part = (kind: BarPart['kind'], from: number, to: number): BarPart[] => (to > from ? [{ kind, share: (to - from) / whole }] : []);
  const isUnder = owed_cents > middle_cents;
  return {
    parts: [
      ...part('owed', 0, Math.min(owed_cents, middle_cents)),
      ...part('under', middle_cents, owed_cents),
      ...part('equity', owed_cents, low_cents),
      ...part('maybe', Math.max(owed_cents, low_cents), high_cents),
    ],
    value: isUnder ? middle_cents / whole : null,
  };
}

export type Tone = 'ok' | 'crit' | 'plain';
/** What stands over the bar: a few words, a smaller note beside them, the range. */
export type Left = { text: string; note: string; range: string; tone: Tone };

/** How much is left, as sure as it is. Null when the value or the payoff is unknown. */
export function leftWords({ left, worth, owed }: Pick<CarEquity, 'left' | 'worth' | 'owed'>): Left | null {
  if (!left || !worth) return null;
  const range = moneyRange(left.low_cents, left.high_cents);
  const isWide = (left.high_cents - left.low_cents) * 2 > worth.middle_cents;
  if (left.confidence === 'low' || isWide) return { text: `About ${rounded(left.middle_cents)}, not sure`, note: '', range, tone: 'plain' };
  if (left.tier === 'even') return { text: 'About even', note: moneyChange(left.middle_cents), range, tone: 'plain' };
  if (left.tier === 'free_and_clear') return { text: `${moneyChange(left.middle_cents)} equity`, note: '', range, tone: 'ok' };
  const note = owed?.is_estimate ? 'estimate' : '';
  if (left.middle_cents < 0) return { text: `${money(left.middle_cents)} equity`, note, range, tone: 'crit' };
  return { text: `${moneyChange(left.middle_cents)} equity`, note, range, tone: 'ok' };
}

// Whoever is not sure speaks in hundreds.
function rounded(cents: number): string {
  return money(Math.round(cents / 10_000) * 10_000);
}

/** The whole of it in a sentence, for the ear and for where there is no bar. */
export function inWords(car: CarEquity): string {
  const { worth, owed, unclear } = car;
  const left = leftWords(car);
  const value = worth ? `Worth ${moneyRange(worth.low_cents, worth.high_cents)}` : 'No value yet';
  const balance = owed ? (owed.balance_cents === 0 ? 'nothing owed' : `owes ${money(owed.balance_cents)}`) : 'what is owed is unknown';
  if (left) return `${left.text}${left.note ? `, ${left.note}` : ''}, ${left.range}. ${value}, ${balance}.`;
  if (!worth && !owed) return `Neither its value nor what is owed is known.${unclear ? ` ${unclear}` : ''}`;
  return `${value}, ${balance}.${unclear ? ` ${unclear}` : ''}`;
}

export type Source = { text: string; isStale: boolean };

/** Where the value is from and when: "Sales of this store (9), Nov 22". */
export function worthSource(car: CarEquity, now_ms: number, zone: string): Source | null {
  const { worth } = car;
  if (!worth) return null;
  const alike = worth.comparables > 0 ? ` (${count(worth.comparables)})` : '';
  return { text: `${worth.source}${alike}, ${date(worth.at_ms, now_ms, zone)}`, isStale: isStale(worth.at_ms, now_ms) };
}

export function owedSource(car: CarEquity, now_ms: number, zone: string): Source | null {
  const { owed } = car;
  if (!owed) return null;
  // What is reckoned anew each day, and what was paid off once, does not grow old.
  const ages = !owed.is_estimate && owed.balance_cents > 0;
  const source = owed.is_estimate ? 'Estimated from the deal' : owed.source;
  return { text: `${source}, ${date(owed.at_ms, now_ms, zone)}`, isStale: ages && isStale(owed.at_ms, now_ms) };
}

export function isStale(at_ms: number, now_ms: number): boolean {
  return now_ms - at_ms > STALE_DAYS * DAY_MS;
}

/** How the number comes about: "$14,000 − $10,750 = +$3,250". */
export function formula({ worth, owed, left }: CarEquity): string | null {
  if (!worth || !owed || !left) return null;
  return `${money(worth.middle_cents)} ${MINUS} ${money(owed.balance_cents)} = ${moneyChange(left.middle_cents)}`;
}

/** "6.9%". */
export function rate(bps: number): string {
  return `${(bps / 100).toFixed(2).replace(/\.?0+$/, '')}%`;
}

/** The odometer now, and what it rests on. */
export function milesWords({ odometer }: CarEquity, now_ms: number, zone: string): string[] {
  if (!odometer) return [];
  const pace = `${count(odometer.a_year_mi)}${NBSP}mi a year, ${odometer.is_own_rate ? 'their own pace' : 'as most drive'}`;
  const read = `Read at ${count(odometer.read_mi)}${NBSP}mi on ${date(odometer.read_ms, now_ms, zone)}`;
  const odd = odometer.left_out > 0 ? `${plural(odometer.left_out, 'reading')} left out: ${odometer.left_out === 1 ? 'it cannot be' : 'they cannot be'} of this car` : '';
  return [`${read}, ${pace}`, odometer.rolled_over ? 'The odometer began again from nought' : '', odd].filter(Boolean);
}

/** "Ends Jun 1, 2027, in 190 days"; "about 2,100 mi over the allowance". */
export function leaseWords({ lease }: CarEquity, now_ms: number, zone: string): string[] {
  if (!lease) return [];
  const when = lease.days < 0 ? `Ended ${date(lease.ends_ms, now_ms, zone)}` : `Ends ${date(lease.ends_ms, now_ms, zone)}, in ${plural(lease.days, 'day')}`;
  if (lease.over_mi === null) return [when, 'The miles at its end are unknown'];
  const miles = `${count(Math.abs(lease.over_mi))}${NBSP}mi`;
  return [when, lease.over_mi > 0 ? `About ${miles} over the allowance by then` : `About ${miles} below the allowance by then`];
}

/** What a car of the lot would cost them, beside what they pay now. */
export function matchWords(match: CarEquity['matches'][number]): { payment: string; more: string; down: string } {
  const { more_cents, down_to_match_cents } = match;
  const more = more_cents === null ? 'Pays nothing now' : money(more_cents) === '$0' ? 'The same' : more_cents < 0 ? `${money(-more_cents)} less` : `${money(more_cents)} more`;
  const down = down_to_match_cents === null ? '' : down_to_match_cents > 0 ? `${money(down_to_match_cents)} down to pay as now` : 'Nothing down to pay as now';
  return { payment: `${money(match.payment_cents)}/mo`, more, down };
}
