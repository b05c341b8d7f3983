// What stands in the message box? The draft as written for us, or what this person made of it on this device.

export type Range = [start: number, end: number];
export type Kept = { text: string; at_ms: number };
export type Tab = 'text' | 'email' | 'call';

// 24 h: long enough for a shift and its morning after, short enough that old words are not sent.
const KEPT_MS = 24 * 3_600_000;

/**
 * Where the inserted facts stand after an edit. A fact that was typed into is no longer the
 * store's fact, so its tint goes.
 */
export function moved(before: string, after: string, ranges: readonly Range[]): Range[] {
  const start = commonStart(before, after);
  const end = commonEnd(before, after, start);
  const editedTo = before.length - end;
  const shift = after.length - before.length;
  const kept: Range[] = [];
  for (const [from, to] of ranges) {
    if (to <= start) kept.push([from, to]);
    else if (from >= editedTo) kept.push([from + shift, to + shift]);
  }
  return kept;
}

/** The text cut at its inserted facts, to draw them tinted. */
export function pieces(text: string, ranges: readonly Range[]): { text: string; isFact: boolean }[] {
  const found: { text: string; isFact: boolean }[] = [];
  let at = 0;
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (from > at) found.push({ text: text.slice(at, from), isFact: false });
    found.push({ text: text.slice(Math.max(from, at), to), isFact: true });
    at = Math.max(at, to);
  }
  if (at < text.length) found.push({ text: text.slice(at), isFact: false });
  return found;
}

export function readKept(user: number, alert: number, tab: Tab, now_ms: number): string | null {
  const stored = localStorage.getItem(name(user, alert, tab));
  if (stored === null) return null;
  const kept = JSON.parse(stored) as Kept;
  return now_ms - kept.at_ms < KEPT_MS ? kept.text : null;
}

export function keep(user: number, alert: number, tab: Tab, text: string, now_ms: number): void {
  localStorage.setItem(name(user, alert, tab), JSON.stringify({ text, at_ms: now_ms } satisfies Kept));
}

export function forget(user: number, alert: number): void {
  for (const tab of ['text', 'email', 'call'] as const) localStorage.removeItem(name(user, alert, tab));
}

/** Drops what is too old to be meant; called when the screen opens. */
export function sweep(now_ms: number): void {
  for (const stored of Object.keys(localStorage).filter((other) => other.startsWith(PREFIX))) {
    const kept = JSON.parse(localStorage.getItem(stored) ?? '{}') as Partial<Kept>;
    if (now_ms - (kept.at_ms ?? 0) >= KEPT_MS) localStorage.removeItem(stored);
  }
}

const PREFIX = 'headlight.draft.';

function name(user: number, alert: number, tab: Tab): string {
  return `${PREFIX}${user}.${alert}.${tab}`;
}

function commonStart(before: string, after: string): number {
  let at = 0;
  while (at < before.length && at < after.length && before[at] === after[at]) at++;
  return at;
}

function commonEnd(before: string, after: string, start: number): number {
  let at = 0;
  const most = Math.min(before.length, after.length) - start;
  while (at < most && before[before.length - 1 - at] === after[after.length - 1 - at]) at++;
  return at;
}
