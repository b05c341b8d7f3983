// How does the list change without moving under the hand? Pure steps from one list to the next.
import type { AlertRow, Level } from '../types';

/**
 * A row as it stands on screen. `group` is the level it was sorted under: a row whose level changes
 * stays where it is until the next re-sort. `gone` says why a row finished elsewhere is dimmed.
 */
export type Line = { alert: AlertRow; group: Level; gone: string | null };

/** `waiting` rows are new and stand behind the "2 new" pill, so that they push nothing aside. */
export type Queue = { lines: Line[]; waiting: AlertRow[] };

export const EMPTY: Queue = { lines: [], waiting: [] };

/** The store's own order, taken over whole. Only a re-sort does this. */
export function sorted(items: readonly AlertRow[], keep: Line | null = null, at = 0): Queue {
  const lines = items.map(line);
  // The row being read stays, even when it is finished, until the reader moves on.
  const isMissing = keep !== null && !items.some((alert) => alert.id === keep.alert.id);
  if (isMissing) lines.splice(Math.min(at, lines.length), 0, keep);
  return { lines, waiting: [] };
}

/** Rows update in place, unknown rows wait, and no row changes its index. */
export function reconciled(queue: Queue, items: readonly AlertRow[]): Queue {
  return items.reduce(updated, queue);
}

/** One row heard of. An older word than the one shown is not taken. */
export function updated(queue: Queue, alert: AlertRow): Queue {
  const shown = queue.lines.find((other) => other.alert.id === alert.id);
  if (shown) return isNews(alert, shown.alert) || shown.gone !== null ? shownAgain(queue, alert) : queue;
  const known = queue.waiting.find((other) => other.id === alert.id);
  if (!known) return { ...queue, waiting: [...queue.waiting, alert] };
  if (!isNews(alert, known)) return queue;
  return { ...queue, waiting: queue.waiting.map((other) => (other.id === alert.id ? alert : other)) };
}

/** A row that is no longer in this list: dimmed where it stands, or dropped when it was never shown. */
export function left(queue: Queue, id: number, why: string, alert: AlertRow | null = null): Queue {
  return {
    lines: queue.lines.map((other) =>
      other.alert.id === id ? { ...other, gone: why, alert: alert && isNews(alert, other.alert) ? alert : other.alert } : other,
    ),
    waiting: queue.waiting.filter((other) => other.id !== id),
  };
}

/** Ids on screen or waiting that a complete list no longer names. */
export function missing(queue: Queue, items: readonly AlertRow[]): number[] {
  const named = new Set(items.map((alert) => alert.id));
  const open = queue.lines.filter((other) => other.gone === null).map((other) => other.alert.id);
  return [...open, ...queue.waiting.map((other) => other.id)].filter((id) => !named.has(id));
}

/** An act was taken back: its row stands again where it stood. */
export function putBack(queue: Queue, back: Line, at: number): Queue {
  const lines = queue.lines.filter((other) => other.alert.id !== back.alert.id);
  lines.splice(Math.min(at, lines.length), 0, back);
  return { lines, waiting: queue.waiting.filter((other) => other.id !== back.alert.id) };
}

/** The store opened another card in the place of one that it had closed: so does the list. */
export function succeeded(queue: Queue, id: number, by: AlertRow): Queue {
  const others = queue.lines.filter((other) => other.alert.id !== by.id);
  return {
    lines: others.map((other) => (other.alert.id === id ? { ...other, alert: by, gone: null } : other)),
    waiting: queue.waiting.filter((other) => other.id !== by.id),
  };
}

export function without(queue: Queue, id: number): Queue {
  return {
    lines: queue.lines.filter((other) => other.alert.id !== id),
    waiting: queue.waiting.filter((other) => other.id !== id),
  };
}

/** The row to look at when `id` leaves: the next one down that is still open, else the last one up. */
export function neighbour(lines: readonly Line[], id: number): number | null {
  const at = lines.findIndex((other) => other.alert.id === id);
  const open = (other: Line): boolean => other.gone === null && other.alert.id !== id;
  return (lines.slice(at + 1).find(open) ?? lines.slice(0, Math.max(at, 0)).findLast(open))?.alert.id ?? null;
}

function line(alert: AlertRow): Line {
  return { alert, group: alert.level, gone: null };
}

function isNews(alert: AlertRow, shown: AlertRow): boolean {
  return alert.seq > shown.seq;
}

// A row that had left and is named again is open again: undone by whoever finished it.
function shownAgain(queue: Queue, alert: AlertRow): Queue {
  const take = (other: Line): Line => ({ ...other, alert: isNews(alert, other.alert) ? alert : other.alert, gone: null });
  return { ...queue, lines: queue.lines.map((other) => (other.alert.id === alert.id ? take(other) : other)) };
}
