// What is in the queue just now? The list on screen, kept true by what the store says and never shuffled under the hand.
import { SvelteMap } from 'svelte/reactivity';
import { sentence } from '../api';
import { live } from '../live.svelte';
import { session } from '../session.svelte';
import type { AlertRow, Scope } from '../types';
import { listAlerts, readAlert, whyGone } from './alerts';
import { EMPTY, left, type Line, missing, neighbour, putBack, type Queue, reconciled, sorted, succeeded, updated, without } from './queue';

// 60 ms: one act at the store is often two or three changes in a row; they become one question.
const BURST_MS = 60;

class NowQueue {
  #queue = $state.raw<Queue>(EMPTY);
  #scope = $state<Scope>('mine');
  #problem = $state<string | null>(null);
  #total = $state(0);
  #readAt = $state<number | null>(null);
  /** Acted on here and out of sight at once, with whether the store has agreed. */
  #hidden = new SvelteMap<number, 'asked' | 'agreed'>();
  #selected = $state<number | null>(null);
  #burst: ReturnType<typeof setTimeout> | null = null;
  #asked = 0;
  #newest: Promise<void> = Promise.resolve();
  /** The next list that comes is taken over in the store's order. */
  #sorts = false;
  /** Cards that were closed and whose reason is so no more: the store opens another for each, some moments after its answer. */
  #succeeds = new Map<number, AlertRow>();

  get lines(): Line[] {
    return this.#queue.lines.filter((line) => !this.#hidden.has(line.alert.id));
  }

  get waiting(): AlertRow[] {
    return this.#queue.waiting.filter((alert) => !this.#hidden.has(alert.id));
  }

  get scope(): Scope {
    return this.#scope;
  }

  /** Null until the first list came. */
  get readAt_ms(): number | null {
    return this.#readAt;
  }

  get problem(): string | null {
    return this.#problem;
  }

  /** How many the store has beyond the rows of this list. */
  get beyond(): number {
    return Math.max(0, this.#total - this.#queue.lines.length - this.#queue.waiting.length);
  }

  get selected(): number | null {
    return this.#selected;
  }

  select(id: number | null): void {
    this.#selected = id;
  }

  row(id: number): AlertRow | null {
    const line = this.#queue.lines.find((other) => other.alert.id === id);
    return line?.alert ?? this.#queue.waiting.find((other) => other.id === id) ?? null;
  }

  line(id: number): Line | null {
    return this.#queue.lines.find((other) => other.alert.id === id) ?? null;
  }

  /** Opens a list at a row, or at its first: another scope begins empty, the same one is re-sorted. */
  async open(scope: Scope, at: number | null): Promise<void> {
    if (scope !== this.#scope) {
      this.#scope = scope;
      this.#queue = EMPTY;
      this.#readAt = null;
      this.#succeeds.clear();
    }
    this.#selected = at;
    await this.resort();
    this.#selected ??= this.lines[0]?.alert.id ?? null;
  }

  /** Takes the store's order over. The row being read is kept, wherever it went. */
  async resort(): Promise<void> {
    this.#sorts = true;
    await this.refresh();
  }

  /** Hears the store until the returned function is called. */
  listen(): () => void {
    const stops = [
      live.on('alert', () => this.#changed()),
      live.on('lead', () => this.#changed()),
      live.onResync(() => void this.refresh()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  /** Reads the list again and changes rows in place. Resolves when what is then the newest list is shown. */
  refresh(): Promise<void> {
    const read = this.#ask(++this.#asked);
    this.#newest = read;
    return read;
  }

  /** A newer word on one alert, such as the answer to an act. */
  hear(alert: AlertRow): void {
    if (this.row(alert.id)) this.#queue = updated(this.#queue, alert);
  }

  /** Shows at once that an alert is dealt with; gives the way back. */
  hide(id: number): () => void {
    const at = this.#queue.lines.findIndex((line) => line.alert.id === id);
    const line = this.#queue.lines[at];
    const next = neighbour(this.lines, id);
    this.#hidden.set(id, 'asked');
    if (this.#selected === id) this.#selected = next;
    return () => {
      this.#hidden.delete(id);
      // The order that was to be taken over with the act is not, so that the row stands where it stood.
      this.#sorts = false;
      if (line) this.#queue = putBack(this.#queue, line, at);
      this.#selected = id;
    };
  }

  /** The store agreed; from the next list on its word counts again, unless the act was taken back meanwhile. */
  async agreed(id: number): Promise<void> {
    if (!this.#hidden.has(id)) return;
    this.#hidden.set(id, 'agreed');
    await this.resort();
  }

  /** What a card was closed for is so no more. The store opens another for the same customer: it stands where the first one stood. */
  async comesBack(alert: AlertRow): Promise<void> {
    this.#succeeds.set(alert.id, alert);
    await this.refresh();
  }

  /** Shows a change of one row at once; gives the way back. */
  patch(id: number, change: Partial<AlertRow>): () => void {
    const before = this.row(id);
    const swap = (to: (alert: AlertRow) => AlertRow): void => {
      this.#queue = {
        lines: this.#queue.lines.map((line) => (line.alert.id === id ? { ...line, alert: to(line.alert) } : line)),
        waiting: this.#queue.waiting.map((alert) => (alert.id === id ? to(alert) : alert)),
      };
    };
    swap((alert) => ({ ...alert, ...change }));
    // Newer words that came meanwhile are kept; only what was patched is turned back.
    const undone = Object.fromEntries(Object.keys(change).map((word) => [word, before?.[word as keyof AlertRow]]));
    return () => swap((alert) => (alert.seq === before?.seq ? { ...alert, ...undone } : alert));
  }

  #changed(): void {
    this.#burst ??= setTimeout(() => {
      this.#burst = null;
      void this.refresh();
    }, BURST_MS);
  }

  async #ask(asked: number): Promise<void> {
    const scope = this.#scope;
    const agreed = [...this.#hidden].filter(([, stage]) => stage === 'agreed').map(([id]) => id);
    try {
      const page = await listAlerts(scope);
      session.setCounts(page.counts);
      // Only the latest question is answered: an older list must not undo a newer one.
      if (asked !== this.#asked) return void (await this.#newest);
      this.#succeed(page.items);
      this.#take(page.items, page.next === null);
      for (const id of agreed) this.#settle(id, page.items);
      this.#total = page.total;
      this.#problem = null;
      this.#readAt = live.serverNow();
    } catch (thrown) {
      if (asked !== this.#asked) return void (await this.#newest);
      this.#problem = sentence(thrown);
      this.#sorts = false;
    }
  }

  // Whoever asked for the store's order gets it with the list that is shown next, though another change has overtaken the question.
  #take(items: AlertRow[], isWhole: boolean): void {
    if (this.#sorts) {
      this.#sorts = false;
      const shown = this.#queue.lines;
      const at = shown.findIndex((line) => line.alert.id === this.#selected && !this.#hidden.has(line.alert.id));
      this.#queue = sorted(items, at >= 0 ? shown[at] : null, at);
      return;
    }
    this.#queue = reconciled(this.#queue, items);
    const gone = isWhole ? missing(this.#queue, items) : [];
    for (const id of gone) if (!this.#hidden.has(id)) void this.#explain(id);
  }

  #succeed(items: readonly AlertRow[]): void {
    for (const [id, before] of this.#succeeds) {
      const by = items.find((other) => other.customer.id === before.customer.id && other.rule === before.rule);
      if (!by) continue;
      this.#succeeds.delete(id);
      if (by.id === id || !this.line(id)) continue;
      this.#queue = succeeded(this.#queue, id, by);
      if (this.#selected === id) this.#selected = by.id;
    }
  }

  // Hidden no longer: either it has left the list, or it is rightly in it again. One that was taken back meanwhile stands where it was put.
  #settle(id: number, items: readonly AlertRow[]): void {
    if (this.#hidden.get(id) !== 'agreed') return;
    this.#hidden.delete(id);
    if (!items.some((alert) => alert.id === id)) this.#queue = without(this.#queue, id);
  }

  async #explain(id: number): Promise<void> {
    try {
      const alert = await readAlert(id);
      this.#queue = left(this.#queue, id, whyGone(alert, this.#scope, session.me.user.id, live.serverNow(), session.me.store.zone), alert);
    } catch {
      // Not ours to see any more; that is all there is to say.
      this.#queue = left(this.#queue, id, 'Moved on');
    }
  }
}

export const queue = new NowQueue();
