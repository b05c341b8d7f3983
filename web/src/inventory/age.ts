// Is a car on the lot for too long? The two marks that the trade counts by.
import type { Shape } from '../parts/StatusShape.svelte';

export type Age = { shape: Shape; tone: 'warn' | 'crit'; label: string };

// 45 days: the price should be looked at. 60 days: the money in the car costs more than it can earn.
const AGING_DAYS = 45;
const OLD_DAYS = 60;

/** Nothing for a fresh car: only what asks for a decision is marked. */
export function ageOf(days: number | null): Age | null {
  if (days === null || days < AGING_DAYS) return null;
  return days < OLD_DAYS
    ? { shape: 'diamond', tone: 'warn', label: 'Aging, 45 days or more' }
    : { shape: 'octagon', tone: 'crit', label: 'Old, 60 days or more' };
}
