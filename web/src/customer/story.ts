// Which heading does each record of a story stand under? Days for the last week, then the year.
import type { Road, StoryRow } from '../types';
import { date, day, dayNumber, exact, machineTime, time, until, year } from '../words';

export type Line =
  | { kind: 'heading'; key: string; text: string }
  | { kind: 'record'; key: string; row: StoryRow; isLast: boolean };

/** The roads a story can be narrowed to; "all" also holds the notes. */
export const ROADS: readonly { value: 'all' | Exclude<Road, 'note'>; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'web', label: 'Web' },
  { value: 'messages', label: 'Messages' },
  { value: 'sales', label: 'Sales' },
  { value: 'finance', label: 'Finance' },
  { value: 'service', label: 'Service' },
];

/** Whether a line is this one, or has it drawn together in itself. */
export function holds(row: StoryRow, id: string): boolean {
  return row.id === id || row.within.some((part) => part.id === id);
}

export type RoadFilter = (typeof ROADS)[number]['value'];

export function readRoad(word: string | null): RoadFilter {
  return ROADS.find((road) => road.value === word)?.value ?? 'all';
}

// 6 days: one more and a weekday's name would mean two different days.
const DAYS_BY_NAME = 6;

function isRecent(at_ms: number, now: number, zone: string): boolean {
  return dayNumber(now, zone) - dayNumber(at_ms, zone) <= DAYS_BY_NAME;
}

export function heading(at_ms: number, now: number, zone: string): string {
  if (at_ms > now) return 'Coming up';
  if (isRecent(at_ms, now, zone)) return day(at_ms, now, zone);
  const ofYear = year(at_ms, zone);
  return ofYear === year(now, zone) ? 'Earlier this year' : String(ofYear);
}

/** Where a record is shown in its story, marked. */
export function recordAddress(customer: number, record: string): string {
  return `/customers/${customer}?line=${encodeURIComponent(record)}`;
}

/** Records newest first with a heading wherever the group changes, in one flat list that can be drawn in part. */
export function withHeadings(rows: readonly StoryRow[], now: number, zone: string): Line[] {
  const lines: Line[] = [];
  let under = '';
  for (const [index, row] of rows.entries()) {
    const text = heading(row.at_ms, now, zone);
    if (text !== under) lines.push({ kind: 'heading', key: `heading ${text}`, text });
    under = text;
    lines.push({ kind: 'record', key: row.id, row, isLast: index === rows.length - 1 });
  }
  return lines;
}

/** Beside a record: the clock under a day's heading, the date under a year's. */
export function when(at_ms: number, now: number, zone: string): { text: string; title: string; datetime: string } {
  if (at_ms > now) return { text: until(at_ms, now, zone), title: exact(at_ms, zone), datetime: machineTime(at_ms) };
  const text = isRecent(at_ms, now, zone) ? time(at_ms, zone) : date(at_ms, now, zone);
  return { text, title: exact(at_ms, zone), datetime: machineTime(at_ms) };
}

/** The index of the next or previous heading, seen from the line at `from`. */
export function nextHeading(lines: readonly Line[], from: number, step: 1 | -1): number {
  for (let at = from + step; at >= 0 && at < lines.length; at += step) {
    if (lines[at]?.kind === 'heading') return at;
  }
  return -1;
}

/** The numbers cites carry in the brief: each cited record once, in the order of first mention. */
export function citeNumbers(sentences: readonly { cites: readonly string[] }[]): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const { cites } of sentences) {
    for (const id of cites) if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
  }
  return numbers;
}
