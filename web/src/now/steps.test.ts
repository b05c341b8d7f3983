// Does a step that nobody took look like one that is still to come?
import { expect, test } from 'vitest';
import type { Step } from '../types';
import { stepTime } from './steps';

const ZONE = 'America/New_York';
const TUESDAY_MORNING = Date.UTC(2026, 10, 24, 14, 41);
const HOUR_MS = 3_600_000;

function step(hours: number | null, change: Partial<Step> = {}): Step {
  return { at_ms: hours === null ? null : TUESDAY_MORNING + hours * HOUR_MS, label: 'Now', text: 'Call', done: false, ...change };
}

test.each([
  [step(null), 'Now', false],
  [step(2), '11:41\u00A0am', false],
  [step(24), 'Wed 9:41\u00A0am', false],
  [step(-1), 'Was due 8:41\u00A0am', true],
  [step(-16), 'Was due Mon 5:41\u00A0pm', true],
  [step(-16, { done: true }), 'Mon 5:41\u00A0pm', false],
])('%o is said as %s', (given, text, isLate) => {
  expect(stepTime(given, TUESDAY_MORNING, ZONE)).toEqual({ text, isLate });
});
