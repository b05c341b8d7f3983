// How do the cars of one customer stand? Fetched after the page itself, read again with every change of theirs.
import { get, wasAborted, sentence } from '../api';
import type { EquityPage } from '../types';

export class CarsOfCustomer {
  /** Null until the store has answered. */
  page = $state.raw<EquityPage | null>(null);
  problem = $state<string | null>(null);
  #of: number | null = null;
  #asked = new AbortController();

  async open(customer: number): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    if (customer !== this.#of) this.page = null;
    this.#of = customer;
    try {
      this.page = await get<EquityPage>(`/api/customers/${customer}/equity`, { signal: this.#asked.signal });
      this.problem = null;
    } catch (thrown) {
      if (!wasAborted(thrown)) this.problem = sentence(thrown);
    }
  }

  /** Shows the page as the store answered with it, unless somebody else is on screen by now. */
  replace(customer: number, page: EquityPage): void {
    if (customer !== this.#of) return;
    this.#asked.abort();
    this.#asked = new AbortController();
    this.page = page;
  }
}
