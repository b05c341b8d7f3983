// How does one import stand? What was matched shows at once and is kept as one goes; the rehearsal follows it.
import { get, post, Problem, put, sentence, wasAborted } from '../api';
import type { ImportDraft, ImportMapping } from '../types';
import { undo } from '../undo.svelte';

export class OneImport {
  draft = $state.raw<ImportDraft | null>(null);
  /** As on the screen: ahead of the store computer while it is being kept. */
  mapping = $state.raw<ImportMapping | null>(null);
  problem = $state<string | null>(null);
  isMissing = $state(false);
  isSaving = $state(false);
  /** The figures before the last change, shown faintly until the new ones are there. */
  rehearsed = $state.raw<ImportDraft['run']['rehearsed']>(null);
  #id = '';
  #wanted: ImportMapping | null = null;
  #asked = new AbortController();

  get isRehearsing(): boolean {
    return this.isSaving || (this.draft?.run.state === 'draft' && this.draft.run.rehearsed === null);
  }

  async open(id: string): Promise<void> {
    if (this.#id !== id) {
      this.draft = null;
      this.rehearsed = null;
      this.mapping = null;
      this.#wanted = null;
    }
    this.#id = id;
    await this.refresh();
  }

  async refresh(): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    try {
      this.take(await get<ImportDraft>(this.#address(), { signal: this.#asked.signal }));
      this.problem = null;
      this.isMissing = false;
    } catch (thrown) {
      if (wasAborted(thrown)) return;
      this.isMissing = thrown instanceof Problem && [400, 403, 404].includes(thrown.status);
      this.problem = sentence(thrown);
    }
  }

  /** What the store computer says of it now. */
  take(draft: ImportDraft): void {
    this.draft = draft;
    if (!this.isSaving) {
      this.mapping = draft.mapping;
      this.rehearsed = draft.run.rehearsed ?? this.rehearsed;
    }
  }

  /** Matches otherwise. Several changes in a row are kept as one. */
  async match(mapping: ImportMapping): Promise<void> {
    this.#wanted = mapping;
    // Figures of another kind of file would be told in the wrong words.
    if (mapping.kind !== this.mapping?.kind) this.rehearsed = null;
    // Empty columns ask for a new guess; until it is there the old ones stand.
    this.mapping = mapping.columns.length > 0 ? mapping : { ...mapping, columns: this.mapping?.columns ?? [] };
    if (this.isSaving) return;
    this.isSaving = true;
    let kept: ImportDraft | null = null;
    try {
      while (this.#wanted) {
        const next: ImportMapping = this.#wanted;
        this.#wanted = null;
        kept = await put<ImportDraft>(`${this.#address()}/mapping`, next);
      }
    } catch (thrown) {
      this.#wanted = null;
      undo.problem(sentence(thrown));
    }
    this.isSaving = false;
    if (kept) this.take(kept);
    else this.mapping = this.draft?.mapping ?? null;
  }

  /** Mends one cell; resolves to whether it was kept. */
  async mend(line: number, place: number, text: string): Promise<boolean> {
    try {
      this.take(await put<ImportDraft>(`${this.#address()}/rows/${line}`, { cells: [{ place, text }] }));
      return true;
    } catch (thrown) {
      undo.problem(sentence(thrown));
      return false;
    }
  }

  run(): Promise<void> {
    return this.#order('run');
  }

  takeBack(): Promise<void> {
    return this.#order('undo');
  }

  async #order(act: string): Promise<void> {
    try {
      this.take(await post<ImportDraft>(`${this.#address()}/${act}`, {}));
    } catch (thrown) {
      undo.problem(sentence(thrown));
      await this.refresh();
    }
  }

  #address(): string {
    return `/api/imports/${encodeURIComponent(this.#id)}`;
  }
}
