// What is known of this vehicle now? One at a time, read again when the store says that it changed.
import { get, Problem, sentence, wasAborted } from '../api';
import type { VehiclePage } from '../types';

export class OneVehicle {
  page = $state.raw<VehiclePage | null>(null);
  problem = $state<string | null>(null);
  isMissing = $state(false);
  #asked = new AbortController();

  async open(id: string): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.problem = null;
    this.isMissing = false;
    if (this.page && String(this.page.id) !== id) this.page = null;
    try {
      this.page = await get<VehiclePage>(`/api/vehicles/${encodeURIComponent(id)}`, { signal: this.#asked.signal });
    } catch (thrown) {
      if (wasAborted(thrown)) return;
      this.isMissing = thrown instanceof Problem && [400, 403, 404].includes(thrown.status);
      this.problem = sentence(thrown);
    }
  }

  isWatchedBy(customer: number): boolean {
    return this.page?.watchers.some((watcher) => watcher.customer.id === customer) ?? false;
  }
}
