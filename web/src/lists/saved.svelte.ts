// Which lists does this person come back to? The store's saved views and their own, read once and kept up to date by what is done here.
import { get, post, put, remove, sentence } from '../api';
import type { ListOf, SavedView, SavedViews, SaveView } from '../types';
import { undo } from '../undo.svelte';

class Saved {
  #views = $state.raw<SavedView[]>([]);
  #isRead = false;

  of(list: ListOf): SavedView[] {
    return this.#views.filter((view) => view.list === list);
  }

  /** Reads them at the first need, and again when asked. A list works without its saved views, so a failure is silent. */
  async read(again = false): Promise<void> {
    if (this.#isRead && !again) return;
    this.#isRead = true;
    try {
      this.#views = (await get<SavedViews>('/api/views')).items;
    } catch {
      this.#isRead = false;
    }
  }

  /** Null when it was saved, else the sentence to show. */
  async save(said: SaveView): Promise<string | null> {
    try {
      const view = await post<SavedView>('/api/views', said);
      this.#views = [...this.#views, view];
      return null;
    } catch (thrown) {
      return sentence(thrown);
    }
  }

  async change(view: SavedView, said: SaveView): Promise<string | null> {
    try {
      const changed = await put<SavedView>(`/api/views/${view.id}`, said);
      this.#views = this.#views.map((other) => (other.id === view.id ? changed : other));
      return null;
    } catch (thrown) {
      return sentence(thrown);
    }
  }

  /** Takes a view away; it comes back under a new number when that is undone. */
  async remove(view: SavedView): Promise<void> {
    const { list, name, words, shared } = view;
    await undo.act({
      done: `View “${name}” removed`,
      apply: () => (this.#views = this.#views.filter((other) => other.id !== view.id)),
      revert: () => (this.#views = [...this.#views, view]),
      send: () => remove(`/api/views/${view.id}`),
      takeBack: async () => {
        await post<SavedView>('/api/views', { list, name, words, shared });
        await this.read(true);
      },
    });
  }
}

export const saved = new Saved();
