// What does the store say of its sales just now? Read again with every change; what was done here shows before the store has answered.
import { live } from '../live.svelte';
import { soon } from '../parts/soon';
import { Turns } from '../parts/turns';
import type { Board, BoardRow } from '../types';
import type { Shown } from './acts';
import { changed, reconciled } from './pipeline';
import { readBoard, type Scope } from './sales';

// A screen holds six or seven cards a column; the rest is asked for.
const ROWS = 30;
// The most that the store gives of a column.
const MOST_ROWS = 200;

class SalesBoard {
  #board = $state.raw<Board | null>(null);
  #problem = $state<string | null>(null);
  #readAt = $state<number | null>(null);
  #rows = $state(ROWS);
  #scope: Scope = 'mine';
  readonly #turns = new Turns();

  /** Null until the store has answered once. */
  get board(): Board | null {
    return this.#board;
  }

  get problem(): string | null {
    return this.#problem;
  }

  get readAt_ms(): number | null {
    return this.#readAt;
  }

  get mayShowMore(): boolean {
    return this.#rows < MOST_ROWS;
  }

  /** Opens a board in the store's order: another one begins empty. */
  async open(scope: Scope): Promise<void> {
    if (scope !== this.#scope) this.#board = null;
    this.#scope = scope;
    this.#rows = ROWS;
    await this.#read((read) => read);
  }

  async more(): Promise<void> {
    this.#rows = MOST_ROWS;
    await this.refresh();
  }

  /** Goes on reading whenever something changes, until the returned function is called. */
  listen(): () => void {
    const again = soon(() => void this.refresh());
    const stops = [...(['opportunity', 'alert', 'visit', 'customer'] as const).map((kind) => live.on(kind, again)), live.onResync(again)];
    return () => stops.forEach((stop) => stop());
  }

  async refresh(): Promise<void> {
    await this.#read((read) => reconciled(this.#board, read));
  }

  /** This board as the place where one sale stands. */
  shown(row: BoardRow): Shown {
    return {
      show: (change) => {
        const before = this.#board;
        if (before) this.#board = changed(before, row.opportunity, change);
        return () => (this.#board = before);
      },
      write: (send) => this.#turns.write(send, () => void this.refresh()),
    };
  }

  async #read(take: (read: Board) => Board): Promise<void> {
    await this.#turns.read(
      () => readBoard(this.#scope, this.#rows),
      (read) => {
        this.#board = take(read);
        this.#problem = null;
        this.#readAt = live.serverNow();
      },
      (problem) => (this.#problem = problem),
    );
  }
}

export const sales = new SalesBoard();
