// Are the days that a reason says the store's own?
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AGAIN_AFTER_DAYS, REASON_WORDS, reasonsBut } from './reasons';

test('every reason that the box shows a day for has the day that the store gives it', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../src/domain/opportunity.rs'), 'utf8');
  const body = source.slice(source.indexOf('fn again_after_days'));
  const said = [...body.matchAll(/((?:Self::\w+(?:\s*\|\s*)?)+) => Some\((\d+)\)/g)].flatMap(([, names, days]) =>
    [...(names ?? '').matchAll(/Self::(\w+)/g)].map(([, name]) => [(name ?? '').replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase(), Number(days)]),
  );
  expect(said.length).toBeGreaterThan(0);
  expect(AGAIN_AFTER_DAYS).toEqual(Object.fromEntries(said));
});

test('one that cannot be meant is not offered', () => {
  const offered = reasonsBut(['unknown', 'duplicate']).map((reason) => reason.value);
  expect(offered).toHaveLength(Object.keys(REASON_WORDS).length - 2);
  expect(offered).not.toContain('duplicate');
});
