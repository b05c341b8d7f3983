// What does the store say of its showroom just now? Read again with every change; what was done here shows before the store has answered.
import { live } from '../live.svelte';
import { Pages, update } from '../parts/pages.svelte';
import { Turns } from '../parts/turns';
import type { Floor, Visit } from '../types';
import { readFloor } from './visits';

// 60 ms: opening a visit changes a visit, a person and some cards in a row; they become one question.
const BURST_MS = 60;
const LOG_PAGE = 50;

class Showroom {
  #read = $state.raw<Floor | null>(null);
  #problem = $state<string | null>(null);
  #readAt = $state<number | null>(null);
  readonly #turns = new Turns();
  #burst: ReturnType<typeof setTimeout> | null = null;
  /** The visits of all days, newest first. */
  readonly log = new Pages<Visit>();

  /** Null until the store has answered once. */
  get floor(): Floor | null {
    return this.#read;
  }

  /** Who is here, whoever came first before the others. */
  get visits(): Visit[] {
    return this.#read?.visits.filter((visit) => visit.end === null) ?? [];
  }

  get problem(): string | null {
    return this.#problem;
  }

  get readAt_ms(): number | null {
    return this.#readAt;
  }

  /** Reads, and goes on reading whenever something changes, until the returned function is called. */
  listen(): () => void {
    void this.refresh();
    const soon = (): void => this.#soon();
    const stops = [live.on('visit', soon), live.on('staff', soon), live.on('alert', soon), live.onResync(soon)];
    return () => stops.forEach((stop) => stop());
  }

  async refresh(): Promise<void> {
    await this.#turns.read(
      readFloor,
      (read) => {
        this.#read = read;
        this.#problem = null;
        this.#readAt = live.serverNow();
      },
      (problem) => (this.#problem = problem),
    );
  }

  async openLog(): Promise<void> {
    if (this.log.shows('/api/visits')) return this.refreshLog();
    await this.log.open({ address: '/api/visits', cursor: 'after', key: (visit) => visit.id, size: LOG_PAGE });
  }

  /** Numbers grow, so what is new belongs on top. */
  refreshLog(): Promise<void> {
    return this.log.refreshNewest((loaded, page) => {
      const { rows, unseen } = update(loaded, page, (visit) => visit.id);
      const newest = loaded[0]?.id ?? 0;
      return [...unseen.filter((visit) => visit.id > newest), ...rows];
    });
  }

  /** Shows a change of a visit at once. */
  patch(id: number, change: (visit: Visit) => Visit): void {
    if (!this.#read) return;
    this.#read = { ...this.#read, visits: this.#read.visits.map((visit) => (visit.id === id ? change(visit) : visit)) };
  }

  /** Shows a visit as open, where its time says. */
  show(visit: Visit): void {
    if (!this.#read) return;
    const others = this.#read.visits.filter((other) => other.id !== visit.id);
    const visits = [...others, { ...visit, end: null }].sort((a, b) => a.began_ms - b.began_ms || a.id - b.id);
    this.#read = { ...this.#read, visits };
  }

  /** Tells the store. What it said before is not shown meanwhile. */
  write<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    return this.#turns.write(send, () => this.#again());
  }

  #soon(): void {
    this.#burst ??= setTimeout(() => {
      this.#burst = null;
      this.#again();
    }, BURST_MS);
  }

  #again(): void {
    void this.refresh();
    if (this.log.shows('/api/visits')) void this.refreshLog();
  }
}

export const showroom = new Showroom();
