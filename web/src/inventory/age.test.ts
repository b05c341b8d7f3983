// From which day on is a car's age marked?
import { expect, it } from 'vitest';
import { ageOf } from './age';

it.each([
  [null, undefined],
  [0, undefined],
  [44, undefined],
  [45, 'diamond'],
  [59, 'diamond'],
  [60, 'octagon'],
  [400, 'octagon'],
])('%s days on the lot is drawn as %s', (days, shape) => {
  expect(ageOf(days)?.shape).toBe(shape);
});
