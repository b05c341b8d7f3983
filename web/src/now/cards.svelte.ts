// What is behind a row? The cards read so far, so that the next one is on screen before it is asked for.
import { sentence } from '../api';
import { live } from '../live.svelte';
import type { AlertCard } from '../types';
import { readAlert } from './alerts';

// A long shift reads hundreds of cards; the oldest are cheap to read again.
const AT_MOST = 60;

class Cards {
  #read = $state.raw(new Map<number, AlertCard>());
  #problems = $state.raw(new Map<number, string>());

  get(id: number): AlertCard | null {
    return this.#read.get(id) ?? null;
  }

  problem(id: number): string | null {
    return this.#problems.get(id) ?? null;
  }

  async fetch(id: number): Promise<void> {
    try {
      this.hear(await readAlert(id));
    } catch (thrown) {
      // A card that is on screen stays; the strip says that it is old.
      if (!this.#read.has(id)) this.#problems = new Map(this.#problems).set(id, sentence(thrown));
    }
  }

  /** Reads a neighbour before it is chosen; failing is no news. */
  async ahead(id: number): Promise<void> {
    if (!this.#read.has(id)) await this.fetch(id);
  }

  hear(card: AlertCard): void {
    const shown = this.#read.get(card.id);
    if (shown && shown.seq > card.seq) return;
    const next = new Map(this.#read);
    next.delete(card.id);
    next.set(card.id, card);
    for (const oldest of next.keys()) {
      if (next.size <= AT_MOST) break;
      next.delete(oldest);
    }
    this.#read = next;
    if (this.#problems.has(card.id)) this.#problems = without(this.#problems, card.id);
  }

  /** Shows a change of one card at once, until the store's word of it comes. */
  patch(id: number, change: Partial<AlertCard>): void {
    const shown = this.#read.get(id);
    if (shown) this.#read = new Map(this.#read).set(id, { ...shown, ...change });
  }

  /** Keeps cards that are on screen true; others are read again when they are chosen. */
  listen(chosen: () => number | null): () => void {
    const again = (id: number): void => {
      if (id === chosen()) void this.fetch(id);
      else this.#read = without(this.#read, id);
    };
    const stops = [
      live.on('alert', (change) => again(change.id)),
      live.onResync(() => {
        const id = chosen();
        this.#read = new Map([...this.#read].filter(([other]) => other === id));
        if (id !== null) void this.fetch(id);
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }
}

function without<Value>(map: Map<number, Value>, id: number): Map<number, Value> {
  const next = new Map(map);
  next.delete(id);
  return next;
}

export const cards = new Cards();
