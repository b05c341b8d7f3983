// How much of a long list has been read? Pages by a cursor, every row once, in the order the server gave them.
import { Problem, get, sentence, wasAborted } from '../api';
import type { Page } from '../types';

export type Key = string | number;

/** `loaded` with the rows of the next page behind it. A row that is there already is brought up to date in its place. */
export function append<Row>(loaded: readonly Row[], page: readonly Row[], key: (row: Row) => Key): Row[] {
  const { rows, unseen } = update(loaded, page, key);
  return [...rows, ...unseen];
}

/** Brings known rows up to date without moving any, and names the rows that are new. */
export function update<Row>(
  loaded: readonly Row[],
  page: readonly Row[],
  key: (row: Row) => Key,
): { rows: Row[]; unseen: Row[] } {
  // A Map also drops a row that one page holds twice, which happens when a row is inserted while a page is read.
  const given = new Map(page.map((row) => [key(row), row]));
  const rows = loaded.map((row) => given.get(key(row)) ?? row);
  for (const row of loaded) given.delete(key(row));
  return { rows, unseen: [...given.values()] };
}

/** Puts rows that arrived later where their time says, newest first; rows older than what is loaded wait for their page. */
export function mergeNewest<Row extends { at_ms: number }>(
  loaded: readonly Row[],
  page: readonly Row[],
  key: (row: Row) => Key,
  isComplete: boolean,
): Row[] {
  const { rows, unseen } = update(loaded, page, key);
  const oldest = rows.at(-1)?.at_ms ?? -Infinity;
  const fits = unseen.filter((row) => isComplete || rows.length === 0 || row.at_ms >= oldest);
  // The sort is stable, so rows of one moment keep the server's order.
  return fits.length === 0 ? rows : [...fits, ...rows].sort((a, b) => b.at_ms - a.at_ms);
}

export type Source<Row> = {
  /** "/api/customers?view=hot"; the cursor and the limit are added. */
  address: string;
  cursor: 'after' | 'before';
  key: (row: Row) => Key;
  size: number;
};

// The most rows the server gives at once.
const MOST = 200;

export class Pages<Row> {
  items = $state.raw<Row[]>([]);
  total = $state(0);
  status = $state<'loading' | 'ready' | 'failed'>('loading');
  /** The sentence to show when a page could not be read; the rows read before stay. */
  problem = $state<string | null>(null);
  /** 404 and the like, to tell "not here" from "not reachable". */
  problemStatus = $state(0);
  /** Rows that came since the list was read and are not shown, because a list does not move under a hand. */
  waiting = $state(0);
  isReadingMore = $state(false);
  /** The newest answer, for what it tells beside its rows. */
  answer = $state.raw<Page<Row> | null>(null);
  #source: Source<Row> | null = null;
  #next: string | null = null;
  // Counts the readings from the top; what an earlier one still brings is worthless.
  #turn = 0;
  #asked = new AbortController();

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** True when these pages already show `address`, so coming back needs no new reading. */
  shows(address: string): boolean {
    return this.#source?.address === address && this.status === 'ready';
  }

  /** Reads the first page of another list. The old rows stay on screen until it is there. */
  async open(source: Source<Row>): Promise<void> {
    if (this.#source && this.#source.key !== source.key) this.items = [];
    this.#source = source;
    await this.reload();
  }

  async reload(): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#turn += 1;
    this.status = 'loading';
    this.waiting = 0;
    await this.#read(null, this.#source?.size ?? MOST, (page) => {
      this.items = append<Row>([], page.items, this.#key);
      this.#next = page.next;
    });
  }

  /** Reads the next page; asking again while it is on its way does nothing. */
  async more(size?: number): Promise<void> {
    if (this.isReadingMore || this.#next === null || this.status === 'loading') return;
    this.isReadingMore = true;
    await this.#read(this.#next, size ?? this.#source?.size ?? MOST, (page) => {
      this.items = append(this.items, page.items, this.#key);
      this.#next = page.next;
    });
    this.isReadingMore = false;
  }

  /** Brings the rows on screen up to date in place and counts those that would be new. */
  async refresh(): Promise<void> {
    await this.#peek((page) => {
      const { rows, unseen } = update(this.items, page.items, this.#key);
      this.items = rows;
      this.waiting = unseen.length;
    });
  }

  /** Like refresh, for a story: what is new belongs on top and is shown there. */
  async refreshNewest(merge: (loaded: Row[], page: Row[], isComplete: boolean) => Row[]): Promise<void> {
    await this.#peek((page) => {
      this.items = merge(this.items, page.items, !this.hasMore);
    });
  }

  indexOf(key: Key): number {
    return this.items.findIndex((row) => this.#key(row) === key);
  }

  /** The row `step` places from `key`, reading a further page when the walk reaches the end of what is loaded. */
  async neighbour(key: Key, step: 1 | -1): Promise<Row | undefined> {
    const from = this.indexOf(key);
    if (from < 0) return undefined;
    if (from + step >= this.items.length) await this.more();
    return this.items[from + step];
  }

  get #key(): (row: Row) => Key {
    return this.#source?.key ?? (() => '');
  }

  async #peek(use: (page: Page<Row>) => void): Promise<void> {
    if (this.status === 'loading') return;
    const size = Math.min(MOST, Math.max(this.items.length, this.#source?.size ?? MOST));
    await this.#read(null, size, use);
  }

  async #read(cursor: string | null, limit: number, use: (page: Page<Row>) => void): Promise<void> {
    const source = this.#source;
    const turn = this.#turn;
    if (!source) return;
    try {
      const page = await get<Page<Row>>(address(source, cursor, limit), { signal: this.#asked.signal });
      if (turn !== this.#turn) return;
      use(page);
      this.total = page.total;
      this.answer = page;
      this.problem = null;
      this.problemStatus = 0;
      this.status = 'ready';
    } catch (thrown) {
      if (turn !== this.#turn || wasAborted(thrown)) return;
      this.problem = sentence(thrown);
      this.problemStatus = thrown instanceof Problem ? thrown.status : 0;
      this.status = 'failed';
    }
  }
}

function address(source: { address: string; cursor: string }, cursor: string | null, limit: number): string {
  const joint = source.address.includes('?') ? '&' : '?';
  const from = cursor === null ? '' : `&${source.cursor}=${encodeURIComponent(cursor)}`;
  return `${source.address}${joint}limit=${limit}${from}`;
}
