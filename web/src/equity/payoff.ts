// What did the lender say? Read out of what a person types, and told to the store.
import { put, remove } from '../api';
import { fromField } from '../now/snooze';
import type { EquityPage, SayPayoff } from '../types';

/** "$10,750.50" as cents; null for what is no amount. */
export function readCents(text: string): number | null {
  const bare = text.replace(/[\s$,]/g, '');
  if (!/^\d{1,7}(\.\d{0,2})?$/.test(bare)) return null;
  const [dollars = '0', cents = ''] = bare.split('.');
  return Number(dollars) * 100 + Number(cents.padEnd(2, '0'));
}

/** The end of the day that a date field names, on the store's clock. */
export function endOfDay(day: string, zone: string): number | null {
  return day === '' ? null : fromField(`${day}T23:59`, zone);
}

export type Typed = { amount: string; goodThrough: string; from: string };
export type Wrong = { field: keyof Typed; text: string };

/** What is to be told to the store, or what is wrong with it. */
export function readPayoff(typed: Typed, now_ms: number, zone: string): SayPayoff | Wrong {
  const amount_cents = readCents(typed.amount);
  if (amount_cents === null) return { field: 'amount', text: typed.amount.trim() === '' ? 'Say how much.' : 'An amount in dollars, such as 10,750.50.' };
  const good_through_ms = endOfDay(typed.goodThrough, zone);
  if (good_through_ms !== null && good_through_ms < now_ms) return { field: 'goodThrough', text: 'That day has passed; ask the lender for a new one.' };
  return { amount_cents, good_through_ms, from: typed.from.trim() };
}

const of = (customer: number, vehicle: number): string => `/api/customers/${customer}/vehicles/${vehicle}/payoff`;

export const sayPayoff = (customer: number, vehicle: number, said: SayPayoff): Promise<EquityPage> => put(of(customer, vehicle), said);

/** The last word is taken back; what stood before it stands again. */
export const takePayoffBack = (customer: number, vehicle: number): Promise<EquityPage> => remove(of(customer, vehicle));
