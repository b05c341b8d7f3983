// How is it written? Money, miles, times, phones, VINs and names, each in one place.
// Times are milliseconds since 1970 UTC; a zone is the store's, such as "America/New_York", never the browser's.
import type { Channel } from './types';

const NBSP = '\u00A0';
const MINUS = '\u2212';
const NO_BREAK_HYPHEN = '\u2011';
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Digits with thousands separators, to the last one that was typed: "1,250.50". */
export function grouped(digits: string): string {
  const [whole = '', rest] = digits.split('.');
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === undefined ? text : `${text}.${rest}`;
}

/** A whole number with thousands separators and a true minus sign. */
export function count(n: number): string {
  const rounded = Math.round(Math.abs(n));
  const digits = grouped(String(rounded));
  return n < 0 && rounded > 0 ? MINUS + digits : digits;
}

/** "1 look", "3 looks"; the plural is given only where adding an s is wrong. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Whole dollars: prices, payoffs and values are never shown to the cent. */
export function money(cents: number): string {
  const dollars = count(Math.abs(cents) / 100);
  return cents < 0 && dollars !== '0' ? `${MINUS}$${dollars}` : `$${dollars}`;
}

/** Dollars and cents, for repair bills only. */
export function moneyToTheCent(cents: number): string {
  const whole = Math.round(Math.abs(cents));
  const text = `$${count(Math.floor(whole / 100))}.${String(whole % 100).padStart(2, '0')}`;
  return cents < 0 && whole > 0 ? MINUS + text : text;
}

/** A change in money, always signed: "+$750", "−$660", "$0". */
export function moneyChange(cents: number): string {
  const text = money(cents);
  return cents > 0 && text !== '$0' ? `+${text}` : text;
}

/** "$11,400–12,600": the sign is written once, unless the range spans zero. */
export function moneyRange(lowCents: number, highCents: number): string {
  const low = money(lowCents);
  const high = money(highCents);
  if (low === high) return low;
  if (lowCents < 0) return `${low} to ${high}`;
  return `${low}–${high.slice(1)}`;
}

/** "$421/mo". */
export function payment(cents: number): string {
  return `${money(cents)}/mo`;
}

/** "12.4k", for chart axes only. */
export function axis(n: number): string {
  if (Math.abs(n) < 1000) return count(n);
  const thousands = (Math.round(Math.abs(n) / 100) / 10).toFixed(1).replace(/\.0$/, '');
  return `${n < 0 ? MINUS : ''}${thousands}k`;
}

/** The number and its unit never part at a line end. */
export function miles(n: number): string {
  return `${count(n)}${NBSP}mi`;
}

export function percent(share: number): string {
  return `${count(share * 100)}%`;
}

/** "↑ 17", "↓ 3"; nothing when it did not move. */
export function trend(now: number, before: number): string {
  if (now === before) return '';
  return now > before ? `↑${NBSP}${count(now - before)}` : `↓${NBSP}${count(before - now)}`;
}

type WallClock = {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hour: number;
  minute: number;
  second: number;
  /** Days since 1970 on this zone's calendar, so days can be subtracted across clock changes. */
  dayNumber: number;
};

// Building a formatter costs about as much as formatting a hundred times with it.
const wallFormats = new Map<string, Intl.DateTimeFormat>();
const zoneFormats = new Map<string, Intl.DateTimeFormat>();

function cached(from: Map<string, Intl.DateTimeFormat>, zone: string, options: Intl.DateTimeFormatOptions) {
  let format = from.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone });
    from.set(zone, format);
  }
  return format;
}

function wallClock(ms: number, zone: string): WallClock {
  const format = cached(wallFormats, zone, {
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
  const midnight = Date.UTC(year, month - 1, day);
  const weekday = new Date(midnight).getUTCDay();
  return { year, month, day, weekday, hour, minute, second, dayNumber: midnight / DAY_MS };
}

function clockTime(at: WallClock): string {
  const hour = at.hour % 12 === 0 ? 12 : at.hour % 12;
  return `${hour}:${String(at.minute).padStart(2, '0')}${NBSP}${at.hour < 12 ? 'am' : 'pm'}`;
}

function calendarDate(at: WallClock, thisYear: number): string {
  const monthAndDay = `${MONTHS[at.month - 1]}${NBSP}${at.day}`;
  return at.year === thisYear ? monthAndDay : `${monthAndDay}, ${at.year}`;
}

/** "9:41 am" in the store's zone. */
export function time(ms: number, zone: string): string {
  return clockTime(wallClock(ms, zone));
}

/** "Aug 14" this year, "Mar 2, 2024" in any other. */
export function date(ms: number, now: number, zone: string): string {
  return calendarDate(wallClock(ms, zone), wallClock(now, zone).year);
}

/** "Apr 9, 1956" of "1956-04-09"; a year alone stays a year. */
export function calendarDay(text: string): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) return text;
  return `${MONTHS[Number(found[2]) - 1] ?? ''}${NBSP}${Number(found[3])}, ${found[1]}`;
}

/** The heading over a day: "Today", "Tomorrow", "Mon, Nov 23", "Mar 2, 2024". */
export function day(ms: number, now: number, zone: string): string {
  const at = wallClock(ms, zone);
  const today = wallClock(now, zone);
  if (at.dayNumber === today.dayNumber) return 'Today';
  if (at.dayNumber === today.dayNumber + 1) return 'Tomorrow';
  const text = calendarDate(at, today.year);
  return at.year === today.year ? `${WEEKDAYS[at.weekday]}, ${text}` : text;
}

/** The line beside a title: "Tue, Nov 24 · 9:41 am". */
export function dateline(ms: number, zone: string): string {
  const at = wallClock(ms, zone);
  return `${WEEKDAYS[at.weekday]}, ${calendarDate(at, at.year)} · ${clockTime(at)}`;
}

/** A value that is equal for two times on the same day in the store's zone, and grows with time. */
export function dayNumber(ms: number, zone: string): number {
  return wallClock(ms, zone).dayNumber;
}

export function year(ms: number, zone: string): number {
  return wallClock(ms, zone).year;
}

/** "just now", "3 min ago" until an hour, then the clock time, the weekday within 6 days, the date after that. */
export function ago(ms: number, now: number, zone: string): string {
  const passed = now - ms;
  // Two computers' clocks differ by a little; something from five seconds ahead has just happened.
  if (passed < MINUTE_MS && passed > -MINUTE_MS) return 'just now';
  if (passed >= 0 && passed < HOUR_MS) return `${Math.floor(passed / MINUTE_MS)}${NBSP}min ago`;
  return moment(ms, now, zone);
}

/** A past or coming time as short as it can be: "9:41 am" today, "Mon" within 6 days, "Aug 14", "Mar 2, 2024". */
export function moment(ms: number, now: number, zone: string): string {
  const at = wallClock(ms, zone);
  const today = wallClock(now, zone);
  const daysAway = Math.abs(at.dayNumber - today.dayNumber);
  if (daysAway === 0) return clockTime(at);
  if (daysAway <= 6) return WEEKDAYS[at.weekday] ?? '';
  return calendarDate(at, today.year);
}

/** A coming time in full enough to keep: "11:30 am", "tomorrow 9:00 am", "Fri 9:00 am", "Dec 4, 9:00 am". */
export function until(ms: number, now: number, zone: string): string {
  const at = wallClock(ms, zone);
  const today = wallClock(now, zone);
  const daysAway = at.dayNumber - today.dayNumber;
  if (daysAway === 0) return clockTime(at);
  if (daysAway === 1) return `tomorrow ${clockTime(at)}`;
  if (daysAway > 1 && daysAway <= 6) return `${WEEKDAYS[at.weekday]} ${clockTime(at)}`;
  return `${calendarDate(at, today.year)}, ${clockTime(at)}`;
}

/** The exact time with its zone, for a title: "Tue, Nov 24, 2026, 9:41:05 am EST". */
export function exact(ms: number, zone: string): string {
  const at = wallClock(ms, zone);
  const seconds = `:${String(at.second).padStart(2, '0')}${NBSP}`;
  const zoneName = cached(zoneFormats, zone, { timeZoneName: 'short' })
    .formatToParts(ms)
    .find((part) => part.type === 'timeZoneName')?.value;
  const dated = `${WEEKDAYS[at.weekday]}, ${MONTHS[at.month - 1]} ${at.day}, ${at.year}`;
  return `${dated}, ${clockTime(at).replace(NBSP, seconds)} ${zoneName ?? zone}`.replaceAll(NBSP, ' ');
}

/** For the datetime attribute of a time element. */
export function machineTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** How long something took or will take: "40 s", "24 min", "1 h 5 min", "2 days". */
export function duration(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < MINUTE_MS) return `${Math.floor(whole / SECOND_MS)}${NBSP}s`;
  if (whole < HOUR_MS) return `${Math.floor(whole / MINUTE_MS)}${NBSP}min`;
  if (whole >= 2 * DAY_MS) return `${Math.floor(whole / DAY_MS)}${NBSP}days`;
  const hours = Math.floor(whole / HOUR_MS);
  const minutes = Math.floor((whole % HOUR_MS) / MINUTE_MS);
  return minutes === 0 ? `${hours}${NBSP}h` : `${hours}${NBSP}h ${minutes}${NBSP}min`;
}

/** What is left on a clock: "1:42" under 10 minutes, "24 min", "Overdue 12 min". */
export function clock(msLeft: number): string {
  if (msLeft <= 0) return msLeft > -MINUTE_MS ? 'Overdue' : `Overdue ${duration(-msLeft)}`;
  // Seconds round up, so 0:00 is never shown while there is still time.
  const seconds = Math.ceil(msLeft / SECOND_MS);
  if (seconds < 600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return duration(seconds * SECOND_MS);
}

/** "(207) 555-0148" for numbers of the North American plan, "+44 2079460958" for the rest. */
export function phone(e164: string): string {
  const digits = e164.replace(/[^\d]/g, '');
  const national = digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
  const isNorthAmerican = national.length === 10 && (!e164.startsWith('+') || e164.startsWith('+1'));
  if (isNorthAmerican) {
    // Plain spaces and hyphens: people copy this into other programs.
    return `(${national.slice(0, 3)}) ${national.slice(3, 6)}-${national.slice(6)}`;
  }
  return e164;
}

/** The phone as a browser dials it. */
export function dial(e164: string): string {
  return `tel:${e164.replace(/[^\d+]/g, '')}`;
}

/** All 17 characters with a dot after the eighth, so the serial half can be read aloud. */
export function vin(v: string): string {
  return v.length === 17 ? `${v.slice(0, 8)}•${v.slice(8)}` : v;
}

/** The last 8, which is what people in the trade say. */
export function vinTail(v: string): string {
  return v.length > 8 ? `…${v.slice(-8)}` : v;
}

/** "#24117"; nothing for a car that has no stock number, such as a customer's own. */
export function stock(number: string | null): string {
  if (!number) return '';
  return number.startsWith('#') ? number : `#${number}`;
}

export function repairOrder(number: string): string {
  return `RO${NBSP}${number}`;
}

/** "2022 Honda CR‑V EX‑L #24117"; a model name such as CR‑V or F‑150 never breaks at its hyphen. */
export function vehicle(label: string, stockNumber?: string | null): string {
  const whole = label.replace(/(?<=[\p{L}\p{N}])-(?=[\p{L}\p{N}])/gu, NO_BREAK_HYPHEN);
  return stockNumber ? `${whole} ${stock(stockNumber)}` : whole;
}

/** A car where there is room for a pause before its number: "2022 Honda CR‑V EX‑L · #24117". */
export function vehicleAndStock(label: string, stockNumber: string | null): string {
  return stockNumber ? `${vehicle(label)} · ${stock(stockNumber)}` : vehicle(label);
}

/** Running text whose model names and phone numbers keep together: "Back on the CR‑V"; other words may part, as in "follow-up". */
export function unbroken(text: string): string {
  return text.replace(/(?<=[\p{Lu}\p{N}])-(?=[\p{Lu}\p{N}])/gu, NO_BREAK_HYPHEN);
}

/** The same text as it leaves the page: other programs and phones know only the plain hyphen. */
export function plain(text: string): string {
  return text.replaceAll(NO_BREAK_HYPHEN, '-');
}

/** The ways to reach somebody. */
export const CHANNELS: Record<Channel, string> = { text: 'Text', call: 'Call', email: 'Email' };

const SUFFIXES = /^(jr|sr|ii|iii|iv)\.?$/i;

function nameWords(name: string): string[] {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const kept = words.filter((word, at) => at === 0 || !SUFFIXES.test(word));
  return kept.map((word) => word.replace(/^[^\p{L}\p{N}]+/u, '')).filter(Boolean);
}

/** First and last, for an avatar: "DW". */
export function initials(name: string): string {
  const words = nameWords(name);
  const first = [...(words[0] ?? '')][0] ?? '';
  const last = words.length > 1 ? ([...(words[words.length - 1] ?? '')][0] ?? '') : '';
  return (first + last).toLocaleUpperCase('en-US');
}

/** A colleague where room is short: "Priya N.". */
export function shortName(name: string): string {
  const words = nameWords(name);
  const last = words.length > 1 ? [...(words[words.length - 1] ?? '')][0] : undefined;
  return last ? `${words[0]}${NBSP}${last.toLocaleUpperCase('en-US')}.` : (words[0] ?? '');
}

export function firstName(name: string): string {
  return nameWords(name)[0] ?? name;
}

/** "left a message" at the beginning of a line: "Left a message". */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "Text", "Text and Call", "Text, Call and Email". */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}
