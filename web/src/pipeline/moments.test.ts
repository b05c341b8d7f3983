// Are the offered moments those that a person means, also at the end of a day and when the clocks change?
import { describe, expect, test } from 'vitest';
import { moments, when } from './moments';

const ZONE = 'America/New_York';
const at = (text: string): number => Date.parse(text);
const labels = (now: string): string[] => moments(at(now), ZONE).map((moment) => moment.label.replaceAll('\u00a0', ' '));

describe('a follow-up is offered', () => {
  test('for five today, ten tomorrow and ten in three days', () => {
    expect(labels('2026-11-24T09:41:00-05:00')).toEqual(['Today, 5:00 pm', 'Tomorrow, 10:00 am', 'In 3 days, Fri 10:00 am']);
    expect(moments(at('2026-11-24T09:41:00-05:00'), ZONE)[0]?.due_ms).toBe(at('2026-11-24T17:00:00-05:00'));
  });

  test('not for today when five is near or past', () => {
    expect(labels('2026-11-24T16:29:00-05:00')).toHaveLength(3);
    expect(labels('2026-11-24T16:30:00-05:00')).toEqual(['Tomorrow, 10:00 am', 'In 3 days, Fri 10:00 am']);
    expect(labels('2026-11-24T22:00:00-05:00')).toHaveLength(2);
  });

  test('at ten by the wall clock when the clocks change in between', () => {
    const [, tomorrow, later] = moments(at('2026-10-31T09:00:00-04:00'), ZONE);
    expect([tomorrow?.due_ms, later?.due_ms]).toEqual([at('2026-11-01T10:00:00-05:00'), at('2026-11-03T10:00:00-05:00')]);
  });
});

test('a moment is named as short as it can be, and one that has passed by its day', () => {
  const now = at('2026-11-24T09:41:00-05:00');
  const words = (text: string): string => when(at(text), now, ZONE).replaceAll('\u00a0', ' ');
  expect(words('2026-11-24T17:00:00-05:00')).toBe('today 5:00 pm');
  expect(words('2026-11-25T10:00:00-05:00')).toBe('tomorrow 10:00 am');
  expect(words('2026-11-27T10:00:00-05:00')).toBe('Fri 10:00 am');
  expect(words('2026-12-24T10:00:00-05:00')).toBe('Dec 24, 10:00 am');
  expect(words('2026-11-24T08:00:00-05:00')).toBe('today 8:00 am');
  expect(words('2026-11-20T08:00:00-05:00')).toBe('Fri, Nov 20');
});
