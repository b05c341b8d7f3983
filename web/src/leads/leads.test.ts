// Are the moments of a promise on the store's clock, and does the toast say what was taken down?
import { expect, test } from 'vitest';
import { followUps, takenWords } from './leads';

const ZONE = 'America/New_York';
// Tue, Nov 24, 2026, 9:40 am at the store.
const MORNING = Date.UTC(2026, 10, 24, 14, 40);
const HOUR_MS = 3_600_000;

const shown = (now_ms: number): string[] => followUps(now_ms, ZONE).map(({ label, due_ms }) => `${label} = ${new Date(due_ms).toISOString()}`.replaceAll('\u00A0', ' '));

test('the moments are five in the afternoon and ten in the morning on the store’s clock', () => {
  expect(shown(MORNING)).toEqual([
    'Today 5:00 pm = 2026-11-24T22:00:00.000Z',
    'Tomorrow 10:00 am = 2026-11-25T15:00:00.000Z',
    'In 3 days, Fri 10:00 am = 2026-11-27T15:00:00.000Z',
  ]);
});

test('in the evening nobody is promised this afternoon', () => {
  for (const hours of [7, 12]) expect(shown(MORNING + hours * HOUR_MS)[0]).toMatch(/^Tomorrow 10:00 am/);
});

test('the day of a promise is the store’s, also when its clocks change in between', () => {
  expect(shown(Date.UTC(2026, 9, 31, 13))[1]).toBe('Tomorrow 10:00 am = 2026-11-01T15:00:00.000Z');
});

test('what was taken down is said with whom it is, and what comes next', () => {
  const due_ms = Date.UTC(2026, 10, 25, 15);
  const words = (said: Parameters<typeof takenWords>[2]): string => takenWords('Otis Brandt', 'you', said, MORNING, ZONE).replaceAll('\u00A0', ' ');
  expect(words({ spoke: true })).toBe('Otis Brandt is taken down: with you');
  expect(words({ spoke: false, follow_up: { due_ms, what: '' } })).toBe('Otis Brandt is taken down: with you, to be called back, follow-up tomorrow 10:00 am');
});
