// How is one thing said of many customers at once? By one act of the store, with one undo.
import { get, post, sentence } from '../api';
import type { BulkDone, CustomerRow, Edit, Page } from '../types';
import { undo } from '../undo.svelte';
import { plural } from '../words';

/** As many as the store changes at once. */
export const BULK_MOST = 1_000;
// The most rows the store gives at once.
const PAGE = 200;

/** "12 customers given to Jo; 3 were so already." */
export function changedWords({ changed, unchanged }: Pick<BulkDone, 'changed' | 'unchanged'>, words: (changed: string) => string): string {
  if (changed === 0) return 'Nothing to change: it was so already.';
  const rest = unchanged === 0 ? '' : `; ${plural(unchanged, 'was', 'were')} so already`;
  return `${words(plural(changed, 'customer'))}${rest}.`;
}

/** Gives the sentence of what cannot be done, or null. */
export async function setForAll(ids: number[], edit: Edit, words: (changed: string) => string, ondone: () => void): Promise<string | null> {
  try {
    const done = await post<BulkDone>('/api/customers/bulk', { ids, edit });
    undo.say(changedWords(done, words), done.changed === 0 ? null : () => void takeBack(done.id, ondone));
    ondone();
    return null;
  } catch (thrown) {
    undo.problem(sentence(thrown));
    return sentence(thrown);
  }
}

async function takeBack(id: number, ondone: () => void): Promise<void> {
  try {
    await post<BulkDone>(`/api/bulk/${id}/undo`, {});
    undo.say('Taken back. Whoever was changed again since keeps that.');
    ondone();
  } catch (thrown) {
    undo.problem(sentence(thrown));
  }
}

/** The numbers of all that a list shows, up to as many as are changed at once. */
export async function allOf(address: string): Promise<number[]> {
  const ids = new Set<number>();
  let after: string | null = null;
  do {
    const from: string = after === null ? '' : `&after=${encodeURIComponent(after)}`;
    const page: Page<CustomerRow> = await get<Page<CustomerRow>>(`${address}&limit=${PAGE}${from}`);
    page.items.forEach((row) => ids.add(row.id));
    after = page.next;
  } while (after !== null && ids.size < BULK_MOST);
  return [...ids].slice(0, BULK_MOST);
}
