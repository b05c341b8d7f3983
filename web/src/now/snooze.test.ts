// Does "after lunch" mean the store's lunch, also when the clocks change?
import { expect, test } from 'vitest';
import { atHour, fromField, moments, toField } from './snooze';

const ZONE = 'America/New_York';

test('the moments are on the store\'s clock', () => {
  const labels = moments(Date.UTC(2026, 10, 24, 14, 41), ZONE).map((moment) => `${moment.label}: ${moment.note}`);
  expect(labels).toEqual([
    'In 1 hour: 10:41\u00A0am',
    'After lunch: 1:00\u00A0pm',
    'Tomorrow morning: 9:00\u00A0am',
    'In a week: Dec\u00A01, 9:00\u00A0am',
  ]);
});

test('after lunch is not offered in the afternoon', () => {
  const labels = moments(Date.UTC(2026, 10, 24, 19, 0), ZONE).map((moment) => moment.label);
  expect(labels).not.toContain('After lunch');
});

test('tomorrow at nine is nine on the wall on the day the clocks go back', () => {
  const evening = Date.UTC(2026, 9, 31, 22, 0);
  expect(atHour(evening + 24 * 3_600_000, 9, ZONE)).toBe(Date.UTC(2026, 10, 1, 14, 0));
});

test('tomorrow at nine is nine on the wall on the day the clocks go forward', () => {
  const evening = Date.UTC(2026, 2, 7, 22, 0);
  expect(atHour(evening + 24 * 3_600_000, 9, ZONE)).toBe(Date.UTC(2026, 2, 8, 13, 0));
});

test('a date-time field is read and shown on the store\'s clock', () => {
  const ms = Date.UTC(2026, 10, 24, 19, 30);
  expect(toField(ms, ZONE)).toBe('2026-11-24T14:30');
  expect(fromField('2026-11-24T14:30', ZONE)).toBe(ms);
  expect(fromField('', ZONE)).toBeNull();
});
