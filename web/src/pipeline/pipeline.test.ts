// Does the board change as the store will, and does it say what comes next and why nothing does?
import { describe, expect, test } from 'vitest';
import type { Board, BoardRow, NextStep, Opportunity } from '../types';
import { afterwards, beside, changed, find, inPlace, nextWords, reconciled, STAGES, standing, totalOf, whyInVoid } from './pipeline';

const ZONE = 'America/New_York';
// Tue, Nov 24, 2026, 9:41 am.
const NOW = Date.UTC(2026, 10, 24, 14, 41);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOTHING: NextStep = { t: 'nothing', card: null };
const PRIYA = { id: 2, name: 'Priya Nair', initials: 'PN', role: 'rep', available: true } as const;

function row(opportunity: number, change: Partial<BoardRow> = {}): BoardRow {
  return {
    opportunity,
    customer: { id: opportunity + 100, name: `Reader ${opportunity}`, initials: 'R', place: null },
    score: 100 - opportunity,
    stage: 'new',
    since_ms: NOW - DAY,
    owner: PRIYA,
    vehicle: null,
    next: { t: 'card', alert: 1, comes_back_ms: null },
    follow_up: null,
    last_touch_ms: null,
    last_touch: null,
    ...change,
  } as BoardRow;
}

function board(...rows: BoardRow[]): Board {
  const columns = STAGES.map((stage) => {
    const here = rows.filter((each) => each.stage === stage);
    return { stage, total: here.length, rows: here };
  });
  return { columns, in_void: rows.filter((each) => each.next.t === 'nothing').length };
}

const ids = (rows: readonly BoardRow[] | undefined): number[] => (rows ?? []).map((each) => each.opportunity);
const column = (of: Board, stage: string): number[] => ids(of.columns.find((each) => each.stage === stage)?.rows);

describe('the board', () => {
  const three = board(row(1), row(5, { stage: 'engaged' }), row(9, { stage: 'engaged' }));

  test('moves a card to where its score puts it in the other column, and counts it there', () => {
    const moved = changed(three, 1, { kind: 'stage', stage: 'engaged', why: 'Met her' });
    expect(column(moved, 'new')).toEqual([]);
    expect(column(moved, 'engaged')).toEqual([1, 5, 9]);
    expect(moved.columns.map((each) => each.total)).toEqual([0, 0, 3, 0, 0, 0]);
    const between = changed(changed(three, 5, { kind: 'stage', stage: 'new', why: '' }), 5, { kind: 'stage', stage: 'engaged', why: '' });
    expect(column(between, 'engaged')).toEqual([5, 9]);
  });

  test('loses what is given up, from the void too', () => {
    const lost = { why: 'timing', note: '', by: null, at_ms: NOW, again_ms: null } as const;
    const left = changed(board(row(1, { next: NOTHING }), row(2)), 1, { kind: 'lost', lost });
    expect([column(left, 'new'), totalOf(left), left.in_void]).toEqual([[2], 1, 0]);
  });

  test('takes a sale out of the void with a follow-up, and puts it back without one', () => {
    const followUp = { due_ms: NOW + DAY, what: 'Numbers', by: 'Priya N.' };
    const set = changed(board(row(1, { next: NOTHING })), 1, { kind: 'follow_up', followUp });
    expect([find(set, 1)?.next, set.in_void]).toEqual([{ t: 'follow_up', due_ms: NOW + DAY }, 0]);
    const dropped = changed(set, 1, { kind: 'follow_up', followUp: null });
    expect([find(dropped, 1)?.next, dropped.in_void]).toEqual([NOTHING, 1]);
  });

  test('goes on saying that a card stands open when a follow-up is set beside it', () => {
    const set = changed(board(row(1)), 1, { kind: 'follow_up', followUp: { due_ms: NOW + DAY, what: '', by: null } });
    expect(find(set, 1)?.next.t).toBe('card');
  });

  test('is walked by arrows: up and down in a column, left and right past columns without cards', () => {
    expect(beside(three, null, 'down')?.opportunity).toBe(1);
    expect(beside(three, 1, 'right')?.opportunity).toBe(5);
    expect(beside(three, 5, 'down')?.opportunity).toBe(9);
    expect(beside(three, 9, 'down')).toBeNull();
    expect(beside(three, 9, 'left')?.opportunity).toBe(1);
    expect(beside(three, 1, 'left')).toBeNull();
  });

  test('read anew moves nothing that is shown: a warmer card keeps its place, a new one stands behind its neighbour', () => {
    const read = [row(3, { score: 99 }), row(7), row(1), row(2)];
    expect(ids(inPlace([row(1), row(2), row(3), row(4)], read))).toEqual([1, 2, 3, 7]);
    expect(inPlace([row(1), row(3)], read).find((each) => each.opportunity === 3)?.score).toBe(99);
    expect(ids(inPlace([], read))).toEqual([3, 7, 1, 2]);
    expect(ids(inPlace([row(2)], [row(8), row(2)]))).toEqual([8, 2]);
  });

  test('read anew holds each card once, in the column where it stands now', () => {
    const read = board(row(1, { stage: 'engaged' }), row(5, { stage: 'engaged' }), row(9, { stage: 'engaged' }));
    const next = reconciled(three, read);
    expect([column(next, 'new'), column(next, 'engaged')]).toEqual([[], [1, 5, 9]]);
    expect(reconciled(null, read)).toEqual(read);
  });
});

describe('the words', () => {
  test('count the days at a stage by the calendar, not by hours', () => {
    expect(standing(NOW - HOUR, NOW, ZONE)).toBe('Today');
    expect(standing(NOW - 10 * HOUR, NOW, ZONE)).toBe('1 day');
    expect(standing(NOW - 12 * DAY, NOW, ZONE)).toBe('12 days');
    expect(standing(NOW + HOUR, NOW, ZONE)).toBe('Today');
  });

  test('say what comes next', () => {
    const words = (next: NextStep): string => nextWords(next, NOW, ZONE).text;
    expect(words({ t: 'in_showroom' })).toBe('In the showroom');
    expect(words({ t: 'card', alert: 1, comes_back_ms: null })).toBe('Card open');
    expect(words({ t: 'card', alert: 1, comes_back_ms: NOW + DAY })).toBe('Card back tomorrow');
    expect(words({ t: 'follow_up', due_ms: NOW + 3 * DAY })).toBe('Follow-up Fri');
    expect(words({ t: 'follow_up', due_ms: NOW + 2 * HOUR })).toBe('Follow-up today 11:41\u00a0am');
    expect(nextWords(NOTHING, NOW, ZONE)).toMatchObject({ text: 'No next step', shape: 'triangle' });
    expect(nextWords({ t: 'follow_up', due_ms: NOW + DAY }, NOW, ZONE)).toMatchObject({ text: 'Follow-up tomorrow', title: 'tomorrow 9:41\u00a0am' });
  });

  test('say why a sale lies in the void: the last thing that came next', () => {
    const closed = (days: number, by: string | null, why: string): NextStep => ({ t: 'nothing', card: { at_ms: NOW - days * DAY, by, why } });
    const why = (change: Partial<BoardRow>): string => whyInVoid(row(1, { next: NOTHING, ...change }), NOW, ZONE);
    const promised = { due_ms: NOW - 2 * DAY, what: 'Numbers', by: null };
    expect(why({ follow_up: promised })).toBe('The follow-up of Sun, Nov\u00a022 has passed: Numbers');
    expect(why({ follow_up: promised, next: closed(1, 'Jo L.', 'Left a message') })).toBe('Last card closed Mon by Jo L.: left a message');
    expect(why({ follow_up: promised, next: closed(3, 'Jo L.', 'Left a message') })).toMatch(/^The follow-up/);
    expect(why({ next: closed(1, null, 'The reason has gone') })).toBe('Last card closed Mon: the reason has gone');
    expect(why({})).toBe('No card ever opened, and no follow-up was set');
    expect(why({ owner: null })).toBe('Nobody has them, and no card ever opened');
  });
});

describe('the sale of a customer', () => {
  const sale: Opportunity = {
    id: 4,
    stage: 'attempted',
    since_ms: NOW - DAY,
    opened_ms: NOW - 2 * DAY,
    is_open: true,
    by_hand: false,
    path: [
      { stage: 'new', at_ms: NOW - 2 * DAY, because: 'Raised a hand' },
      { stage: 'attempted', at_ms: NOW - DAY, because: 'The store reached for them' },
    ],
    lost: null,
    follow_up: null,
  };

  test('put elsewhere by hand says so with its reason, and let go it stands where it stood', () => {
    const put = afterwards(sale, { kind: 'stage', stage: 'visit', why: 'Came by on Sunday' }, NOW);
    expect([put?.stage, put?.by_hand, put?.path.at(-1)?.because]).toEqual(['visit', true, 'Came by on Sunday']);
    expect(afterwards(put, { kind: 'released' }, NOW)).toEqual(sale);
  });

  test('is begun by a follow-up where none is under way', () => {
    const followUp = { due_ms: NOW + DAY, what: '', by: null };
    const given = { ...sale, is_open: false, lost: { why: 'timing', note: '', by: null, at_ms: NOW, again_ms: null } } as const;
    for (const before of [null, given]) {
      const begun = afterwards(before, { kind: 'follow_up', followUp }, NOW);
      expect([begun?.is_open, begun?.lost, begun?.follow_up]).toEqual([true, null, followUp]);
    }
    expect(afterwards(null, { kind: 'follow_up', followUp: null }, NOW)).toBeNull();
  });

  test('given up and reopened is as it was', () => {
    const lost = { why: 'credit', note: '', by: null, at_ms: NOW, again_ms: null } as const;
    const given = afterwards(sale, { kind: 'lost', lost }, NOW);
    expect([given?.is_open, given?.lost]).toEqual([false, lost]);
    expect(afterwards(given, { kind: 'reopened' }, NOW)).toEqual(sale);
  });
});
