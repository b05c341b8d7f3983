// Is the store computer still talking to us? One event stream, begun again after silence, sleep and restarts.
import type { Change, Hello } from './types';

export type News =
  | { is: 'hello'; hello: Hello }
  | { is: 'change'; change: Change }
  | { is: 'resync' }
  | { is: 'lost' };

// The server speaks every 15 s. Timers that come 40 s late mean that this machine slept.
export const SLEPT_MS = 40_000;
const CHECK_MS = 5_000;
const SLOWEST_RETRY_MS = 15_000;

/** What a stream needs of the machine, so that a test can hand it another one. */
export type Machine = { open: (address: string) => EventSource; now: () => number };

const REAL: Machine = { open: (address) => new EventSource(address), now: () => Date.now() };

/**
 * Keeps one EventSource open and says what it hears. While the browser retries by itself the stream
 * resumes by Last-Event-ID; a stream that we had to begin anew compares the greeting's number with
 * the last one it heard and says `resync` when something was missed.
 */
export class LiveStream {
  #source: EventSource | null = null;
  #seq: number | null = null;
  #isAnew = true;
  #retryMs = 1_000;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #checkedAt: number;
  #check: ReturnType<typeof setInterval>;

  constructor(
    private readonly tell: (news: News) => void,
    private readonly machine: Machine = REAL,
  ) {
    this.#checkedAt = machine.now();
    this.#check = setInterval(() => this.#wake(), CHECK_MS);
    this.restart();
  }

  restart(): void {
    this.#close();
    const source = this.machine.open('/api/live');
    this.#source = source;
    this.#isAnew = true;
    source.addEventListener('hello', (event) => this.#greet(JSON.parse(event.data) as Hello));
    source.addEventListener('change', (event) => this.#hear(JSON.parse(event.data) as Change));
    source.addEventListener('resync', () => this.tell({ is: 'resync' }));
    source.addEventListener('error', () => this.#fail(source));
  }

  stop(): void {
    clearInterval(this.#check);
    this.#close();
  }

  #greet(hello: Hello): void {
    this.#retryMs = 1_000;
    this.tell({ is: 'hello', hello });
    const heard = this.#seq;
    // Lower than before: the store was put back from a backup, and counts on from there.
    const missed = heard !== null && (hello.seq < heard || (this.#isAnew && hello.seq > heard));
    if (missed) this.tell({ is: 'resync' });
    // A resumed stream says next what was missed, so its number must not be taken as heard.
    if (heard === null || missed || this.#isAnew) this.#seq = hello.seq;
    this.#isAnew = false;
  }

  #hear(change: Change): void {
    // Heard already: a resumed stream may repeat its last word.
    if (this.#seq !== null && change.seq <= this.#seq) return;
    this.#seq = change.seq;
    this.tell({ is: 'change', change });
  }

  #fail(source: EventSource): void {
    if (source !== this.#source) return;
    this.tell({ is: 'lost' });
    // CONNECTING: the browser is already trying again, with Last-Event-ID.
    if (source.readyState !== EventSource.CLOSED) return;
    this.#retry = setTimeout(() => this.restart(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, SLOWEST_RETRY_MS);
  }

  #wake(): void {
    const now = this.machine.now();
    const slept = now - this.#checkedAt > SLEPT_MS;
    this.#checkedAt = now;
    if (slept) this.restart();
  }

  #close(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#source?.close();
    this.#source = null;
  }
}
