// Where did we stand in the list of customers, and who is selected in it?
import { KeptList } from '../parts/kept.svelte';
import type { CustomerRow } from '../types';

class CustomerList extends KeptList<CustomerRow> {
  marked = $state.raw<ReadonlySet<number>>(new Set());

  override async show(address: string): Promise<void> {
    if (!this.pages.shows(address)) this.clear();
    await super.show(address);
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
