// Where did we stand in the list of vehicles? Kept while the tab is open, so that coming back finds it as it was.
import { Pages } from '../parts/pages.svelte';
import type { VehicleRow } from '../types';
import { askFor, type Filter } from './filter';

const PAGE = 60;

function keyOf(row: VehicleRow): number {
  return row.id;
}

class VehicleList {
  readonly pages = new Pages<VehicleRow>();
  current = $state<number | null>(null);
  #left = { address: '', offset: 0 };

  /** Reads the list that the filter asks for, unless it is the one already here. */
  async show(filter: Filter): Promise<void> {
    const address = askFor(filter);
    if (this.pages.shows(address)) return this.pages.refresh();
    this.current = null;
    await this.pages.open({ address, cursor: 'after', key: keyOf, size: PAGE });
  }

  /** How far down this list was left; another list begins at its top. */
  offsetOf(address: string): number {
    return this.#left.address === address ? this.#left.offset : 0;
  }

  keepOffset(address: string, offset: number): void {
    this.#left = { address, offset };
  }
}

export const vehicleList = new VehicleList();
