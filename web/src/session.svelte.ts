// Who is signed in, and at which store? One answer for the whole page.
import { get, onSignedOut, post, Problem, put, remove, sentence } from './api';
import { live } from './live.svelte';
import { soon } from './parts/soon';
import type { Counts, Me, Person } from './types';

/** `asked_again` is a session that ended under an open page: the page stays, a dialog asks. */
type Standing = 'loading' | 'unclaimed' | 'signed_out' | 'asked_again' | 'in' | 'unreachable';

class Session {
  #me = $state.raw<Me | null>(null);
  #standing = $state<Standing>('loading');

  get standing(): Standing {
    return this.#standing;
  }

  /** Only screens read this, and they are drawn only once someone is in. */
  get me(): Me {
    if (!this.#me) throw new Error('No one is signed in yet.');
    return this.#me;
  }

  /** Everybody who works here, oneself first. */
  get staff(): Person[] {
    return [this.me.user, ...this.me.people];
  }

  get isIn(): boolean {
    return this.#me !== null;
  }

  start(): Promise<void> {
    onSignedOut((code) => this.#signedOut(code));
    live.on('staff', () => void this.refresh());
    live.on('set_aside', () => void this.refresh());
    live.on('import', soon(() => void this.refresh()));
    live.onResync(() => void this.refresh());
    return this.load();
  }

  async load(): Promise<void> {
    try {
      this.#enter(await get<Me>('/api/me'));
    } catch (thrown) {
      const isSignedOut = thrown instanceof Problem && thrown.status === 401;
      if (!isSignedOut && !this.#me) this.#standing = 'unreachable';
    }
  }

  /** Names, counts and who is free, read again while the page goes on. */
  async refresh(): Promise<void> {
    if (this.#standing === 'in') await this.load();
  }

  async signIn(name: string, password: string): Promise<void> {
    this.#enter(await post<Me>('/api/session', { name, password }));
  }

  async claim(code: string, name: string, password: string): Promise<void> {
    this.#enter(await post<Me>('/api/claim', { code, name, password }));
  }

  async signOut(): Promise<void> {
    await remove<void>('/api/session');
    // A fresh page: nothing of the one who left stays in memory.
    location.assign('/');
  }

  /** Applied at once; an answer of "no" turns it back and is thrown on to be told. */
  async setAvailable(available: boolean): Promise<void> {
    const before = this.me;
    this.#me = { ...before, user: { ...before.user, available } };
    try {
      this.#me = await put<Me>('/api/me/availability', { available });
    } catch (thrown) {
      this.#me = before;
      throw new Error(sentence(thrown));
    }
  }

  /** Lists learn newer counts than this page has; the nav shows them. */
  setCounts(counts: Partial<Counts>): void {
    if (this.#me) this.#me = { ...this.#me, counts: { ...this.#me.counts, ...counts } };
  }

  #enter(me: Me): void {
    const isBack = this.#standing === 'asked_again';
    const isFirst = this.#standing !== 'in';
    this.#me = me;
    this.#standing = 'in';
    live.setServerTime(me.now_ms);
    if (isFirst) live.start();
    // The stream was silent while no one was signed in.
    if (isBack) live.catchUp();
  }

  #signedOut(code: string): void {
    live.stop();
    if (this.#me) this.#standing = 'asked_again';
    else this.#standing = code === 'unclaimed' ? 'unclaimed' : 'signed_out';
  }
}

export const session = new Session();
