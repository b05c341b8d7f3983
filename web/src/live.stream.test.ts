// Is nothing missed when the line to the store computer breaks, sleeps or repeats itself?
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CHECK_MS, LiveStream, type News, SILENT_MS } from './live.stream';

const CLOSED = 2;

/** An event source that a test speaks through. */
class Line extends EventTarget {
  readyState = 1;

  say(type: string, data: unknown = {}): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }

  close(): void {
    this.readyState = CLOSED;
  }
}

let lines: Line[];
let heard: News[];
let clock_ms: number;
let stream: LiveStream;

const line = (): Line => {
  const last = lines.at(-1);
  if (!last) throw new Error('No line was opened.');
  return last;
};
const seqs = (): number[] => heard.flatMap((news) => (news.is === 'change' ? [news.change.seq] : []));
const resyncs = (): number => heard.filter((news) => news.is === 'resync').length;
const losses = (): number => heard.filter((news) => news.is === 'lost').length;
/** Lets time pass, for the clock and for the timers alike. */
const pass = (ms: number): void => {
  for (let passed = 0; passed < ms; passed += CHECK_MS) {
    clock_ms += CHECK_MS;
    vi.advanceTimersByTime(CHECK_MS);
  }
};
const change = (seq: number): void => line().say('change', { seq, kind: 'alert', id: 1 });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', { CLOSED });
  lines = [];
  heard = [];
  clock_ms = 0;
  const open = (): EventSource => {
    const opened = new Line();
    lines.push(opened);
    return opened as unknown as EventSource;
  };
  stream = new LiveStream((news) => heard.push(news), { open, now: () => clock_ms });
  line().say('hello', { now_ms: 0, seq: 40 });
});

afterEach(() => {
  stream.stop();
  vi.useRealTimers();
});

test('a change heard twice is told once', () => {
  change(41);
  change(41);
  change(42);
  expect(seqs()).toEqual([41, 42]);
});

test('a change that comes out of order is not told after a newer one', () => {
  change(42);
  change(41);
  expect(seqs()).toEqual([42]);
});

test('a line that the browser resumed repeats what was missed, and nothing is read again', () => {
  line().fail(0);
  line().say('hello', { now_ms: 0, seq: 43 });
  change(41);
  change(42);
  change(43);
  expect(seqs()).toEqual([41, 42, 43]);
  expect(resyncs()).toBe(0);
});

test('a gap that the server cannot replay asks for reading again', () => {
  line().say('resync');
  expect(resyncs()).toBe(1);
});

test('a line begun anew asks for reading again only when something was missed', () => {
  stream.restart();
  line().say('hello', { now_ms: 0, seq: 40 });
  expect(resyncs()).toBe(0);
  stream.restart();
  line().say('hello', { now_ms: 0, seq: 45 });
  expect(resyncs()).toBe(1);
  change(45);
  change(46);
  expect(seqs()).toEqual([46]);
});

test('a store put back from a backup is believed, though it counts lower', () => {
  line().fail(0);
  line().say('hello', { now_ms: 0, seq: 12 });
  expect(resyncs()).toBe(1);
  change(13);
  expect(seqs()).toEqual([13]);
});

test('a line that was closed for good is opened again, more and more slowly', () => {
  line().fail(CLOSED);
  vi.advanceTimersByTime(1_000);
  expect(lines.length).toBe(2);
  line().fail(CLOSED);
  vi.advanceTimersByTime(1_000);
  expect(lines.length).toBe(2);
  vi.advanceTimersByTime(1_000);
  expect(lines.length).toBe(3);
});

test('a line that has gone silent is given up within half a minute and begun anew', () => {
  pass(SILENT_MS);
  expect([lines.length, losses()]).toEqual([1, 0]);
  pass(CHECK_MS);
  expect([lines.length, losses()]).toEqual([2, 1]);
  expect(SILENT_MS + CHECK_MS).toBeLessThanOrEqual(30_000);
});

test('a store that does not answer the new line either is tried again', () => {
  pass(3 * (SILENT_MS + CHECK_MS));
  expect([lines.length, losses()]).toEqual([4, 3]);
});

test('a line that the browser keeps trying to resume is left to it', () => {
  for (let tries = 0; tries < 12; tries++) {
    pass(CHECK_MS);
    line().fail(0);
  }
  expect(lines.length).toBe(1);
});

test('a quiet afternoon is no silence, because the store says that it is there', () => {
  for (let beat = 0; beat < 8; beat++) {
    pass(15_000);
    line().say('hb');
  }
  expect([lines.length, losses()]).toEqual([1, 0]);
  expect(heard.filter((news) => news.is === 'alive').length).toBe(8);
});

test('a machine that slept begins anew, because its line may be dead without saying so', () => {
  clock_ms += 3_600_000;
  vi.advanceTimersByTime(CHECK_MS);
  expect(lines.length).toBe(2);
});

test('a stream that was stopped begins nothing', () => {
  stream.stop();
  pass(SILENT_MS + CHECK_MS);
  expect(lines.length).toBe(1);
});
