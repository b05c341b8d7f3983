// How long is left, and how loudly is it said? One reading of a clock for the list, the ring and the ear.
import type { AlertRow, Clock } from '../types';
import { clock as figures, duration, time, until } from '../words';
import type { Shape } from '../parts/StatusShape.svelte';

export type Reading = {
  /** In the list: "1:42 left", "Overdue 12 min", "Starts 9:00 am". */
  text: string;
  /** In the ring: "1:42", "24 min"; how long it is over, "11 h". */
  figures: string;
  spoken: string;
  tone: 'crit' | 'warn' | 'plain';
  /** What is left of the whole, 1 to 0. */
  share: number;
  isOver: boolean;
};

const MINUTE_MS = 60_000;
// Under two minutes a clock is urgent whoever's it is, under ten it is near.
const URGENT_MS = 2 * MINUTE_MS;
const NEAR_MS = 10 * MINUTE_MS;

export function read(clock: Clock, isActNow: boolean, now_ms: number, zone: string): Reading {
  if (clock.starts_ms !== null && clock.starts_ms > now_ms) return notBegun(clock.starts_ms, now_ms, zone);
  const left = clock.due_ms - now_ms;
  const whole = Math.max(clock.due_ms - (clock.starts_ms ?? clock.started_ms), 1);
  if (left <= 0) return over(clock, left);
  return {
    text: left < 60 * MINUTE_MS ? `${figures(left)} left` : `By ${until(clock.due_ms, now_ms, zone)}`,
    figures: left < 60 * MINUTE_MS ? figures(left) : time(clock.due_ms, zone),
    spoken: `${spell(left)} left of ${spell(whole)}`,
    tone: isActNow || left < URGENT_MS ? 'crit' : left < NEAR_MS ? 'warn' : 'plain',
    share: Math.min(left / whole, 1),
    isOver: false,
  };
}

function notBegun(starts_ms: number, now_ms: number, zone: string): Reading {
  const when = until(starts_ms, now_ms, zone);
  return { text: `Starts ${when}`, figures: time(starts_ms, zone), spoken: `Starts ${when}`, tone: 'plain', share: 1, isOver: false };
}

function over(clock: Clock, left: number): Reading {
  const spoken = clock.then_name ? `Time is up, offered to ${clock.then_name}` : `Overdue by ${spell(-left)}`;
  // One unit is enough once hours have passed, and all that the ring and a narrow row have room for.
  const [passed = ''] = duration(-left).split(/(?<=h) /);
  const text = left > -60 * MINUTE_MS ? figures(left) : `Overdue ${passed}`;
  return { text, figures: left > -MINUTE_MS ? '0:00' : passed, spoken, tone: 'crit', share: 0, isOver: true };
}

/** "1 minute 42 seconds" for the ear. */
export function spell(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds >= 600) return duration(ms);
  const minutes = Math.floor(seconds / 60);
  const words = [plural(minutes, 'minute'), plural(seconds % 60, 'second')].filter((word) => !word.startsWith('0'));
  return words.join(' ') || '0 seconds';
}

/** How long they have waited by the wall clock, and how much of that the store was open: both as they were when it was read. */
export function waited(clock: Clock, open_ms: number | null, read_ms: number, zone: string): string | null {
  const whole = read_ms - clock.started_ms;
  if (open_ms === null || whole < 0) return null;
  const open = Math.min(open_ms, whole);
  // A minute apart is the rounding of the two, not a closed store.
  const told = whole - open < MINUTE_MS ? 'all of it in store hours' : open < MINUTE_MS ? 'none of it in store hours' : `${duration(open)} of it in store hours`;
  return `Waited ${duration(whole)} at ${time(read_ms, zone)}, ${told}`;
}

/** What happens at zero, for the line beside the ring. */
export function afterwards(clock: Clock, reading: Reading): string {
  if (reading.isOver && clock.then_name) return `Offered to ${clock.then_name}`;
  return clock.then ?? '';
}

/** The mark before a row: the level decides, a running clock makes a calm row due. */
export function mark(alert: AlertRow): { shape: Shape; label: string } {
  if (alert.state === 'closed') return { shape: 'check', label: 'Done' };
  if (alert.state === 'snoozed') return { shape: 'ring', label: 'Snoozed' };
  if (alert.level === 'act_now') return { shape: 'octagon', label: 'Act now' };
  if (alert.clock) return { shape: 'diamond', label: 'Due soon' };
  return alert.level === 'next_up' ? { shape: 'disc', label: 'New' } : { shape: 'ring', label: 'Later' };
}

function plural(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? '' : 's'}`;
}
