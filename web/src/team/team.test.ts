import { describe, expect, test } from 'vitest';
import type { TeamMember } from '../types';
import { awaySaid, fromClock, handedOn, minuteSaid, restOfToday, standing, toClock, tomorrow, USUAL_WEEK, weekProblem, weekSaid, withSkill, type Week } from './team';

const ZONE = 'America/New_York';
// Tuesday, November 24, 2026, 9:41 am in New York.
const NOW = Date.UTC(2026, 10, 24, 14, 41);
const HOUR_MS = 3_600_000;
const plain = (text: string): string => text.replaceAll('\u00A0', ' ');

describe('a week', () => {
  const early = { opens: 480, closes: 960 };
  test.each<[Week | null, string]>([
    [null, 'Whenever the store is open'],
    [USUAL_WEEK, 'Mon to Fri 9:00 am to 5:00 pm'],
    [[early, null, early, early, null, null, { opens: 720, closes: 1080 }], 'Mon 8:00 am to 4:00 pm, Wed to Thu 8:00 am to 4:00 pm, Sun 12:00 pm to 6:00 pm'],
    [[null, null, null, null, null, null, null], 'On no day'],
  ])('%o is said as %s', (week, said) => {
    expect(plain(weekSaid(week))).toBe(said);
  });

  test('does not end before it begins', () => {
    expect(weekProblem(USUAL_WEEK)).toBeNull();
    expect(weekProblem([null, { opens: 600, closes: 600 }, null, null, null, null, null])).toBe('Tue ends before it begins.');
  });

  test('is typed as a clock shows it', () => {
    expect(fromClock('09:30')).toBe(570);
    expect(fromClock('')).toBeNull();
    expect(toClock(570)).toBe('09:30');
    expect(plain(minuteSaid(0))).toBe('12:00 am');
  });
});

describe('an absence', () => {
  test('of the rest of today ends at midnight on the store’s clock', () => {
    expect(restOfToday(NOW, ZONE)).toEqual({ from_ms: NOW, until_ms: Date.UTC(2026, 10, 25, 5) });
  });

  test('of tomorrow is the whole of it, also when the clocks change', () => {
    expect(tomorrow(NOW, ZONE)).toEqual({ from_ms: Date.UTC(2026, 10, 25, 5), until_ms: Date.UTC(2026, 10, 26, 5) });
    const eve = Date.UTC(2026, 9, 31, 14);
    const { from_ms, until_ms } = tomorrow(eve, ZONE);
    expect(until_ms - from_ms).toBe(25 * HOUR_MS);
  });

  test('says when, and from when if it lies ahead', () => {
    expect(plain(awaySaid(restOfToday(NOW, ZONE), NOW, ZONE))).toBe('Away until tomorrow 12:00 am');
    expect(plain(awaySaid(tomorrow(NOW, ZONE), NOW, ZONE))).toBe('Away from tomorrow 12:00 am until Thu 12:00 am');
  });

  test('says what becomes of the cards', () => {
    expect([0, 1, 4].map(handedOn)).toEqual([null, '1 open card goes to others', '4 open cards go to others']);
  });
});

describe('how somebody stands', () => {
  const priya = { away: null, is_off: false, with_customer: false, available: true, present: true } as TeamMember;
  const away = { from_ms: NOW - 1, until_ms: NOW + HOUR_MS };
  test.each<[Partial<TeamMember>, string]>([
    [{}, 'Free'],
    [{ present: false }, 'Free, no screen open'],
    [{ available: false }, 'Busy'],
    [{ with_customer: true, available: false }, 'With a customer'],
    [{ is_off: true, with_customer: true }, 'Off'],
    [{ is_off: true, away }, 'Away'],
    [{ away: { from_ms: NOW + HOUR_MS, until_ms: NOW + 2 * HOUR_MS } }, 'Free'],
  ])('%o is %s', (change, word) => {
    expect(standing({ ...priya, ...change }, NOW).word).toBe(word);
  });
});

test('a skill is kept in small letters, once', () => {
  expect(withSkill(['trucks'], '  Trucks ')).toEqual(['trucks']);
  expect(withSkill(['trucks'], 'Hybrid  cars')).toEqual(['trucks', 'hybrid cars']);
  expect(withSkill([], '  ')).toEqual([]);
});
