import { describe, expect, test } from 'vitest';
import type { CarDid, Feed, FeedCounts } from '../types';
import { behind, inOrder, readSaid, settingProblem, settingSaid, USUAL } from './feed';

const NOTHING: FeedCounts = { listed: 12, arrived: 0, changed: 0, cheaper: 0, dearer: 0, unchanged: 12, not_listed: 0, missing: 0, sold: 0, held_back: 0 };
const said = (counts: Partial<FeedCounts>): string => readSaid({ ...NOTHING, ...counts }).replaceAll('\u00A0', ' ');

describe('a reading in words', () => {
  test('counts what is new, and a price only once', () => {
    expect(said({})).toBe('nothing new');
    expect(said({ arrived: 2, changed: 5, cheaper: 3, dearer: 1, not_listed: 2 })).toBe('2 arrived, 3 prices down, 1 price up, 2 not listed and 1 changed otherwise');
    expect(said({ missing: 1, held_back: 1 })).toBe('1 missing and 1 row held back');
  });

  test('names arrivals first and what is only tidied last', () => {
    const cars = (['changed', 'missing', 'arrived', 'cheaper'] as const).map((did, vehicle_id) => ({ did, vehicle_id }) as CarDid);
    expect(inOrder(cars).map((car) => car.did)).toEqual(['arrived', 'cheaper', 'missing', 'changed']);
  });
});

test('a feed that was refused or not fetched says as of when the lot is', () => {
  const NOW = Date.UTC(2026, 10, 24, 15);
  const feed = (changed: Partial<Feed>): Feed => ({ name: 'Website', last: { outcome: 'taken' }, fetch: null, stands_ms: NOW - 86_400_000, ...changed }) as Feed;
  const fetch = { host: 'feeds.example.com', every_minutes: 60, asked_ms: NOW, next_ms: NOW, trouble: null };
  const lines = (...feeds: Feed[]): string[] => behind(feeds, NOW, 'America/New_York').map((line) => line.replaceAll('\u00A0', ' '));
  expect(lines(feed({}), feed({ fetch }))).toEqual([]);
  expect(lines(feed({ last: { outcome: 'refused' } as Feed['last'] }))).toEqual(['Website: its last snapshot was refused. Its cars and prices are those of Nov 23.']);
  expect(lines(feed({ stands_ms: null, fetch: { ...fetch, trouble: 'Nobody answers there.' } }))).toEqual([
    'Website: it could not be fetched. None of its cars is here yet.',
  ]);
});

test('how a feed is set is one sentence', () => {
  expect(settingSaid(USUAL)).toBe('The whole lot. A car that is absent twice running is missing; a snapshot without over 30 % of the cars is refused.');
  expect(settingSaid({ covers: 'used', patience: 1, most_gone_percent: 100 })).toBe('Used cars. A car that is absent once is missing; no snapshot is refused for what it lacks.');
});

test.each([
  [{}, 'Give the feed a name.'],
  [{ name: 'Website' }, null],
  [{ name: 'Website', patience: 0 }, 'A car may be absent 1 to 30 times.'],
  [{ name: 'Website', most_gone_percent: 30.5 }, 'The share is 1 to 100 percent.'],
])('%o is wrong by: %s', (change, problem) => {
  expect(settingProblem({ ...USUAL, ...change })).toBe(problem);
});
