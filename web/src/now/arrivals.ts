// What has just been offered to me? Heard on every screen, for the counts, the sound and the notice of the device.
import { live } from '../live.svelte';
import { soon } from '../parts/soon';
import { router } from '../router.svelte';
import { session } from '../session.svelte';
import type { AlertRow } from '../types';
import { shortName } from '../words';
import { isOffer, listAlerts } from './alerts';
import { calling } from './calling.svelte';

/** Of more that come at one moment, as when a colleague leaves, the screen tells. */
const NOTICES_MOST = 3;

/** Those offered to somebody that were not known before; nothing is new to whoever has only just come. */
export function arrived(known: ReadonlySet<number> | null, items: readonly AlertRow[], me: number): AlertRow[] {
  return known === null ? [] : items.filter((alert) => isOffer(alert, me) && !known.has(alert.id));
}

class Arrivals {
  #known: Set<number> | null = null;

  /** Hears the store until the returned function is called. */
  listen(): () => void {
    void this.#read();
    const again = soon(() => void this.#read());
    const stops = [live.on('alert', again), live.onResync(again)];
    return () => stops.forEach((stop) => stop());
  }

  async #read(): Promise<void> {
    try {
      const { items, counts } = await listAlerts('mine');
      session.setCounts(counts);
      const me = session.me.user.id;
      const fresh = arrived(this.#known, items, me);
      this.#known = new Set(items.filter((alert) => isOffer(alert, me)).map((alert) => alert.id));
      if (fresh.length > 0) this.#tell(fresh);
    } catch {
      // The next change asks again, and the strip says when the store cannot be reached.
    }
  }

  #tell(fresh: readonly AlertRow[]): void {
    if (calling.sound) calling.ring();
    // Over the page itself its own banner is enough.
    if (!calling.notices || !document.hidden) return;
    for (const { id, customer, headline } of fresh.slice(0, NOTICES_MOST)) {
      calling.show(`Offered to you: ${shortName(customer.name)}`, headline, () => router.go(`/now/${id}`));
    }
  }
}

export const arrivals = new Arrivals();
