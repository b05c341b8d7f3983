// What was just done, and how is it taken back? Acts show at once, the store hears of them after, and Z reverses the last.
import { isWriting, sentence, written } from './api';

export type Act = {
  /** "Greg Sandoval snoozed to 2:00 pm" */
  done: string;
  /** Shows the outcome on this page before the store has answered. */
  apply: () => void;
  /** Shows the page as it was. */
  revert: () => void;
  send: () => Promise<unknown>;
  /** Tells the store to take it back; missing for what cannot be undone. */
  takeBack?: () => Promise<unknown>;
};

export type Toast = {
  id: number;
  text: string;
  tone: 'plain' | 'problem';
  undo: (() => void) | null;
  /** What its button says. */
  word: string;
  /** Steady clock; null while the pointer or the focus is on it. */
  leaves_ms: number | null;
};

// 10 s: time to read, doubt and reach for Z; said in the same words in the design.
export const TOAST_MS = 10_000;
const AT_MOST = 3;

class Undo {
  #toasts = $state.raw<Toast[]>([]);
  #next = 1;
  /** Toasts of acts that the store has not answered yet. */
  #sending = new Set<number>();
  /** Toasts of acts, which are said as they begin; others are said when the store has answered. */
  #acts = new Set<number>();

  get toasts(): Toast[] {
    return this.#toasts;
  }

  /** The one that Z takes back. */
  get last(): Toast | null {
    return this.#toasts.findLast((toast) => toast.undo !== null) ?? null;
  }

  /** Carries out an act. Resolves to whether the store accepted it. */
  async act(act: Act): Promise<boolean> {
    act.apply();
    let isBack = false;
    const sent = act.send();
    const back = async (): Promise<void> => {
      if (isBack) return;
      isBack = true;
      this.dismiss(toast);
      act.revert();
      await this.#takeBack(act, sent);
    };
    const toast = this.say(act.done, act.takeBack ? () => void back() : null);
    this.#sending.add(toast);
    this.#acts.add(toast);
    try {
      await sent;
      return true;
    } catch (thrown) {
      if (!isBack) act.revert();
      isBack = true;
      this.dismiss(toast);
      this.problem(sentence(thrown));
      return false;
    } finally {
      this.#sending.delete(toast);
    }
  }

  /** Z. Says so when there is nothing to take back. What is being written at this moment, and will only then be said, is waited for. */
  undoLast(): void {
    if (this.last && this.#sending.has(this.last.id)) this.take(this.last);
    else if (isWriting()) {
      const pressed = this.#next;
      void written().then(() => this.#undoLast(pressed));
    } else this.#undoLast();
  }

  // An act that was begun after the key was pressed is not what was meant by it.
  #undoLast(pressed = Infinity): void {
    const meant = this.#toasts.findLast((toast) => toast.undo !== null && !(toast.id >= pressed && this.#acts.has(toast.id)));
    if (meant) this.take(meant);
    else this.say('There is nothing to undo.');
  }

  /** Takes back what a toast speaks of. */
  take(toast: Toast): void {
    this.dismiss(toast.id);
    toast.undo?.();
  }

  say(text: string, undo: (() => void) | null = null, word = 'Undo'): number {
    return this.#show({ text, tone: 'plain', undo, word });
  }

  problem(text: string): number {
    return this.#show({ text, tone: 'problem', undo: null, word: 'Undo' });
  }

  dismiss(id: number): void {
    this.#toasts = this.#toasts.filter((toast) => toast.id !== id);
  }

  /** Stays while it is pointed at or has the focus, then has its ten seconds again. */
  hold(id: number): void {
    this.#time(id, null);
  }

  release(id: number): void {
    this.#time(id, performance.now() + TOAST_MS);
  }

  async #takeBack(act: Act, sent: Promise<unknown>): Promise<void> {
    try {
      // The store must have heard of the act before it can hear that it is taken back.
      await sent;
    } catch {
      return;
    }
    try {
      await act.takeBack?.();
      this.say('Taken back.');
    } catch (thrown) {
      act.apply();
      this.problem(sentence(thrown));
    }
  }

  #show(toast: Pick<Toast, 'text' | 'tone' | 'undo' | 'word'>): number {
    const id = this.#next++;
    const leaves_ms = performance.now() + TOAST_MS;
    this.#toasts = [...this.#toasts, { ...toast, id, leaves_ms }].slice(-AT_MOST);
    this.#later(id);
    return id;
  }

  #time(id: number, leaves_ms: number | null): void {
    this.#toasts = this.#toasts.map((toast) => (toast.id === id ? { ...toast, leaves_ms } : toast));
    if (leaves_ms !== null) this.#later(id);
  }

  #later(id: number): void {
    setTimeout(() => {
      const toast = this.#toasts.find((other) => other.id === id);
      if (toast && toast.leaves_ms !== null && performance.now() >= toast.leaves_ms - 20) this.dismiss(id);
    }, TOAST_MS);
  }
}

export const undo = new Undo();
