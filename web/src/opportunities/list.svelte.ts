// Who is on the list of this tab? Read again as customers change; what was done here shows before the store has answered.
import { get, sentence } from '../api';
import { live } from '../live.svelte';
import { soon } from '../parts/soon';
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
  #writing = 0;
  #asked = 0;

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
    let rest: ReturnType<typeof setTimeout> | null = null;
    const inAWhile = (): void => {
      rest ??= setTimeout(() => {
        rest = null;
        void this.refresh();
      }, OTHERS_MS);
    };
    const stops = [
      live.on('customer', (change) => {
        if (this.#rows?.some((row) => row.customer.id === change.id) !== true) return inAWhile();
        again();
        whenBooked();
      }),
      live.on('import', whenBooked),
      live.onResync(again),
    ];
    const wake = setInterval(() => !this.#isReady && void this.refresh(), BOOK_MS);
    return () => {
      stops.forEach((stop) => stop());
      if (rest !== null) clearTimeout(rest);
      clearInterval(wake);
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
      write: (send) => this.#write(send),
    };
  }

  async #write<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    this.#writing += 1;
    this.#asked += 1;
    try {
      return await send();
    } finally {
      this.#writing -= 1;
      void this.refresh();
    }
  }

  async #read(take: (read: OpportunityRow[]) => OpportunityRow[]): Promise<void> {
    // While something is under way here, the store may not have heard of it; it is read when that is done.
    const tab = this.#tab;
    if (!tab || this.#writing > 0) return;
    const asked = ++this.#asked;
    // The finance tab has a list of its own; the counts of the others are wanted all the same.
    const kinds: readonly Kind[] = tab.kinds.length > 0 ? tab.kinds : ['equity'];
    try {
      const lists = await Promise.all(kinds.map((kind) => readList(kind, tab.kinds.length > 0 ? this.#wanted : 1)));
      const [first] = lists;
      if (asked !== this.#asked || !first) return;
      const rows = tab.kinds.length > 0 ? lists.flatMap((list) => list.items) : [];
      const inOrder = lists.length > 1 ? rows.toSorted((a, b) => endOf(a.car) - endOf(b.car)) : rows;
      this.#rows = take(inOrder);
      this.#counts = new Map(first.counts.map((each) => [each.kind, each.count]));
      [this.#isReady, this.#cars, this.#problem] = [first.is_ready, first.cars, null];
    } catch (thrown) {
      if (asked === this.#asked) this.#problem = sentence(thrown);
    }
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
