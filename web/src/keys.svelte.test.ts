// Are keys that are added kept when others go in the same moment, as when a card appears and the list's own keys make room?
import { flushSync } from 'svelte';
import { beforeEach, expect, test, vi } from 'vitest';
import { Keys } from './keys.svelte';

beforeEach(() => localStorage.clear());

test('what comes while something else goes acts at once', () => {
  const keys = new Keys();
  const [take, other] = [vi.fn(), vi.fn()];
  let isOffered = $state(false);
  const stop = $effect.root(() => {
    $effect(() => (isOffered ? keys.use([{ keys: 'Shift+m', label: 'Take it', group: 'List', run: take }]) : undefined));
    $effect(() => (isOffered ? undefined : keys.use([{ keys: 'x', label: 'Another', group: 'List', run: other }])));
  });
  flushSync();
  isOffered = true;
  flushSync();
  keys.press(new KeyboardEvent('keydown', { key: 'M', shiftKey: true }), 0);
  keys.press(new KeyboardEvent('keydown', { key: 'x' }), 0);
  expect(take).toHaveBeenCalledOnce();
  expect(other).not.toHaveBeenCalled();
  expect(keys.active.map((binding) => binding.keys)).toEqual(['Shift+m']);
  stop();
});
