// Does matching show at once, keep the last word, and never tell figures of something else?
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ImportDraft, ImportMapping } from '../types';
import { undo } from '../undo.svelte';
import { OneImport } from './one.svelte';

const MAPPING: ImportMapping = { kind: 'customers', system: 'CDK', columns: ['first-name', 'note'], dates: 'month-first', names: 'guess' };

function draft(mapping: ImportMapping, isRehearsed: boolean): ImportDraft {
  const counts = { rows: 2, new: 2, joined: 0, unchanged: 0, held_back: 0, reasons: [], warnings: [] };
  return {
    run: {
      ...counts,
      id: 4,
      kind: mapping.kind,
      file: 'people.csv',
      started_ms: 0,
      ended_ms: null,
      by: null,
      state: 'draft',
      preset: null,
      rehearsed: isRehearsed ? { ...counts, at_ms: 1, examples: [], refused: null } : null,
      taken_back: null,
      may_take_back: false,
    },
    mapping,
    columns: [],
    targets: [],
    encoding: 'UTF-8',
    separator: ',',
    header_line: 1,
    notes: [],
    remembered: false,
    mended: 0,
  };
}

/** A store computer that keeps every matching it is given, or refuses them all. */
function serve(isWilling = true): ImportMapping[] {
  const kept: ImportMapping[] = [];
  vi.stubGlobal('fetch', async (_: string, request: RequestInit) => {
    await new Promise((wake) => setTimeout(wake, 1));
    if (request.method !== 'PUT') return Response.json(draft(MAPPING, true));
    if (!isWilling) return Response.json({ code: 'import', detail: 'It was begun.' }, { status: 422 });
    kept.push(JSON.parse(String(request.body)) as ImportMapping);
    return Response.json(draft(kept.at(-1) ?? MAPPING, false));
  });
  return kept;
}

async function opened(): Promise<OneImport> {
  const one = new OneImport();
  await one.open('4');
  return one;
}

afterEach(() => vi.unstubAllGlobals());

describe('matching', () => {
  it('shows at once; of changes made while one is kept the last is kept after it', async () => {
    const kept = serve();
    const one = await opened();
    const first = one.match({ ...MAPPING, columns: ['first-name', 'email'] });
    void one.match({ ...MAPPING, columns: ['first-name', 'phone'] });
    const last = one.match({ ...MAPPING, columns: ['first-name', 'city'] });
    expect(one.mapping?.columns).toEqual(['first-name', 'city']);
    expect(one.isRehearsing).toBe(true);
    await Promise.all([first, last]);
    expect(kept.map((mapping) => mapping.columns[1])).toEqual(['email', 'city']);
    expect(one.mapping?.columns).toEqual(['first-name', 'city']);
    expect(one.rehearsed?.new).toBe(2);
  });

  it('of another kind of file forgets the figures of this one', async () => {
    serve();
    const one = await opened();
    const changed = one.match({ ...MAPPING, kind: 'deals', columns: [] });
    expect(one.rehearsed).toBeNull();
    expect(one.mapping?.columns).toEqual(MAPPING.columns);
    await changed;
    expect(one.mapping?.kind).toBe('deals');
  });

  it('that is refused goes back to what is kept, and says why', async () => {
    serve(false);
    const one = await opened();
    await one.match({ ...MAPPING, columns: ['first-name', 'email'] });
    expect(one.mapping).toEqual(MAPPING);
    expect(undo.toasts.at(-1)?.text).toBe('It was begun.');
  });
});
