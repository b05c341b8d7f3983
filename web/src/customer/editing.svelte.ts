// How does a change by hand reach the store? With what stood there before; what another set meanwhile is asked about, never written over.
import { Problem, post, put, sentence } from '../api';
import type { CustomerPage, EditChange, EditConflict, EditedCustomer } from '../types';
import { undo } from '../undo.svelte';
import { isSame, keyOf } from './edits';
import type { OneCustomer } from './one.svelte';

/** What was to be changed, and what others set meanwhile. */
export type Asked = { changes: EditChange[]; said: EditConflict; words: string };

export class Editing {
  /** The question that stands open. */
  asked = $state.raw<Asked | null>(null);
  readonly #one: OneCustomer;

  constructor(one: OneCustomer) {
    this.#one = one;
  }

  /** Saves at once, with an undo. Gives the sentence of what cannot be taken; null when it is saved, or is being asked about. */
  async save(page: CustomerPage, changes: EditChange[], words: string): Promise<string | null> {
    const real = changes.filter((change) => !isSame(change.edit, change.before));
    if (real.length === 0) return null;
    try {
      const next = await send(page, real);
      this.#one.replace(next);
      const { undo: number } = next;
      // None when all of it stood there already.
      undo.say(words, number === null ? null : () => void this.#takeBack(next.id, number));
      return null;
    } catch (thrown) {
      const said = conflictOf(thrown);
      if (!said) return sentence(thrown);
      this.asked = { changes: real, said, words };
      return null;
    }
  }

  /** Answers the question: of the values named by `mine` one's own word holds, of the others theirs. */
  async settle(page: CustomerPage, mine: ReadonlySet<string>): Promise<string | null> {
    const { asked } = this;
    if (!asked) return null;
    this.asked = null;
    const changes = asked.changes.flatMap((change) => {
      const conflict = asked.said.conflicts.find((each) => keyOf(each.yours) === keyOf(change.edit));
      if (!conflict) return [change];
      return mine.has(keyOf(change.edit)) ? [{ edit: change.edit, before: conflict.theirs }] : [];
    });
    if (changes.length === 0) {
      void this.#one.refresh();
      return null;
    }
    return this.save(page, changes, asked.words);
  }

  leave(): void {
    this.asked = null;
    void this.#one.refresh();
  }

  /** The word is taken back and no other said: the sources speak again. */
  async #takeBack(id: number, number: number): Promise<void> {
    try {
      this.#one.replace(await post<CustomerPage>(`/api/customers/${id}/edits/${number}/undo`, {}));
      undo.say('Taken back.');
    } catch (thrown) {
      undo.problem(sentence(thrown));
      void this.#one.refresh();
    }
  }
}

function send(page: CustomerPage, changes: EditChange[]): Promise<EditedCustomer> {
  return put<EditedCustomer>(`/api/customers/${page.id}/edits`, { changes }, { 'If-Match': `"${page.version}"` });
}

function conflictOf(thrown: unknown): EditConflict | null {
  return thrown instanceof Problem && thrown.code === 'edit-conflict' ? (thrown.body as EditConflict) : null;
}
