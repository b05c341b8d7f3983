// Does every record of a story stand under the right day, once, however the pages arrive?
import { describe, expect, it } from 'vitest';
import type { StoryRow } from '../types';
import { citeNumbers, heading, holds, type Line, nextHeading, readRoad, recordAddress, when, withHeadings } from './story';

const ZONE = 'America/New_York';
const NOW = Date.parse('2026-11-24T09:42:00-05:00');

let lastId = 0;
function record(wall: string): StoryRow {
  lastId += 1;
  return {
    id: `s${lastId}`,
    at_ms: Date.parse(wall),
    road: 'web',
    icon: 'eye',
    title: `Record ${lastId}`,
    detail: null,
    vehicle_id: null,
    by: null,
    within: [],
    mentions: [],
    aloud: false,
    file: null,
    merge_id: null,
    part_id: null,
    browser_id: null,
  };
}

function outline(lines: readonly Line[]): string[] {
  return lines.map((line) => (line.kind === 'heading' ? line.text.replaceAll('\u00A0', ' ') : '·'));
}

describe('headings', () => {
  it.each([
    ['2026-11-24T09:39:00-05:00', 'Today'],
    ['2026-11-24T00:00:00-05:00', 'Today'],
    ['2026-11-23T23:59:59-05:00', 'Mon, Nov 23'],
    ['2026-11-18T00:00:00-05:00', 'Wed, Nov 18'],
    ['2026-11-17T23:59:59-05:00', 'Earlier this year'],
    ['2026-01-01T00:00:00-05:00', 'Earlier this year'],
    ['2025-12-31T23:59:59-05:00', '2025'],
    ['2022-06-04T12:00:00-04:00', '2022'],
  ])('a record of %s stands under %s', (wall, text) => {
    expect(heading(Date.parse(wall), NOW, ZONE).replaceAll('\u00A0', ' ')).toBe(text);
  });

  it('names the last days of December by day in the first days of January', () => {
    const january = Date.parse('2027-01-02T09:00:00-05:00');
    expect(heading(Date.parse('2026-12-30T09:00:00-05:00'), january, ZONE).replaceAll('\u00A0', ' ')).toBe('Dec 30, 2026');
  });

  it('puts what is still to come over everything else', () => {
    const tomorrow = Date.parse('2026-11-25T09:15:00-05:00');
    expect(heading(tomorrow, NOW, ZONE)).toBe('Coming up');
    expect(when(tomorrow, NOW, ZONE).text.replaceAll('\u00A0', ' ')).toBe('tomorrow 9:15 am');
  });

  it("follows the store's midnight, not Greenwich's", () => {
    const lateEvening = Date.parse('2026-11-24T02:00:00Z');
    expect(heading(lateEvening, NOW, ZONE).replaceAll('\u00A0', ' ')).toBe('Mon, Nov 23');
    expect(heading(lateEvening, NOW, 'UTC')).toBe('Today');
  });
});

describe('a story in lines', () => {
  const story = [
    record('2026-11-24T09:39:00-05:00'),
    record('2026-11-24T09:38:00-05:00'),
    record('2026-11-23T20:12:00-05:00'),
    record('2026-10-03T12:00:00-04:00'),
    record('2026-08-14T12:00:00-04:00'),
    record('2024-03-02T12:00:00-05:00'),
  ];

  it('has one heading for each day and each year', () => {
    const lines = withHeadings(story, NOW, ZONE);
    expect(outline(lines)).toEqual(['Today', '·', '·', 'Mon, Nov 23', '·', 'Earlier this year', '·', '·', '2024', '·']);
  });

  it('does not repeat a heading where a page ended', () => {
    const first = withHeadings(story.slice(0, 4), NOW, ZONE);
    const both = withHeadings(story, NOW, ZONE);
    expect(both.slice(0, first.length).map((line) => line.key)).toEqual(first.map((line) => line.key));
    expect(outline(both).filter((text) => text === 'Earlier this year')).toHaveLength(1);
  });

  it('gives every line a key of its own', () => {
    const keys = withHeadings(story, NOW, ZONE).map((line) => line.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('marks only the last record as the last', () => {
    const records = withHeadings(story, NOW, ZONE).filter((line) => line.kind === 'record');
    expect(records.map((line) => line.isLast)).toEqual([false, false, false, false, false, true]);
  });

  it('is empty when nothing has happened', () => {
    expect(withHeadings([], NOW, ZONE)).toEqual([]);
  });

  it('walks from heading to heading and stops at the ends', () => {
    const lines = withHeadings(story, NOW, ZONE);
    expect(nextHeading(lines, 0, 1)).toBe(3);
    expect(nextHeading(lines, 3, 1)).toBe(5);
    expect(nextHeading(lines, 4, -1)).toBe(3);
    expect(nextHeading(lines, 8, 1)).toBe(-1);
    expect(nextHeading(lines, 0, -1)).toBe(-1);
  });
});

describe('the time beside a record', () => {
  it('is the clock under a day and the date under a year', () => {
    expect(when(Date.parse('2026-11-20T18:52:00-05:00'), NOW, ZONE).text).toBe('6:52\u00A0pm');
    expect(when(Date.parse('2026-10-03T12:00:00-04:00'), NOW, ZONE).text).toBe('Oct\u00A03');
    expect(when(Date.parse('2024-03-02T12:00:00-05:00'), NOW, ZONE).text).toBe('Mar\u00A02, 2024');
  });

  it('always carries the exact time', () => {
    const { title, datetime } = when(Date.parse('2024-03-02T12:00:00-05:00'), NOW, ZONE);
    expect(title).toBe('Sat, Mar 2, 2024, 12:00:00 pm EST');
    expect(datetime).toBe('2024-03-02T17:00:00.000Z');
  });
});

describe('the rest of the page', () => {
  it('reads an unknown road as all of them', () => {
    expect(readRoad('service')).toBe('service');
    expect(readRoad('note')).toBe('all');
    expect(readRoad(null)).toBe('all');
  });

  it('numbers each cited record once, in the order of first mention', () => {
    const numbers = citeNumbers([{ cites: ['c'] }, { cites: ['a', 'c'] }, { cites: ['b'] }]);
    expect([...numbers]).toEqual([['c', 1], ['a', 2], ['b', 3]]);
  });
});

it('finds a line in the visit that it was drawn into', () => {
  const [first, second, other] = [record('2026-11-24T09:00:00-05:00'), record('2026-11-24T09:05:00-05:00'), record('2026-11-24T09:06:00-05:00')];
  const visit = { ...second, id: 'v1', within: [second, first] };
  expect([holds(visit, first.id), holds(visit, 'v1'), holds(visit, other.id)]).toEqual([true, true, false]);
});

it('names a record in the address of its customer', () => {
  expect(recordAddress(12, '1764000000000-42-1-7')).toBe('/customers/12?line=1764000000000-42-1-7');
  expect(recordAddress(12, 'a&b')).toBe('/customers/12?line=a%26b');
});
