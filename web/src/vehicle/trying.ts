// Which prices may be tried, and what does a try say in words?
import type { PricePlan, VehicleRow } from '../types';
import { count, money, plural } from '../words';

const HUNDRED_DOLLARS = 10_000;

/** The ends of the slider, in cents: a tenth below and a twentieth above what it costs, in whole hundreds of dollars. */
export function range(price_cents: number): { low: number; high: number } {
  const whole = (cents: number): number => Math.round(cents / HUNDRED_DOLLARS) * HUNDRED_DOLLARS;
  return { low: whole(price_cents * 0.9), high: whole(price_cents * 1.05) };
}

/** What somebody typed as a price, in cents; null when it is none. */
export function read(typed: string): number | null {
  const plain = typed.replace(/[$,\s]/g, '');
  if (!/^\d{1,7}(\.\d{0,2})?$/.test(plain)) return null;
  const cents = Math.round(Number(plain) * 100);
  return cents > 0 ? cents : null;
}

/** `94%`: a price as a share of what such cars are sold for here. */
export function ofMarket(price_cents: number, market: NonNullable<VehicleRow['of_market']>): string {
  return `${Math.round((price_cents * 100) / market.middle_cents)}%`;
}

/** What happens when the price is published, a line each. */
export function consequences(plan: PricePlan): string[] {
  if (plan.stop) return [plan.stop, 'Nobody is written to.'];
  if (plan.told === 0) return ['Nobody is written to.'];
  const today = Math.min(plan.told, plan.a_day);
  const later = plan.told - today;
  const lines = [`${plural(today, 'person gets', 'people get')} one message each, outside quiet hours`];
  if (later > 0) lines.push(`${count(later)} more on the mornings after, ${plan.a_day} a day`);
  return [...lines, 'Whoever follows it is on a card at once', 'You can take it back within the hour, while nothing has left'];
}

/** `Set the price to $26,990?` with whom it tells. */
export function published(plan: PricePlan): string {
  const told = plan.told === 0 ? 'nobody is told' : `${plural(plan.told, 'person is', 'people are')} told`;
  return `Price set to ${money(plan.price_cents)}; ${told}`;
}
