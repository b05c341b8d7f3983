// Is the store computer still talking to us? One event stream, begun again after silence, sleep and restarts.
import type { Change, Hello, ViewersChange } from './types';

export type News =
  | { is: 'hello'; hello: Hello }
  | { is: 'alive' }
  | { is: 'change'; change: Change }
  | { is: 'viewers'; customer: number }
  | { is: 'resync' }
  | { is: 'lost' };

// 25 s: the server speaks every 15 s, and a packet lost on a bad Wi-Fi is sent again within a few. A line silent for longer leads
// nowhere, be it that the store computer lost its power, that a cable was pulled or that this machine slept.
export const SILENT_MS = 25_000;
export const CHECK_MS = 5_000;
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
  #heardAt = 0;
  #check: ReturnType<typeof setInterval>;

  constructor(
    private readonly tell: (news: News) => void,
    private readonly machine: Machine = REAL,
  ) {
    this.#check = setInterval(() => this.#listen(), CHECK_MS);
    this.restart();
  }

  restart(): void {
    this.#close();
    const source = this.machine.open('/api/live');
    this.#source = source;
    this.#isAnew = true;
    this.#heardAt = this.machine.now();
    const on = (name: string, use: (data: string) => void): void =>
      source.addEventListener(name, (event: MessageEvent<string>) => {
        this.#heardAt = this.machine.now();
        use(event.data);
      });
    on('hello', (data) => this.#greet(JSON.parse(data) as Hello));
    on('hb', () => this.tell({ is: 'alive' }));
    on('change', (data) => this.#hear(JSON.parse(data) as Change));
    on('viewers', (data) => this.tell({ is: 'viewers', customer: (JSON.parse(data) as ViewersChange).customer }));
    on('resync', () => this.tell({ is: 'resync' }));
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
    // Not silent: a line that fails aloud is left to the browser, which resumes where it was.
    this.#heardAt = this.machine.now();
    // CONNECTING: the browser is already trying again, with Last-Event-ID.
    if (source.readyState !== EventSource.CLOSED) return;
    this.#retry = setTimeout(() => this.restart(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, SLOWEST_RETRY_MS);
  }

  /** TCP may keep a dead line for many minutes without a word, so silence itself is taken for its end. */
  #listen(): void {
    if (this.#source === null || this.machine.now() - this.#heardAt <= SILENT_MS) return;
    this.tell({ is: 'lost' });
    this.restart();
  }

  #close(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#source?.close();
    this.#source = null;
  }
}
