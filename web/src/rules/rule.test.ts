import { describe, expect, test } from 'vitest';
import type { RuleMatches, RuleSetting, RuleShape } from '../types';
import { figuresOf, goesTo, isAlike, matchSaid, outOfBounds, partSaid, settingOf, usefulSaid } from './rule';

const setting = (change: Partial<RuleSetting> = {}): RuleSetting => ({
  on: true,
  thresholds: [{ knob: 'looks', value: 4 }, { knob: 'window_hours', value: 48 }],
  cool_down_hours: 24,
  goes_to: [],
  hours: 'always',
  ...change,
});

const rule: RuleShape = {
  rule: 'back_on_same_car',
  name: 'Back on the same car',
  says: 'They keep coming back to one car on the lot.',
  setting: setting(),
  defaults: setting(),
  knobs: [
    { knob: 'looks', least: 2, most: 20, says: 'Looks at the car.' },
    { knob: 'window_hours', least: 6, most: 336, says: 'Hours within which they fall.' },
  ],
  cool_down_most_hours: 720,
  version: '1',
  cards_30_days: 30,
  cards_open: 2,
  answered_30_days: 20,
  judged_30_days: 12,
  useful_30_days: 7,
};

describe('what people said of a rule', () => {
  test.each([
    [0, 0, 'too few to read'],
    [9, 9, 'too few to read'],
    [10, 7, '7 of 10'],
    [19, 0, '0 of 19'],
    [20, 15, '15 of 20 (75%)'],
  ])('of %i judged, %i useful, is %s', (judged, useful, said) => {
    expect(usefulSaid({ judged_30_days: judged, useful_30_days: useful })).toBe(said);
  });
});

describe('the count while a rule is changed', () => {
  const matches = (matching: number, n: number, is_all = true): RuleMatches => ({
    matching,
    looked_at: 3_000,
    is_all,
    examples: Array.from({ length: n }, (_, at) => ({ id: at + 1, name: `Reader ${at}`, text: '4 looks' })),
  });

  test.each([
    [0, 0, 'Nobody matches now.'],
    [1, 1, '1 customer matches now:'],
    [3, 3, '3 customers match now:'],
    [1_200, 5, '1,200 customers match now, three of them:'],
  ])('%i with %i examples is said so', (matching, n, said) => {
    expect(matchSaid(matches(matching, n), 3)).toBe(said);
  });

  test('says so when it counted a part only', () => {
    expect(partSaid(matches(4, 3))).toBeNull();
    expect(partSaid(matches(4, 3, false))).toBe('Counted among the 3,000 newest customers only; there may be more.');
  });
});

describe('what a form says', () => {
  const said = { on: true, goes_to: [], hours: 'always' } as const;

  test('is the setting it was opened with until something is changed', () => {
    const again = settingOf(rule, { ...said, goes_to: [] }, figuresOf(rule, rule.setting));
    expect(again).toEqual(rule.setting);
  });

  test.each([
    [{ knobs: [1, 48], cool_down_hours: 24 }],
    [{ knobs: [4.5, 48], cool_down_hours: 24 }],
    [{ knobs: [null, 48], cool_down_hours: 24 }],
    [{ knobs: [4, 48], cool_down_hours: 721 }],
    [{ knobs: [4, 48], cool_down_hours: null }],
  ])('is no setting with %o', (figures) => {
    expect(settingOf(rule, { ...said, goes_to: [] }, figures)).toBeNull();
  });

  test('names the bounds of a number that does not fit', () => {
    expect(outOfBounds(1, 2, 20)).toBe('A whole number from 2 to 20.');
    expect(outOfBounds(20, 2, 20)).toBeNull();
  });
});

test('two settings are alike by everything but the switch', () => {
  expect(isAlike(setting(), setting({ on: false }))).toBe(true);
  expect(isAlike(setting(), setting({ hours: 'store_hours' }))).toBe(false);
  expect(isAlike(setting(), setting({ goes_to: ['manager'] }))).toBe(false);
  expect(isAlike(setting(), setting({ cool_down_hours: 0 }))).toBe(false);
  expect(isAlike(setting(), setting({ thresholds: [{ knob: 'looks', value: 3 }, { knob: 'window_hours', value: 48 }] }))).toBe(false);
});

test('says to whom the cards go', () => {
  expect(goesTo([])).toBe('To whom the customer belongs, else in turn.');
  expect(goesTo(['owner', 'manager'])).toBe('To Manager and Owner, whoever of them is free.');
});
