// Whom is a visit to be opened for? Asked from any screen; the box that asks is fetched when it is first wanted.
import type { Component } from 'svelte';
import { undo } from '../undo.svelte';

/** The customer at hand; null when the box has to ask who it is. */
export type Asked = { customer: { id: number; name: string } | null };

class Meeting {
  #asked = $state.raw<Asked | null>(null);
  #Box = $state.raw<Component | null>(null);

  get asked(): Asked | null {
    return this.#asked;
  }

  get Box(): Component | null {
    return this.#Box;
  }

  async begin(customer: Asked['customer'] = null): Promise<void> {
    this.#asked = { customer };
    if (this.#Box) return;
    try {
      this.#Box = (await import('./Meet.svelte')).default;
    } catch {
      this.#asked = null;
      undo.problem('This part of Headlight could not be fetched from the store computer.');
    }
  }

  end(): void {
    this.#asked = null;
  }
}

export const meeting = new Meeting();
