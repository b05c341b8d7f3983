// Whose call is to be taken down? Asked from any screen; the box that asks is fetched when it is first wanted.
import type { Component } from 'svelte';
import { undo } from '../undo.svelte';

/** The customer at hand; null when the box has to ask who it is. */
export type Asked = { customer: { id: number; name: string } | null };

class Taking {
  #asked = $state.raw<Asked | null>(null);
  #last: Asked | null = null;
  #Box = $state.raw<Component | null>(null);

  /** Another object for every call: the box begins anew with each. */
  get asked(): Asked | null {
    return this.#asked;
  }

  get Box(): Component | null {
    return this.#Box;
  }

  async begin(customer: Asked['customer'] = null): Promise<void> {
    this.#last = { customer };
    this.#asked = this.#last;
    if (this.#Box) return;
    try {
      this.#Box = (await import('./Take.svelte')).default;
    } catch {
      this.#asked = null;
      undo.problem('This part of Headlight could not be fetched from the store computer.');
    }
  }

  /** Shows the box as it was left. */
  again(): void {
    this.#asked = this.#last;
  }

  end(): void {
    this.#asked = null;
  }
}

export const taking = new Taking();
