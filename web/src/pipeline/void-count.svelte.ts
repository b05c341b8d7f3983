// How many lie in the void? For a screen that shows only the number.
import { get } from '../api';
import { live } from '../live.svelte';
import { soon } from '../parts/soon';
import type { BoardRow, Page } from '../types';

export class VoidCount {
  n = $state<number | null>(null);

  listen(): () => void {
    const again = soon(() => void this.#read());
    void this.#read();
    const stops = [live.on('opportunity', again), live.on('alert', again), live.on('visit', again), live.onResync(again)];
    return () => stops.forEach((stop) => stop());
  }

  async #read(): Promise<void> {
    try {
      this.n = (await get<Page<BoardRow>>('/api/void?limit=1')).total;
    } catch {
      // The number of before stays; the strip over the page says that the store is not reached.
    }
  }
}
