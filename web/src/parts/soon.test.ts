// Do many changes at once cause one reading, and does a stream of them not starve the screen?
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { soon } from './soon';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('runs once for many calls close together', () => {
  const run = vi.fn();
  const ask = soon(run);
  for (let at = 0; at < 20; at++) ask();
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledTimes(1);
});

it('runs again for what comes later', () => {
  const run = vi.fn();
  const ask = soon(run);
  ask();
  vi.advanceTimersByTime(1_000);
  ask();
  vi.advanceTimersByTime(1_000);
  expect(run).toHaveBeenCalledTimes(2);
});

it('runs within two seconds however fast the calls keep coming', () => {
  const run = vi.fn();
  const ask = soon(run);
  for (let passed = 0; passed < 2_100; passed += 100) {
    ask();
    vi.advanceTimersByTime(100);
  }
  expect(run).toHaveBeenCalled();
});
