// How far have the sales come, what comes next, and what lies in the void? The words of the board, and how it changes.
import type { Board, BoardColumn, BoardRow, FollowUp, Lost, NextStep, Opportunity, Person, Stage } from '../types';
import { dayNumber, moment, plural } from '../words';
import { shortWhen, when } from './moments';

export const STAGE_WORDS: Record<Stage, string> = {
  new: 'New',
  attempted: 'Attempted',
  engaged: 'Engaged',
  appointment: 'Appointment',
  visit: 'Visit',
  proposal: 'Proposal',
  sold: 'Sold',
  delivered: 'Delivered',
  unknown: 'Unknown',
};

/** Those that a sale under way can be in, in its order. Sold is what a deal says, not a hand. */
export const STAGES = ['new', 'attempted', 'engaged', 'appointment', 'visit', 'proposal'] as const satisfies readonly Stage[];

export type OpenStage = (typeof STAGES)[number];

/** The sale with a customer, as far as an act on it must know it. */
export type Sale = { customer: { id: number; name: string }; stage: Stage; followUp: FollowUp | null };

export function saleOf(row: BoardRow): Sale {
  return { customer: row.customer, stage: row.stage, followUp: row.follow_up };
}

/** What an act makes of a sale, to be shown before the store has answered. */
export type Change =
  | { kind: 'stage'; stage: Stage; why: string }
  | { kind: 'released' }
  | { kind: 'follow_up'; followUp: FollowUp | null }
  | { kind: 'lost'; lost: Lost }
  | { kind: 'reopened' }
  | { kind: 'owner'; owner: Person };

/** "Today", "1 day", "12 days": how long a sale has stood where it is. */
export function standing(since_ms: number, now_ms: number, zone: string): string {
  const days = dayNumber(now_ms, zone) - dayNumber(since_ms, zone);
  return days <= 0 ? 'Today' : plural(days, 'day');
}

export type Next = { text: string; title: string; shape: 'disc' | 'check' | 'ring' | 'triangle' };

/** What comes next as short as a card needs it, with its hour for the title, and the shape that says the same. */
export function nextWords(next: NextStep, now_ms: number, zone: string): Next {
  switch (next.t) {
    case 'in_showroom':
      return { text: 'In the showroom', title: '', shape: 'disc' };
    case 'card':
      if (next.comes_back_ms === null) return { text: 'Card open', title: '', shape: 'disc' };
      return { text: `Card back ${shortWhen(next.comes_back_ms, now_ms, zone)}`, title: when(next.comes_back_ms, now_ms, zone), shape: 'ring' };
    case 'follow_up':
      return { text: `Follow-up ${shortWhen(next.due_ms, now_ms, zone)}`, title: when(next.due_ms, now_ms, zone), shape: 'check' };
    case 'nothing':
      return { text: 'No next step', title: '', shape: 'triangle' };
  }
}

/** Why nothing comes next: what was the last that did. */
export function whyInVoid(row: BoardRow, now_ms: number, zone: string): string {
  const card = row.next.t === 'nothing' ? row.next.card : null;
  const promised = row.follow_up;
  if (promised && promised.due_ms <= now_ms && (!card || card.at_ms < promised.due_ms)) {
    const what = promised.what ? `: ${promised.what}` : '';
    return `The follow-up of ${when(promised.due_ms, now_ms, zone)} has passed${what}`;
  }
  if (card) {
    const by = card.by ? ` by ${card.by}` : '';
    return `Last card closed ${moment(card.at_ms, now_ms, zone)}${by}: ${card.why.charAt(0).toLowerCase()}${card.why.slice(1)}`;
  }
  return row.owner ? 'No card ever opened, and no follow-up was set' : 'Nobody has them, and no card ever opened';
}

// ---- How the board changes

export function totalOf(board: Board): number {
  return board.columns.reduce((sum, column) => sum + column.total, 0);
}

export function find(board: Board, opportunity: number): BoardRow | null {
  return board.columns.flatMap((column) => column.rows).find((row) => row.opportunity === opportunity) ?? null;
}

/** The board once `change` is made of one sale. */
export function changed(board: Board, opportunity: number, change: Change): Board {
  const row = find(board, opportunity);
  if (!row) return board;
  switch (change.kind) {
    case 'stage':
      return placed(taken(board, row), { ...row, stage: change.stage });
    case 'lost':
      return counted(taken(board, row), row, null);
    case 'follow_up': {
      const next = withFollowUp(row, change.followUp);
      return counted(swapped(board, next), row, next);
    }
    case 'owner':
      return swapped(board, { ...row, owner: change.owner });
    case 'reopened':
    case 'released':
      return board;
  }
}

function withFollowUp(row: BoardRow, followUp: FollowUp | null): BoardRow {
  // Who is here, or has a card, is seen to before any follow-up.
  const isFree = row.next.t === 'nothing' || row.next.t === 'follow_up';
  const next: NextStep = followUp ? { t: 'follow_up', due_ms: followUp.due_ms } : { t: 'nothing', card: null };
  return { ...row, follow_up: followUp, next: isFree ? next : row.next };
}

function counted(board: Board, before: BoardRow, after: BoardRow | null): Board {
  const isVoid = (row: BoardRow | null): number => Number(row?.next.t === 'nothing');
  return { ...board, in_void: board.in_void - isVoid(before) + isVoid(after) };
}

function swapped(board: Board, row: BoardRow): Board {
  const swap = (other: BoardRow): BoardRow => (other.opportunity === row.opportunity ? row : other);
  return { ...board, columns: board.columns.map((column) => ({ ...column, rows: column.rows.map(swap) })) };
}

function taken(board: Board, row: BoardRow): Board {
  return withColumn(board, row.stage, (column) => ({
    ...column,
    total: column.total - 1,
    rows: column.rows.filter((other) => other.opportunity !== row.opportunity),
  }));
}

// The nearest to buying first, as the store has them.
function placed(board: Board, row: BoardRow): Board {
  return withColumn(board, row.stage, (column) => {
    const at = column.rows.findIndex((other) => other.score < row.score);
    const rows = at < 0 ? [...column.rows, row] : column.rows.toSpliced(at, 0, row);
    return { ...column, total: column.total + 1, rows };
  });
}

function withColumn(board: Board, stage: Stage, change: (column: BoardColumn) => BoardColumn): Board {
  return { ...board, columns: board.columns.map((column) => (column.stage === stage ? change(column) : column)) };
}

/** What was read anew, in the order in which it is shown: nothing known moves under a hand, what is new stands behind its neighbour. */
export function inPlace(shown: readonly BoardRow[], read: readonly BoardRow[]): BoardRow[] {
  const given = new Map(read.map((row) => [row.opportunity, row]));
  const rows = shown.flatMap((row) => given.get(row.opportunity) ?? []);
  const known = new Set(rows.map((row) => row.opportunity));
  read.forEach((row, at) => {
    if (known.has(row.opportunity)) return;
    const before = read[at - 1];
    const behind = before ? rows.findIndex((other) => other.opportunity === before.opportunity) + 1 : 0;
    rows.splice(behind, 0, row);
  });
  return rows;
}

export function reconciled(shown: Board | null, read: Board): Board {
  const columns = read.columns.map((column) => {
    const rows = shown?.columns.find((other) => other.stage === column.stage)?.rows ?? [];
    return { ...column, rows: inPlace(rows, column.rows) };
  });
  return { ...read, columns };
}

/** The card beside one, going by an arrow: up and down in its column, left and right to the nearest column that has cards. */
export function beside(board: Board, opportunity: number | null, arrow: 'up' | 'down' | 'left' | 'right'): BoardRow | null {
  const columns = board.columns.filter((column) => column.rows.length > 0);
  const x = columns.findIndex((column) => column.rows.some((row) => row.opportunity === opportunity));
  if (x < 0) return columns[0]?.rows[0] ?? null;
  const y = columns[x]?.rows.findIndex((row) => row.opportunity === opportunity) ?? 0;
  if (arrow === 'up' || arrow === 'down') return columns[x]?.rows[y + (arrow === 'down' ? 1 : -1)] ?? null;
  const rows = columns[x + (arrow === 'right' ? 1 : -1)]?.rows ?? [];
  return rows[Math.min(y, rows.length - 1)] ?? null;
}

/** The sale of a customer's page once `change` is made; a follow-up with somebody with whom nothing is under way begins one. */
export function afterwards(sale: Opportunity | null, change: Change, now_ms: number): Opportunity | null {
  if (change.kind === 'follow_up' && change.followUp && !sale?.is_open) return { ...begun(now_ms), follow_up: change.followUp };
  if (!sale) return null;
  switch (change.kind) {
    case 'stage':
      return reached(sale, change.stage, change.why, now_ms);
    case 'released': {
      const path = sale.path.slice(0, -1);
      return { ...sale, path, stage: path.at(-1)?.stage ?? 'new', since_ms: path.at(-1)?.at_ms ?? sale.opened_ms, by_hand: false };
    }
    case 'follow_up':
      return { ...sale, follow_up: change.followUp };
    case 'lost':
      return { ...sale, lost: change.lost, is_open: false };
    case 'reopened':
      return { ...sale, lost: null, is_open: true };
    case 'owner':
      return sale;
  }
}

function reached(sale: Opportunity, stage: Stage, because: string, at_ms: number): Opportunity {
  return { ...sale, stage, since_ms: at_ms, by_hand: true, path: [...sale.path, { stage, at_ms, because }] };
}

function begun(now_ms: number): Opportunity {
  return { id: 0, stage: 'new', since_ms: now_ms, opened_ms: now_ms, is_open: true, path: [], by_hand: false, lost: null, follow_up: null };
}
