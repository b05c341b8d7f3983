// Is the time left said in the words of the design, and loud only when it should be?
import { describe, expect, test } from 'vitest';
import type { Clock } from '../types';
import { afterwards, read, spell, waited } from './clock';

const ZONE = 'America/New_York';
const NINE_FORTY_ONE = Date.UTC(2026, 10, 24, 14, 41);
const MINUTE_MS = 60_000;

function clock(change: Partial<Clock> = {}): Clock {
  return {
    due_ms: NINE_FORTY_ONE + 5 * MINUTE_MS,
    started_ms: NINE_FORTY_ONE,
    starts_ms: null,
    label: 'First response',
    then: 'then offered to Jo L.',
    then_name: 'Jo L.',
    ...change,
  };
}

function after(minutes: number, isActNow = true) {
  return read(clock(), isActNow, NINE_FORTY_ONE + minutes * MINUTE_MS, ZONE);
}

describe('a running clock', () => {
  test.each([
    [0, '5:00 left'],
    [3.3, '1:42 left'],
    [4.99, '0:01 left'],
    [5, 'Overdue'],
    [17, 'Overdue 12\u00A0min'],
  ])('after %d minutes of five it reads "%s"', (minutes, text) => {
    expect(after(minutes).text).toBe(text);
  });

  test('counts whole minutes when there is more than ten', () => {
    const long = clock({ due_ms: NINE_FORTY_ONE + 24 * MINUTE_MS });
    expect(read(long, false, NINE_FORTY_ONE, ZONE).text).toBe('24\u00A0min left');
  });

  test('names the time of day when it is more than an hour away', () => {
    const far = clock({ due_ms: NINE_FORTY_ONE + 109 * MINUTE_MS });
    expect(read(far, false, NINE_FORTY_ONE, ZONE).text).toBe('By 11:30\u00A0am');
  });

  test('is red on an item to act on now, and on any item under two minutes', () => {
    expect(after(0).tone).toBe('crit');
    expect(after(0, false).tone).toBe('warn');
    expect(after(3.5, false).tone).toBe('crit');
  });

  test('drains from one to nothing', () => {
    expect([0, 2.5, 5, 9].map((minutes) => after(minutes).share)).toEqual([1, 0.5, 0, 0]);
  });

  test('over an hour late it says only the hours in the ring, which has room for no more', () => {
    expect(after(5.5).figures).toBe('0:00');
    expect(after(17).figures).toBe('12\u00A0min');
    expect(after(5 + 690).figures).toBe('11\u00A0h');
    expect(after(5 + 690).text).toBe('Overdue 11\u00A0h');
  });

  test('is spelled out for the ear', () => {
    expect(after(3.3).spoken).toBe('1 minute 42 seconds left of 5 minutes');
    expect(spell(1_000)).toBe('1 second');
    expect(spell(0)).toBe('0 seconds');
  });
});

test('outside store hours the clock says when it starts and does not run', () => {
  const opening = NINE_FORTY_ONE + 1_399 * MINUTE_MS;
  const waiting = clock({ starts_ms: opening, due_ms: opening + 5 * MINUTE_MS });
  const reading = read(waiting, true, NINE_FORTY_ONE, ZONE);
  expect(reading.text).toBe('Starts tomorrow 9:00\u00A0am');
  expect(reading.tone).toBe('plain');
  expect(reading.share).toBe(1);
});

test('at zero it says to whom the lead went', () => {
  expect(afterwards(clock(), after(3))).toBe('then offered to Jo L.');
  expect(afterwards(clock(), after(5))).toBe('Offered to Jo L.');
});

describe('how long they have waited', () => {
  const at = (minutes: number, open: number | null): string | null =>
    waited(clock(), open === null ? null : open * MINUTE_MS, clock().started_ms + minutes * MINUTE_MS, ZONE)?.replaceAll('\u00A0', ' ').replace(/ at [^,]*/, '') ?? null;

  test('is told by the wall clock and in store hours', () => {
    expect(at(40, 25)).toBe('Waited 40 min, 25 min of it in store hours');
    expect(at(7, 7)).toBe('Waited 7 min, all of it in store hours');
    expect(at(600, 0)).toBe('Waited 10 h, none of it in store hours');
  });

  test('is not told where nobody counts it', () => expect(at(7, null)).toBeNull());
});
