// What may everybody in the room read? Names cut short, and of the leads only how many wait and how long.
import type { AlertRow } from '../types';
import { shortName } from '../words';

/** First name and last initial; whoever is known by a phone or an email only is a visitor. */
export function boardName(name: string): string {
  const isAName = /\p{L}/u.test(name) && !/[@\d]/.test(name);
  return isAName ? shortName(name) : 'A visitor';
}

export type Waiting = { count: number; untaken: number; oldest: AlertRow | null };

/** Who waits for a first answer; the oldest is the one whose clock runs out first. */
export function waiting(alerts: readonly AlertRow[]): Waiting {
  const running = alerts.filter((alert) => alert.clock !== null && (alert.state === 'open' || alert.state === 'claimed'));
  const [oldest = null] = running.toSorted((a, b) => (a.clock?.due_ms ?? 0) - (b.clock?.due_ms ?? 0));
  return { count: running.length, untaken: running.filter((alert) => alert.state === 'open').length, oldest };
}

/** The first of them, and how many there is no room for: a board never scrolls. */
export function fitted<Row>(rows: readonly Row[], most: number): { shown: Row[]; beyond: number } {
  if (rows.length <= most) return { shown: [...rows], beyond: 0 };
  return { shown: rows.slice(0, most - 1), beyond: rows.length - most + 1 };
}
