// Who else has this customer open? Says that this page has, again and again, and asks when that changes.
import { put, removeInPassing } from '../api';
import { live } from '../live.svelte';
import type { Person, Viewers as Told } from '../types';

// The store forgets a page that it has not heard from for a minute.
export const AGAIN_MS = 20_000;
// Whoever walks along a list looks at nobody.
export const DWELL_MS = 1_000;

export class Viewers {
  /** Null until the store has told. */
  others = $state.raw<Person[] | null>(null);
  // The page's own name, made up: a person may have several open.
  readonly #page = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
  #address: string | null = null;

  /** Looks at a customer for as long as the page is seen, until the returned function is called. */
  watch(id: string): () => void {
    const address = `/api/customers/${encodeURIComponent(id)}/viewers/${this.#page}`;
    let dwell: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      clearTimeout(dwell);
      if (document.visibilityState === 'visible') dwell = setTimeout(() => void this.#stay(address), DWELL_MS);
      else this.#leave();
    };
    const again = setInterval(() => this.#address === address && void this.#stay(address), AGAIN_MS);
    const hush = live.onViewers((customer) => String(customer) === id && this.#address === address && void this.#stay(address));
    const leave = (): void => this.#leave();
    this.others = null;
    look();
    document.addEventListener('visibilitychange', look);
    window.addEventListener('pagehide', leave);
    return () => {
      clearTimeout(dwell);
      clearInterval(again);
      hush();
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('pagehide', leave);
      this.#leave();
    };
  }

  async #stay(address: string): Promise<void> {
    this.#address = address;
    try {
      const { others } = await put<Told>(address, {});
      if (this.#address === address) this.others = others;
    } catch {
      // Who else looks on is a courtesy: the page itself says what is wrong with the store or the session.
    }
  }

  #leave(): void {
    if (this.#address !== null) removeInPassing(this.#address);
    this.#address = null;
  }
}
