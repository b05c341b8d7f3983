// Until when? The moments a person means by "after lunch" and "tomorrow", on the store's clock.
import { time, until } from '../words';

export type Moment = { label: string; note: string; until_ms: number };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const AFTER_LUNCH_HOUR = 13;
const MORNING_HOUR = 9;

export function moments(now_ms: number, zone: string): Moment[] {
  const lunch = atHour(now_ms, AFTER_LUNCH_HOUR, zone);
  const tomorrow = atHour(now_ms + DAY_MS, MORNING_HOUR, zone);
  const found: Moment[] = [{ label: 'In 1 hour', note: time(now_ms + HOUR_MS, zone), until_ms: now_ms + HOUR_MS }];
  // Within half an hour of it, or past it, "after lunch" means nothing.
  if (lunch - now_ms > HOUR_MS / 2) found.push({ label: 'After lunch', note: time(lunch, zone), until_ms: lunch });
  found.push({ label: 'Tomorrow morning', note: time(tomorrow, zone), until_ms: tomorrow });
  const nextWeek = atHour(now_ms + 7 * DAY_MS, MORNING_HOUR, zone);
  found.push({ label: 'In a week', note: until(nextWeek, now_ms, zone), until_ms: nextWeek });
  return found;
}

/** The store's `hour` o'clock on the day of `day_ms`. */
export function atHour(day_ms: number, hour: number, zone: string): number {
  const shown = wall(day_ms, zone);
  return fromWall(Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth(), shown.getUTCDate(), hour), zone);
}

/** "2026-11-24T14:30" of a date-time field, read on the store's clock; null for what is no time. */
export function fromField(value: string, zone: string): number | null {
  const wall_ms = Date.parse(`${value}Z`);
  return Number.isNaN(wall_ms) ? null : fromWall(wall_ms, zone);
}

/** The value of a date-time field that shows `ms` on the store's clock. */
export function toField(ms: number, zone: string): string {
  return wall(ms, zone).toISOString().slice(0, 16);
}

function fromWall(wall_ms: number, zone: string): number {
  // Twice: the first guess may fall on the other side of a clock change.
  const guess = wall_ms - offset(wall_ms, zone);
  return wall_ms - offset(guess, zone);
}

function offset(ms: number, zone: string): number {
  return wall(ms, zone).getTime() - Math.floor(ms / 1000) * 1000;
}

// The store's wall clock dressed up as UTC, so that its parts can be read and set.
function wall(ms: number, zone: string): Date {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const found: Record<string, number> = {};
  for (const part of format.formatToParts(ms)) found[part.type] = Number(part.value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}
