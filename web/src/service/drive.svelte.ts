// What does the store say of its service drive just now? Read again with every change; what was done here shows before the store has answered.
import { sentence } from '../api';
import { live } from '../live.svelte';
import { Turns } from '../parts/turns';
import type { ServiceBoard, ServiceCard, ServiceDetail } from '../types';
import { keyOf } from './drive';
import { readBoard, readDetail } from './visits';

// 60 ms: asking sales over changes a visit, a card and a person in a row; they become one question.
const BURST_MS = 60;

export type Day = 'today' | 'tomorrow';

class Drive {
  #board = $state.raw<ServiceBoard | null>(null);
  #detail = $state.raw<{ key: string; detail: ServiceDetail } | null>(null);
  #problem = $state<string | null>(null);
  #readAt = $state<number | null>(null);
  #day: Day = 'today';
  #chosen: ServiceCard | null = null;
  readonly #turns = new Turns();
  #burst: ReturnType<typeof setTimeout> | null = null;

  /** Null until the store has answered once. */
  get board(): ServiceBoard | null {
    return this.#board;
  }

  get problem(): string | null {
    return this.#problem;
  }

  get readAt_ms(): number | null {
    return this.#readAt;
  }

  /** What is known of this card; the last one read while its next reading is under way, nothing of another card. */
  detailOf(card: ServiceCard): ServiceDetail | null {
    return this.#detail?.key === keyOf(card) ? this.#detail.detail : null;
  }

  /** Reads a day, and goes on reading whenever something changes, until the returned function is called. */
  listen(day: Day): () => void {
    if (day !== this.#day) this.#board = null;
    this.#day = day;
    void this.refresh();
    const soon = (): void => this.#soon();
    const kinds = ['service_visit', 'appointment', 'alert', 'staff', 'market'] as const;
    const stops = [...kinds.map((kind) => live.on(kind, soon)), live.onResync(soon)];
    return () => stops.forEach((stop) => stop());
  }

  async refresh(): Promise<void> {
    await this.#turns.read(
      () => readBoard(this.#day),
      async (board) => {
        this.#board = board;
        this.#problem = null;
        this.#readAt = live.serverNow();
        const shown = this.#chosen && board.cards.find((card) => this.#chosen && keyOf(card) === keyOf(this.#chosen));
        if (shown) await this.choose(shown);
      },
      (problem) => (this.#problem = problem),
    );
  }

  /** Reads what is known of a card. */
  async choose(card: ServiceCard): Promise<void> {
    this.#chosen = card;
    try {
      const detail = await readDetail(card);
      if (this.#chosen && keyOf(this.#chosen) === keyOf(card)) this.#detail = { key: keyOf(card), detail };
    } catch (thrown) {
      this.#problem = sentence(thrown);
    }
  }

  /** Shows a change of a card at once. */
  patch(key: string, change: (card: ServiceCard) => ServiceCard): void {
    if (!this.#board) return;
    this.#board = { ...this.#board, cards: this.#board.cards.map((card) => (keyOf(card) === key ? change(card) : card)) };
    if (this.#detail?.key === key) this.#detail = { key, detail: { ...this.#detail.detail, card: change(this.#detail.detail.card) } };
  }

  /** Tells the store. What it said before is not shown meanwhile. */
  write<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    return this.#turns.write(send, () => void this.refresh());
  }

  #soon(): void {
    this.#burst ??= setTimeout(() => {
      this.#burst = null;
      void this.refresh();
    }, BURST_MS);
  }
}

export const drive = new Drive();
