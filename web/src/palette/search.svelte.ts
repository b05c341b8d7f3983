// What does the store find? Asked as one types, never more than once at a time, never answered by an old question.
import { get, sentence, wasAborted } from '../api';
import type { Hit, SearchAnswer } from '../types';

// 90 ms: shorter than the pause between words, longer than the one between letters.
const PAUSE_MS = 90;

export class Search {
  #limit: number;
  #hits = $state.raw<Hit[]>([]);
  #problem = $state<string | null>(null);
  #isRebuilding = $state(false);
  #isBusy = $state(false);
  #answered = $state('');
  #asking: AbortController | null = null;
  #pause: ReturnType<typeof setTimeout> | null = null;

  /** `limit` hits are asked for at once. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The answer to the latest question that was answered. */
  get hits(): Hit[] {
    return this.#hits;
  }

  get problem(): string | null {
    return this.#problem;
  }

  get isRebuilding(): boolean {
    return this.#isRebuilding;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** The question that the hits answer. */
  get answered(): string {
    return this.#answered;
  }

  ask(typed: string): void {
    this.stop();
    if (typed.trim() === '') {
      this.#hits = [];
      this.#answered = '';
      this.#problem = null;
      return;
    }
    this.#isBusy = true;
    this.#pause = setTimeout(() => void this.#fetch(typed.trim(), this.#limit), PAUSE_MS);
  }

  /** Reads on, up to so many hits in all. */
  more(limit: number): void {
    if (this.#isBusy || this.#answered === '' || this.#hits.length >= limit) return;
    this.#isBusy = true;
    void this.#fetch(this.#answered, limit);
  }

  /** Forgets the question; an answer still under way is not waited for. */
  stop(): void {
    if (this.#pause !== null) clearTimeout(this.#pause);
    this.#pause = null;
    this.#asking?.abort();
    this.#asking = null;
    this.#isBusy = false;
  }

  async #fetch(typed: string, limit: number): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const answer = await get<SearchAnswer>(`/api/search?q=${encodeURIComponent(typed)}&limit=${limit}`, {
        signal: asking.signal,
      });
      if (asking !== this.#asking) return;
      this.#hits = answer.hits;
      this.#answered = typed;
      this.#isRebuilding = answer.index === 'rebuilding';
      this.#problem = null;
    } catch (thrown) {
      if (!wasAborted(thrown) && asking === this.#asking) this.#problem = sentence(thrown);
    } finally {
      if (asking === this.#asking) this.#isBusy = false;
    }
  }
}
