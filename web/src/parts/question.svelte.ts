// What is asked over the screen just now? From any screen; the box that asks is fetched when it is first wanted.
import type { Component } from 'svelte';
import { undo } from '../undo.svelte';

export class Question<Asked extends object> {
  #asked = $state.raw<Asked | null>(null);
  #last: Asked | null = null;
  #Box = $state.raw<Component | null>(null);
  readonly #fetch: () => Promise<{ default: Component }>;

  constructor(fetch: () => Promise<{ default: Component }>) {
    this.#fetch = fetch;
  }

  /** Another object each time: the box begins anew with each. */
  get asked(): Asked | null {
    return this.#asked;
  }

  get Box(): Component | null {
    return this.#Box;
  }

  async begin(asked: Asked): Promise<void> {
    this.#last = asked;
    this.#asked = asked;
    if (this.#Box) return;
    try {
      this.#Box = (await this.#fetch()).default;
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
