// What is to be said of which sale? Asked from any screen; the boxes that ask are fetched when one is first wanted.
import type { Component } from 'svelte';
import { undo } from '../undo.svelte';
import type { Shown } from './acts';
import type { OpenStage, Sale } from './pipeline';

export type Asked = { sale: Sale; shown: Shown } & ({ what: 'stage'; to: OpenStage } | { what: 'follow_up' } | { what: 'lost' });

class Asking {
  #asked = $state.raw<Asked | null>(null);
  #Box = $state.raw<Component | null>(null);

  get asked(): Asked | null {
    return this.#asked;
  }

  get Box(): Component | null {
    return this.#Box;
  }

  async begin(asked: Asked): Promise<void> {
    this.#asked = asked;
    if (this.#Box) return;
    try {
      this.#Box = (await import('./Ask.svelte')).default;
    } catch {
      this.#asked = null;
      undo.problem('This part of Headlight could not be fetched from the store computer.');
    }
  }

  end(): void {
    this.#asked = null;
  }
}

export const asking = new Asking();
