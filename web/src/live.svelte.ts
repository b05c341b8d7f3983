// What has just changed at the store, and what time is it there? Everything that updates by itself listens here.
import { createSubscriber } from 'svelte/reactivity';
import { LiveStream, type News } from './live.stream';
import type { Change, ChangeKind } from './types';

/** `lost` for under ten seconds is a hiccup, after that the page says that it is showing old news. */
export type Net = 'connecting' | 'live' | 'reconnecting' | 'offline';

type Pipe = { start: () => void; stop: () => void };

// 10 s: a Wi-Fi hand-over passes unseen, an outage does not.
const HICCUP_MS = 10_000;

class Live {
  #net = $state<Net>('connecting');
  #freshUntil = $state<number | null>(null);
  #offsetMs = $state(0);
  #pipe: Pipe | null = null;
  #giveUp: ReturnType<typeof setTimeout> | null = null;
  #listeners = new Map<ChangeKind, Set<(change: Change) => void>>();
  #viewers = new Set<(customer: number) => void>();
  #resync = new Set<() => void>();
  #everySecond = createSubscriber((update) => {
    const timer = setInterval(update, 1_000);
    return () => clearInterval(timer);
  });

  get net(): Net {
    return this.#net;
  }

  /** Server time of the last sign of life; the strip says "Showing 9:41". */
  get freshUntil_ms(): number | null {
    return this.#freshUntil;
  }

  /** The store's clock. Read in an effect or a template, it ticks once a second for as long as it is shown. */
  get now_ms(): number {
    this.#everySecond();
    return Date.now() + this.#offsetMs;
  }

  /** The store's clock at this moment, for an act rather than for show. */
  serverNow(): number {
    return Date.now() + this.#offsetMs;
  }

  setServerTime(now_ms: number): void {
    this.#offsetMs = now_ms - Date.now();
  }

  /** Calls `listener` for each change of a kind until the returned function is called. */
  on(kind: ChangeKind, listener: (change: Change) => void): () => void {
    const listeners = this.#listeners.get(kind) ?? new Set();
    this.#listeners.set(kind, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Calls `listener` with a customer whom others look at than before. */
  onViewers(listener: (customer: number) => void): () => void {
    this.#viewers.add(listener);
    return () => this.#viewers.delete(listener);
  }

  /** Calls `listener` when changes were missed and what is on screen must be read again. */
  onResync(listener: () => void): () => void {
    this.#resync.add(listener);
    return () => this.#resync.delete(listener);
  }

  start(): void {
    this.#pipe ??= openPipe((news) => this.#hear(news));
    this.#pipe.start();
  }

  stop(): void {
    this.#pipe?.stop();
  }

  /** What is on screen must be read again, such as after signing in anew. */
  catchUp(): void {
    for (const listener of this.#resync) listener();
  }

  #hear(news: News): void {
    switch (news.is) {
      case 'hello':
        this.setServerTime(news.hello.now_ms);
        this.#recover();
        break;
      case 'alive':
        this.#recover();
        break;
      case 'change':
        this.#recover();
        for (const listener of this.#listeners.get(news.change.kind) ?? []) listener(news.change);
        break;
      case 'viewers':
        for (const listener of this.#viewers) listener(news.customer);
        break;
      case 'resync':
        this.catchUp();
        break;
      case 'lost':
        this.#lose();
        break;
    }
  }

  #recover(): void {
    if (this.#giveUp !== null) clearTimeout(this.#giveUp);
    this.#giveUp = null;
    this.#net = 'live';
    this.#freshUntil = this.serverNow();
  }

  #lose(): void {
    if (this.#giveUp !== null || this.#net === 'offline') return;
    this.#net = 'reconnecting';
    this.#giveUp = setTimeout(() => {
      this.#giveUp = null;
      this.#net = 'offline';
    }, HICCUP_MS);
  }
}

// Some phone browsers have no shared workers; there each page holds a stream of its own.
function openPipe(hear: (news: News) => void): Pipe {
  return typeof SharedWorker === 'undefined' ? openOwn(hear) : openShared(hear);
}

function openShared(hear: (news: News) => void): Pipe {
  const worker = new SharedWorker(new URL('./live.worker.ts', import.meta.url), { type: 'module', name: 'headlight-live' });
  worker.port.onmessage = (message: MessageEvent<News>) => hear(message.data);
  worker.port.start();
  // A page put away for the back button must not be kept as a listener.
  window.addEventListener('pagehide', () => worker.port.postMessage('stop'));
  window.addEventListener('pageshow', (event) => event.persisted && worker.port.postMessage('start'));
  return { start: () => worker.port.postMessage('start'), stop: () => worker.port.postMessage('stop') };
}

function openOwn(hear: (news: News) => void): Pipe {
  let stream: LiveStream | null = null;
  const start = (): void => {
    if (stream) stream.restart();
    else stream = new LiveStream(hear);
  };
  const stop = (): void => {
    stream?.stop();
    stream = null;
  };
  // Phones freeze hidden pages without telling; coming back begins the stream anew.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && stream?.restart());
  return { start, stop };
}

export const live = new Live();
