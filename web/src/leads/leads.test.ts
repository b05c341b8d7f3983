// Does the toast say what was taken down?
import { expect, test } from 'vitest';
import { takenWords } from './leads';

const ZONE = 'America/New_York';
// Tue, Nov 24, 2026, 9:40 am at the store.
const MORNING = Date.UTC(2026, 10, 24, 14, 40);

test('what was taken down is said with whom it is, and what comes next', () => {
  const due_ms = Date.UTC(2026, 10, 25, 15);
  const words = (said: Parameters<typeof takenWords>[2]): string => takenWords('Otis Brandt', 'you', said, MORNING, ZONE).replaceAll('\u00A0', ' ');
  expect(words({ spoke: true })).toBe('Otis Brandt is taken down: with you');
  expect(words({ spoke: false, follow_up: { due_ms, what: '' } })).toBe('Otis Brandt is taken down: with you, to be called back, follow-up tomorrow 10:00 am');
});
