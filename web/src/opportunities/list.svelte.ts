// Who is on the list of this tab? Read again as customers change; what was done here shows before the store has answered.
import { get, sentence } from '../api';
import { live } from '../live.svelte';
import { soon } from '../parts/soon';
import { Turns } from '../parts/turns';
import type { Shown } from '../pipeline/acts';
import type { FinanceList, FinanceRow, Opportunities, OpportunityRow } from '../types';
import { endOf, keepPlaces, keyOf, type Kind, type Tab } from './opportunities';

const FIRST_ROWS = 50;
// As many as the store gives at once.
const AT_ONCE = 100;
// The store brings its book of cars up to date every two seconds.
const BOOK_MS = 2_500;
// Changes of people who are not on screen may still move the lists; those can wait.
const OTHERS_MS = 20_000;

class Owners {
  #rows = $state.raw<OpportunityRow[] | null>(null);
  #counts = $state.raw<ReadonlyMap<string, number>>(new Map());
  #problem = $state<string | null>(null);
  #isReady = $state(true);
  #cars = $state(0);
  #tab: Tab | null = null;
  #wanted = FIRST_ROWS;
  readonly #turns = new Turns();

  /** Null until the store has answered. */
  get rows(): OpportunityRow[] | null {
    return this.#rows;
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** False in the first moments after the store computer has started. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Cars that are known to be somebody's. */
  get cars(): number {
    return this.#cars;
  }

  /** How many are on the lists of a tab; null until it is known. */
  countOf(tab: Tab): number | null {
    return this.#counts.size === 0 ? null : tab.kinds.reduce((sum, kind) => sum + (this.#counts.get(kind) ?? 0), 0);
  }

  async open(tab: Tab): Promise<void> {
    if (tab !== this.#tab) [this.#rows, this.#wanted] = [null, FIRST_ROWS];
    this.#tab = tab;
    await this.#read((read) => read);
  }

  async refresh(): Promise<void> {
    await this.#read((read) => keepPlaces(this.#rows ?? [], read, keyOf));
  }

  async more(): Promise<void> {
    this.#wanted += FIRST_ROWS;
    await this.refresh();
  }

  listen(): () => void {
    const again = soon(() => void this.refresh());
    const whenBooked = soon(() => void setTimeout(() => void this.refresh(), BOOK_MS));
    const stops = [
      live.on('customer', (change) => {
        if (this.#rows?.some((row) => row.customer.id === change.id) !== true) return;
        again();
        whenBooked();
      }),
      live.on('import', whenBooked),
      live.on('market', whenBooked),
      live.onResync(again),
    ];
    const wake = setInterval(() => !this.#isReady && void this.refresh(), BOOK_MS);
    const inAWhile = setInterval(() => document.visibilityState === 'visible' && void this.refresh(), OTHERS_MS);
    return () => {
      stops.forEach((stop) => stop());
      clearInterval(wake);
      clearInterval(inAWhile);
    };
  }

  /** This list as the place where somebody stands. */
  shown(row: OpportunityRow): Shown {
    return {
      show: (change) => {
        const rows = this.#rows;
        const swap = (next: Partial<OpportunityRow>): void => {
          this.#rows = (this.#rows ?? []).map((other) => (other.customer.id === row.customer.id ? { ...other, ...next } : other));
        };
        if (change.kind === 'owner') swap({ owner: change.owner });
        else if (change.kind === 'follow_up') swap({ follow_up_ms: change.followUp?.due_ms ?? null, follow_up: change.followUp?.what ?? null });
        return () => (this.#rows = rows);
      },
      write: (send) => this.#turns.write(send, () => void this.refresh()),
    };
  }

  async #read(take: (read: OpportunityRow[]) => OpportunityRow[]): Promise<void> {
    const tab = this.#tab;
    if (!tab) return;
    // The finance tab has a list of its own; the counts of the others are wanted all the same.
    const kinds: readonly Kind[] = tab.kinds.length > 0 ? tab.kinds : ['equity'];
    await this.#turns.read(
      () => Promise.all(kinds.map((kind) => readList(kind, tab.kinds.length > 0 ? this.#wanted : 1))),
      (lists) => {
        const [first] = lists;
        if (!first) return;
        const rows = tab.kinds.length > 0 ? lists.flatMap((list) => list.items) : [];
        const inOrder = lists.length > 1 ? rows.toSorted((a, b) => endOf(a.car) - endOf(b.car)) : rows;
        this.#rows = take(inOrder);
        this.#counts = new Map(first.counts.map((each) => [each.kind, each.count]));
        [this.#isReady, this.#cars, this.#problem] = [first.is_ready, first.cars, null];
      },
      (problem) => (this.#problem = problem),
    );
  }
}

/** The first so many of a list, by as many pages as that takes. */
async function readList(kind: Kind, wanted: number): Promise<Opportunities> {
  const page = (after: string | null, limit: number): Promise<Opportunities> =>
    get<Opportunities>(`/api/opportunities?kind=${kind}&limit=${limit}${after === null ? '' : `&after=${encodeURIComponent(after)}`}`);
  let read = await page(null, Math.min(AT_ONCE, wanted));
  while (read.next !== null && read.items.length < wanted) {
    const next = await page(read.next, Math.min(AT_ONCE, wanted - read.items.length));
    read = { ...next, items: [...read.items, ...next.items] };
  }
  return read;
}

class FinanceOffice {
  rows = $state.raw<FinanceRow[] | null>(null);
  problem = $state<string | null>(null);

  async open(): Promise<void> {
    try {
      this.rows = (await get<FinanceList>('/api/finance')).items;
      this.problem = null;
    } catch (thrown) {
      this.problem = sentence(thrown);
    }
  }

  listen(): () => void {
    const again = soon(() => void this.open());
    const stops = [...(['customer', 'visit', 'import'] as const).map((kind) => live.on(kind, again)), live.onResync(again)];
    return () => stops.forEach((stop) => stop());
  }
}

export const owners = new Owners();
export const office = new FinanceOffice();
