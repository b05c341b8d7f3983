// Where did we stand in the list of customers? Kept while the tab is open, so that coming back finds it as it was.
import { Pages } from '../parts/pages.svelte';
import type { CustomerRow } from '../types';
import { askFor, type Filter } from './filter';

const PAGE = 60;

function keyOf(row: CustomerRow): number {
  return row.id;
}

class CustomerList {
  readonly pages = new Pages<CustomerRow>();
  current = $state<number | null>(null);
  marked = $state.raw<ReadonlySet<number>>(new Set());
  #left = { address: '', offset: 0 };

  /** Reads the list that the filter asks for, unless it is the one already here. */
  async show(filter: Filter): Promise<void> {
    const address = askFor(filter);
    if (this.pages.shows(address)) return this.pages.refresh();
    this.current = null;
    this.marked = new Set();
    await this.pages.open({ address, cursor: 'after', key: keyOf, size: PAGE });
  }

  /** How far down this list was left; another list begins at its top. */
  offsetOf(address: string): number {
    return this.#left.address === address ? this.#left.offset : 0;
  }

  keepOffset(address: string, offset: number): void {
    this.#left = { address, offset };
  }

  toggle(id: number): void {
    const marked = new Set(this.marked);
    if (!marked.delete(id)) marked.add(id);
    this.marked = marked;
  }

  mark(id: number): void {
    this.marked = new Set(this.marked).add(id);
  }

  markAll(ids: Iterable<number>): void {
    this.marked = new Set([...this.marked, ...ids]);
  }

  clear(): void {
    this.marked = new Set();
  }
}

export const customerList = new CustomerList();
