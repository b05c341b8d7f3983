// Which pairs wait for somebody, which is looked at, and how far is the search? Pairs that were decided here are out of sight at once.
import { SvelteSet } from 'svelte/reactivity';
import { get, post, sentence } from '../api';
import { Pages } from '../parts/pages.svelte';
import type { Apart, DuplicatePair, Duplicates, DuplicateScan, Merged } from '../types';
import { undo } from '../undo.svelte';
import { keptFirst } from './review';

const PAGE = 40;
// 1 s: a number that moves is watched, and a small store is done in less than a few of them.
const ASK_AGAIN_MS = 1_000;

class Review {
  readonly pages = new Pages<DuplicatePair>();
  scan = $state.raw<DuplicateScan | null>(null);
  current = $state<string | null>(null);
  #decided = new SvelteSet<string>();

  get pairs(): DuplicatePair[] {
    return this.pages.items.filter((pair) => !this.#decided.has(pair.id));
  }

  /** How many wait, as far as is known: the store counts pairs of records, of which one customer may have several. */
  get waiting(): number {
    return this.pages.hasMore ? Math.max(this.pairs.length, this.pages.total - this.#decided.size) : this.pairs.length;
  }

  async open(): Promise<void> {
    this.#decided.clear();
    await Promise.all([this.pages.open({ address: '/api/duplicates', cursor: 'after', key: (pair) => pair.id, size: PAGE }), this.#look()]);
    this.current ??= this.pairs[0]?.id ?? null;
  }

  /** Follows a running search until the returned function is called. */
  follow(): () => void {
    const timer = setInterval(() => void this.#step(), ASK_AGAIN_MS);
    return () => clearInterval(timer);
  }

  async search(): Promise<void> {
    try {
      this.scan = await post<DuplicateScan>('/api/duplicates/scan', {});
    } catch (thrown) {
      undo.problem(sentence(thrown));
    }
  }

  walk(step: 1 | -1): void {
    const at = this.pairs.findIndex((pair) => pair.id === this.current);
    const next = this.pairs[Math.min(Math.max(at + step, 0), this.pairs.length - 1)];
    this.current = next?.id ?? null;
    if (at + step >= this.pairs.length - 3) void this.pages.more();
  }

  async join(pair: DuplicatePair): Promise<void> {
    const [kept, folded] = keptFirst(pair);
    let merged: Merged | null = null;
    await undo.act({
      done: `${folded.name.text} joined with ${kept.name.text}`,
      apply: () => this.#hide(pair),
      revert: () => this.#show(pair),
      send: async () => {
        merged = await post<Merged>(`/api/customers/${kept.id}/merge`, { other: folded.id, choices: [] });
      },
      takeBack: async () => {
        if (!merged?.merge) return;
        await post(`/api/merges/${merged.merge}/undo`, {});
        // Taken apart they count as two for good; taken back they are asked about again.
        await post(`/api/customers/${kept.id}/apart/undo`, { other: folded.id });
      },
    });
  }

  async keepApart(pair: DuplicatePair): Promise<void> {
    let apart: Apart | null = null;
    await undo.act({
      done: `${pair.one.name.text} and ${pair.other.name.text} are two people`,
      apply: () => this.#hide(pair),
      revert: () => this.#show(pair),
      send: async () => {
        apart = await post<Apart>(`/api/customers/${pair.one.id}/apart`, { other: pair.other.id });
      },
      takeBack: async () => {
        // None when a colleague had said it before.
        if (apart?.undo) await post(`/api/apart/${apart.undo}/undo`, {});
      },
    });
  }

  #hide(pair: DuplicatePair): void {
    const shown = this.pairs;
    const at = shown.findIndex((other) => other.id === pair.id);
    if (this.current === pair.id) this.current = (shown[at + 1] ?? shown[at - 1])?.id ?? null;
    this.#decided.add(pair.id);
    if (this.pairs.length < PAGE / 2) void this.pages.more();
  }

  #show(pair: DuplicatePair): void {
    this.#decided.delete(pair.id);
    this.current = pair.id;
  }

  async #step(): Promise<void> {
    if (!this.scan?.is_running) return;
    await this.#look();
    if (!this.scan.is_running) await this.open();
  }

  async #look(): Promise<void> {
    try {
      this.scan = (await get<Duplicates>('/api/duplicates?limit=1')).scan;
    } catch {
      // The list beside it says what is the matter.
    }
  }
}

export const review = new Review();
