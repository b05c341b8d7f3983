// What would this price do? Asked as the slider moves, a moment after it rests; the newest try wins.
import { post, put, sentence } from '../api';
import type { PricePlan, VehiclePage } from '../types';

const RESTS_MS = 200;

export class Trying {
  plan = $state.raw<PricePlan | null>(null);
  problem = $state<string | null>(null);
  #newest = 0;
  #timer = 0;

  /** Asks what a price of a car would do. */
  ask(vehicle: number, price_cents: number): void {
    const mine = ++this.#newest;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#read(vehicle, price_cents, mine), RESTS_MS);
  }

  async #read(vehicle: number, price_cents: number, mine: number): Promise<void> {
    try {
      const plan = await post<PricePlan>(`/api/vehicles/${vehicle}/price/plan`, { price_cents });
      if (mine !== this.#newest) return;
      this.plan = plan;
      this.problem = null;
    } catch (thrown) {
      if (mine !== this.#newest) return;
      this.plan = null;
      this.problem = sentence(thrown);
    }
  }
}

export function publish(vehicle: number, price_cents: number, version: string): Promise<VehiclePage> {
  return put<VehiclePage>(`/api/vehicles/${vehicle}/price`, { price_cents }, { 'If-Match': `"${version}"` });
}

export function takeBack(vehicle: number): Promise<VehiclePage> {
  return post<VehiclePage>(`/api/vehicles/${vehicle}/price/undo`, {});
}
