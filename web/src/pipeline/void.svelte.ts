// Which sales have nothing that comes next? Read again with every change; what was done here shows before the store has answered.
import { live } from '../live.svelte';
import { soon } from '../parts/soon';
import { Turns } from '../parts/turns';
import type { BoardRow } from '../types';
import type { Shown } from './acts';
import { inPlace } from './pipeline';
import { readVoid, type Scope } from './sales';

// As many as the store gives at once. Whoever deals with the first two hundred is shown the next.
const ROWS = 200;

class Void {
  #rows = $state.raw<BoardRow[] | null>(null);
  #total = $state(0);
  #problem = $state<string | null>(null);
  #readAt = $state<number | null>(null);
  #scope: Scope = 'store';
  readonly #turns = new Turns();

  /** Null until the store has answered once. */
  get rows(): BoardRow[] | null {
    return this.#rows;
  }

  get total(): number {
    return this.#total;
  }

  get problem(): string | null {
    return this.#problem;
  }

  get readAt_ms(): number | null {
    return this.#readAt;
  }

  async open(scope: Scope): Promise<void> {
    if (scope !== this.#scope) this.#rows = null;
    this.#scope = scope;
    await this.#read((read) => read);
  }

  listen(): () => void {
    const again = soon(() => void this.refresh());
    const stops = [...(['opportunity', 'alert', 'visit', 'customer'] as const).map((kind) => live.on(kind, again)), live.onResync(again)];
    return () => stops.forEach((stop) => stop());
  }

  async refresh(): Promise<void> {
    await this.#read((read) => inPlace(this.#rows ?? [], read));
  }

  /** This list as the place where one sale stands. */
  shown(row: BoardRow): Shown {
    return {
      show: (change) => {
        const [rows, total] = [this.#rows, this.#total];
        if (change.kind === 'owner') this.#rows = (rows ?? []).map((other) => (other.opportunity === row.opportunity ? { ...other, owner: change.owner } : other));
        else {
          this.#rows = (rows ?? []).filter((other) => other.opportunity !== row.opportunity);
          this.#total = Math.max(0, total - 1);
        }
        return () => [this.#rows, this.#total] = [rows, total];
      },
      write: (send) => this.#turns.write(send, () => void this.refresh()),
    };
  }

  async #read(take: (read: BoardRow[]) => BoardRow[]): Promise<void> {
    await this.#turns.read(
      () => readVoid(this.#scope, ROWS),
      (page) => {
        this.#rows = take(page.items);
        this.#total = page.total;
        this.#problem = null;
        this.#readAt = live.serverNow();
      },
      (problem) => (this.#problem = problem),
    );
  }
}

export const lost = new Void();
