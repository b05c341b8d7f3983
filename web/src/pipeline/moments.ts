// When is somebody got back to? The moments that a person means most often, on the store's clock.
import { atHour } from '../now/snooze';
import { day, moment, time, until } from '../words';

export type Moment = { value: 'today' | 'tomorrow' | 'three_days'; label: string; due_ms: number };

const DAY_MS = 24 * 3_600_000;
const HALF_HOUR_MS = 1_800_000;
const EVENING_HOUR = 17;
const MORNING_HOUR = 10;

/** "Today, 5:00 pm", "Tomorrow, 10:00 am", "In 3 days, Fri 10:00 am". */
export function moments(now_ms: number, zone: string): Moment[] {
  const evening = atHour(now_ms, EVENING_HOUR, zone);
  const tomorrow = atHour(now_ms + DAY_MS, MORNING_HOUR, zone);
  const later = atHour(now_ms + 3 * DAY_MS, MORNING_HOUR, zone);
  // So near to five, or past it, today is over.
  const today: Moment[] = evening - now_ms > HALF_HOUR_MS ? [{ value: 'today', label: `Today, ${time(evening, zone)}`, due_ms: evening }] : [];
  return [
    ...today,
    { value: 'tomorrow', label: `Tomorrow, ${time(tomorrow, zone)}`, due_ms: tomorrow },
    { value: 'three_days', label: `In 3 days, ${until(later, now_ms, zone)}`, due_ms: later },
  ];
}

/** "today 5:00 pm", "tomorrow 10:00 am", "Fri 10:00 am", "Dec 4, 10:00 am"; of one that has passed "Mon, Nov 23". */
export function when(due_ms: number, now_ms: number, zone: string): string {
  if (due_ms < now_ms) return day(due_ms, now_ms, zone) === 'Today' ? `today ${time(due_ms, zone)}` : day(due_ms, now_ms, zone);
  return day(due_ms, now_ms, zone) === 'Today' ? `today ${time(due_ms, zone)}` : until(due_ms, now_ms, zone);
}

/** The same where room is short: the hour of today alone, "today 5:00 pm", "tomorrow", "Fri", "Dec 4". */
export function shortWhen(due_ms: number, now_ms: number, zone: string): string {
  const on = day(due_ms, now_ms, zone);
  if (on === 'Today') return `today ${time(due_ms, zone)}`;
  return on === 'Tomorrow' ? 'tomorrow' : moment(due_ms, now_ms, zone);
}
