// How is a rule set, and what came of it? Pure words and checks for its row and its form.
import { roleName } from '../shell/standing';
import type { Knob, Role, RuleMatches, RuleSetting, RuleShape } from '../types';
import { count, list, percent, plural } from '../words';

// Fewer than ten words say nothing of a rule; below twenty a share still reads as more than it is.
export const READABLE = 10;
const SHARED = 20;

/** Whoever may be asked, in the order of the store. */
export const ROLES: readonly Role[] = ['rep', 'bdc', 'advisor', 'finance', 'manager', 'owner'];

/** "too few to read", "7 of 12", "16 of 22 (73%)". */
export function usefulSaid({ judged_30_days: judged, useful_30_days: useful }: Pick<RuleShape, 'judged_30_days' | 'useful_30_days'>): string {
  if (judged < READABLE) return 'too few to read';
  const figures = `${count(useful)} of ${count(judged)}`;
  return judged < SHARED ? figures : `${figures} (${percent(useful / judged)})`;
}

/** What stands behind that, for whoever rests on it. */
export function usefulBehind({ judged_30_days: judged, useful_30_days: useful }: Pick<RuleShape, 'judged_30_days' | 'useful_30_days'>): string {
  if (judged === 0) return 'Nobody said yet whether its cards were useful.';
  return `Of ${plural(judged, 'card')} somebody said whether it was useful: ${count(useful)} were.`;
}

/** "12 customers match now, three of them:", "Nobody matches now." */
export function matchSaid({ matching, examples }: RuleMatches, shown: number): string {
  if (matching === 0) return 'Nobody matches now.';
  const matched = matching === 1 ? '1 customer matches now' : `${count(matching)} customers match now`;
  const n = Math.min(examples.length, shown);
  if (n === 0) return `${matched}.`;
  return matching <= n ? `${matched}:` : `${matched}, ${['', 'one', 'two', 'three'][n] ?? n} of them:`;
}

/** Said when the count is of a part only. */
export function partSaid({ is_all, looked_at }: RuleMatches): string | null {
  return is_all ? null : `Counted among the ${plural(looked_at, 'newest customer')} only; there may be more.`;
}

/** A number as the form holds it: null while it is none. */
export type Figures = { knobs: (number | null)[]; cool_down_hours: number | null };

export function valueOf(setting: RuleSetting, knob: Knob): number {
  return setting.thresholds.find((threshold) => threshold.knob === knob)?.value ?? 0;
}

/** What is wrong with a number, or null. */
export function outOfBounds(value: number | null, least: number, most: number): string | null {
  const fits = value !== null && Number.isInteger(value) && value >= least && value <= most;
  return fits ? null : `A whole number from ${count(least)} to ${count(most)}.`;
}

/** The setting that a form says, or null as long as a number of it is none. */
export function settingOf(rule: RuleShape, said: Omit<RuleSetting, 'thresholds' | 'cool_down_hours'>, figures: Figures): RuleSetting | null {
  const { cool_down_hours } = figures;
  const values = rule.knobs.map((knob, at) => ({ ...knob, value: figures.knobs[at] ?? null }));
  if (values.some(({ value, least, most }) => outOfBounds(value, least, most) !== null)) return null;
  if (cool_down_hours === null || outOfBounds(cool_down_hours, 0, rule.cool_down_most_hours) !== null) return null;
  return { ...said, cool_down_hours, thresholds: values.map(({ knob, value }) => ({ knob, value: value ?? 0 })) };
}

export function figuresOf(rule: RuleShape, setting: RuleSetting): Figures {
  return { knobs: rule.knobs.map(({ knob }) => valueOf(setting, knob)), cool_down_hours: setting.cool_down_hours };
}

/** Whether two settings work the same; whether the rule is on is another matter. */
export function isAlike(a: RuleSetting, b: RuleSetting): boolean {
  const same = (one: RuleSetting, other: RuleSetting): boolean => one.thresholds.every(({ knob, value }) => valueOf(other, knob) === value);
  return (
    same(a, b) &&
    same(b, a) &&
    a.cool_down_hours === b.cool_down_hours &&
    (a.hours ?? 'always') === (b.hours ?? 'always') &&
    ROLES.every((role) => a.goes_to.includes(role) === b.goes_to.includes(role))
  );
}

/** "To managers and owners", "To whom the customer belongs, else in turn". */
export function goesTo(roles: readonly Role[]): string {
  if (roles.length === 0) return 'To whom the customer belongs, else in turn.';
  return `To ${list(ROLES.filter((role) => roles.includes(role)).map(roleName))}, whoever of them is free.`;
}
