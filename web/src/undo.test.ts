// Is everything that was done taken back by Z, and nothing said that is not so?
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { post, Problem } from './api';
import { TOAST_MS, undo } from './undo.svelte';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  undo.toasts.forEach((toast) => undo.dismiss(toast.id));
});

afterEach(() => vi.useRealTimers());

const said = (): string[] => undo.toasts.map((toast) => toast.text);

function act(send: () => Promise<unknown>, log: string[], takeBack?: () => Promise<unknown>) {
  return undo.act({
    done: 'Snoozed to 2:00 pm',
    apply: () => log.push('apply'),
    revert: () => log.push('revert'),
    send,
    ...(takeBack ? { takeBack } : {}),
  });
}

test('an act shows before the store has answered', () => {
  const log: string[] = [];
  void act(() => new Promise(() => {}), log);
  expect(log).toEqual(['apply']);
  expect(said()).toEqual(['Snoozed to 2:00 pm']);
});

test('a refused act is reverted and the toast gives the store\'s reason', async () => {
  const log: string[] = [];
  const isDone = await act(() => Promise.reject(new Problem(409, 'already-claimed', 'Jo L. took it 4 s ago.')), log);
  expect(isDone).toBe(false);
  expect(log).toEqual(['apply', 'revert']);
  expect(said()).toEqual(['Jo L. took it 4 s ago.']);
});

test('Z takes back the last act, first on screen and then at the store', async () => {
  const log: string[] = [];
  const takeBack = async (): Promise<void> => void log.push('store');
  await act(async () => {}, log, takeBack);
  undo.undoLast();
  expect(log).toEqual(['apply', 'revert']);
  await vi.waitFor(() => expect(log).toEqual(['apply', 'revert', 'store']));
});

test('the store hears of an act before it hears that it is taken back', async () => {
  const log: string[] = [];
  let finish: (done?: unknown) => void = () => {};
  const send = (): Promise<void> => new Promise((done) => (finish = done)).then(() => void log.push('sent'));
  void act(send, log, async () => void log.push('store'));
  undo.undoLast();
  expect(log).toEqual(['apply', 'revert']);
  finish();
  await vi.waitFor(() => expect(log).toEqual(['apply', 'revert', 'sent', 'store']));
});

test('Z while something is being written waits until it is said, and takes that back', async () => {
  let answer: () => void = () => {};
  vi.stubGlobal('fetch', () => new Promise((given) => (answer = () => given(Response.json({})))));
  const log: string[] = [];
  undo.say('The one before', () => log.push('the one before'));
  void post('/api/notes', {}).then(() => undo.say('Written down', () => log.push('written down')));
  undo.undoLast();
  expect(log).toEqual([]);
  vi.useRealTimers();
  answer();
  await vi.waitFor(() => expect(log).toEqual(['written down']));
});

test('an act begun while Z waits is not what it takes back', async () => {
  let answer: () => void = () => {};
  vi.stubGlobal('fetch', () => new Promise((given) => (answer = () => given(Response.json({})))));
  const log: string[] = [];
  undo.say('The one before', () => log.push('the one before'));
  void post('/api/presence', {});
  undo.undoLast();
  void act(async () => {}, log, async () => void log.push('store'));
  vi.useRealTimers();
  answer();
  await vi.waitFor(() => expect(log).toContain('the one before'));
  expect(log).toEqual(['apply', 'the one before']);
});

test('Z with nothing to take back says so', () => {
  undo.undoLast();
  expect(said()).toEqual(['There is nothing to undo.']);
});

test('a toast goes after ten seconds, but not from under the pointer', () => {
  const id = undo.say('Copied.');
  undo.hold(id);
  vi.advanceTimersByTime(TOAST_MS * 2);
  expect(said()).toEqual(['Copied.']);
  undo.release(id);
  vi.advanceTimersByTime(TOAST_MS);
  expect(said()).toEqual([]);
});
