// Where did we stand in a list? Kept while the tab is open, so that coming back finds it as it was.
import { Pages } from './pages.svelte';

const PAGE = 60;

export class KeptList<Row extends { id: number }> {
  readonly pages = new Pages<Row>();
  current = $state<number | null>(null);
  #left = { address: '', offset: 0 };

  /** Reads the list at this address, unless it is the one already here. */
  async show(address: string): Promise<void> {
    if (this.pages.shows(address)) return this.pages.refresh();
    this.current = null;
    await this.pages.open({ address, cursor: 'after', key: (row) => row.id, size: PAGE });
  }

  /** How far down this list was left; another list begins at its top. */
  offsetOf(address: string): number {
    return this.#left.address === address ? this.#left.offset : 0;
  }

  keepOffset(address: string, offset: number): void {
    this.#left = { address, offset };
  }
}
