// Does the store know who looks at a customer, and only while they look?
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { put, removeInPassing } from '../api';
import { live } from '../live.svelte';
import { AGAIN_MS, DWELL_MS, Viewers } from './viewers.svelte';

vi.mock('../api', () => ({ put: vi.fn(), removeInPassing: vi.fn(), get: vi.fn() }));

const JO = { id: 2, name: 'Jo Lindqvist', initials: 'JL', role: 'rep', available: true };
let seen: DocumentVisibilityState;
let heard: (customer: number) => void;
let stop: () => void;
const viewers = new Viewers();

const puts = (): string[] => vi.mocked(put).mock.calls.map(([path]) => path.replace(/\d+$/, 'PAGE'));
const leaves = (): string[] => vi.mocked(removeInPassing).mock.calls.map(([path]) => path.replace(/\d+$/, 'PAGE'));
const see = (state: DocumentVisibilityState): void => {
  seen = state;
  document.dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(put).mockReset().mockResolvedValue({ others: [JO] });
  vi.mocked(removeInPassing).mockReset();
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => seen);
  vi.spyOn(live, 'onViewers').mockImplementation((listener) => {
    heard = listener;
    return () => {};
  });
  seen = 'visible';
  stop = viewers.watch('7');
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('whoever stays a second looks, and is told who else does', async () => {
  expect(puts()).toEqual([]);
  await vi.advanceTimersByTimeAsync(DWELL_MS);
  expect(puts()).toEqual(['/api/customers/7/viewers/PAGE']);
  expect(viewers.others).toEqual([JO]);
});

test('whoever walks on at once has looked at nobody', async () => {
  stop();
  await vi.advanceTimersByTimeAsync(DWELL_MS);
  expect([puts(), leaves()]).toEqual([[], []]);
});

test('an open page says so often enough to miss two words and be remembered', async () => {
  await vi.advanceTimersByTimeAsync(60_000);
  expect(puts().length).toBe(1 + Math.floor(60_000 / AGAIN_MS));
  expect(AGAIN_MS * 3).toBeLessThanOrEqual(60_000);
});

test('it asks again when others look at this customer than before, and at no other', async () => {
  await vi.advanceTimersByTimeAsync(DWELL_MS);
  vi.mocked(put).mockResolvedValue({ others: [] });
  heard(8);
  expect(puts().length).toBe(1);
  heard(7);
  await vi.advanceTimersByTimeAsync(0);
  expect(puts().length).toBe(2);
  expect(viewers.others).toEqual([]);
});

test('a page that nobody sees looks at nobody', async () => {
  await vi.advanceTimersByTimeAsync(DWELL_MS);
  see('hidden');
  expect(leaves()).toEqual(['/api/customers/7/viewers/PAGE']);
  await vi.advanceTimersByTimeAsync(2 * AGAIN_MS);
  expect(puts().length).toBe(1);
  see('visible');
  await vi.advanceTimersByTimeAsync(DWELL_MS);
  expect(puts().length).toBe(2);
});

test('going to another customer leaves this one', async () => {
  await vi.advanceTimersByTimeAsync(DWELL_MS);
  stop();
  expect(leaves()).toEqual(['/api/customers/7/viewers/PAGE']);
  stop = viewers.watch('9');
  expect(viewers.others, 'not yet told').toBeNull();
});

test('a store that cannot be reached is no reason to complain', async () => {
  vi.mocked(put).mockRejectedValue(new Error('unreachable'));
  await vi.advanceTimersByTimeAsync(DWELL_MS);
  expect(viewers.others).toBeNull();
});
