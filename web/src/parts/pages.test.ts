// Is every row of a long list shown once, whatever is asked twice or answered late?
import { afterEach, describe, expect, it, vi } from 'vitest';
import { append, mergeNewest, Pages, update } from './pages.svelte';

type Row = { id: number; name: string };

const key = (row: Row): number => row.id;

function rows(from: number, to: number, name = 'row'): Row[] {
  return Array.from({ length: to - from + 1 }, (_, at) => ({ id: from + at, name: `${name} ${from + at}` }));
}

/** A server of `count` rows that gives `size` at a time and remembers what it was asked. */
function serve(count: number): { asked: string[]; answer: (row: (id: number) => Row) => void } {
  const asked: string[] = [];
  let make = (id: number): Row => ({ id, name: `row ${id}` });
  vi.stubGlobal('fetch', async (path: string, options: RequestInit) => {
    asked.push(path);
    const query = new URL(path, 'http://store').searchParams;
    const from = Number(query.get('after') ?? 0);
    const to = Math.min(count, from + Number(query.get('limit')));
    await new Promise((wake) => setTimeout(wake, 1));
    if (options.signal?.aborted) throw new DOMException('stopped', 'AbortError');
    const items = Array.from({ length: to - from }, (_, at) => make(from + at + 1));
    return Response.json({ items, next: to < count ? String(to) : null, total: count });
  });
  return { asked, answer: (row) => (make = row) };
}

function source(address = '/api/rows?view=all', size = 10) {
  return { address, cursor: 'after' as const, key, size };
}

afterEach(() => vi.unstubAllGlobals());

describe('joining pages', () => {
  it('puts the next page behind what is loaded', () => {
    expect(append(rows(1, 2), rows(3, 4), key).map(key)).toEqual([1, 2, 3, 4]);
  });

  it('adds nothing when a page is loaded twice', () => {
    const once = append(rows(1, 2), rows(3, 4), key);
    expect(append(once, rows(3, 4), key)).toEqual(once);
  });

  it('shows a row once when two pages overlap', () => {
    expect(append(rows(1, 4), rows(3, 6), key).map(key)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('shows a row once when one page holds it twice', () => {
    expect(append<Row>([], [...rows(1, 2), ...rows(2, 3)], key).map(key)).toEqual([1, 2, 3]);
  });

  it('brings a row up to date without moving it', () => {
    const { rows: updated, unseen } = update(rows(1, 3), [{ id: 3, name: 'newer' }, { id: 1, name: 'newest' }], key);
    expect(updated).toEqual([{ id: 1, name: 'newest' }, { id: 2, name: 'row 2' }, { id: 3, name: 'newer' }]);
    expect(unseen).toEqual([]);
  });

  it('counts rows it has not seen instead of showing them', () => {
    const { rows: updated, unseen } = update(rows(2, 3), rows(1, 3), key);
    expect(updated.map(key)).toEqual([2, 3]);
    expect(unseen.map(key)).toEqual([1]);
  });
});

describe('a story that grows at the top', () => {
  const at = (id: number, at_ms: number) => ({ id, at_ms });
  const byId = (row: { id: number }): number => row.id;

  it('puts a new record where its time says', () => {
    const merged = mergeNewest([at(1, 30), at(2, 10)], [at(3, 40), at(4, 20)], byId, false);
    expect(merged.map(byId)).toEqual([3, 1, 4, 2]);
  });

  it('leaves a record older than what is loaded for its own page', () => {
    expect(mergeNewest([at(1, 30)], [at(1, 30), at(2, 10)], byId, false).map(byId)).toEqual([1]);
  });

  it('takes an older record in when the whole story is loaded', () => {
    expect(mergeNewest([at(1, 30)], [at(2, 10)], byId, true).map(byId)).toEqual([1, 2]);
  });

  it('keeps the same rows when nothing is new', () => {
    expect(mergeNewest([at(1, 30), at(2, 10)], [at(1, 30)], byId, false).map(byId)).toEqual([1, 2]);
  });
});

describe('a list read in pages', () => {
  it('reads on until the last row and then stops asking', async () => {
    const { asked } = serve(25);
    const pages = new Pages<Row>();
    await pages.open(source());
    for (let turn = 0; turn < 5; turn++) await pages.more();
    expect(pages.items.map(key)).toEqual(rows(1, 25).map(key));
    expect(pages.total).toBe(25);
    expect(pages.hasMore).toBe(false);
    expect(asked).toHaveLength(3);
  });

  it('asks for a page once when the end is reached twice', async () => {
    const { asked } = serve(25);
    const pages = new Pages<Row>();
    await pages.open(source());
    await Promise.all([pages.more(), pages.more(), pages.more()]);
    expect(asked).toHaveLength(2);
    expect(pages.items.map(key)).toEqual(rows(1, 20).map(key));
  });

  it('forgets the answer to a filter that was typed over', async () => {
    serve(5);
    const pages = new Pages<Row>();
    const slow = pages.open(source('/api/rows?q=d'));
    await pages.open(source('/api/rows?q=da'));
    await slow;
    expect(pages.shows('/api/rows?q=da')).toBe(true);
    expect(pages.items).toHaveLength(5);
  });

  it('drops a further page of the list that was left', async () => {
    serve(25);
    const pages = new Pages<Row>();
    await pages.open(source('/api/rows?view=all'));
    const late = pages.more();
    await pages.open(source('/api/rows?view=hot'));
    await late;
    expect(pages.items.map(key)).toEqual(rows(1, 10).map(key));
  });

  it('keeps what was read when the next page cannot be', async () => {
    serve(25);
    const pages = new Pages<Row>();
    await pages.open(source());
    vi.stubGlobal('fetch', async () => Response.json({ detail: 'The disk is full.', code: 'disk-full' }, { status: 500 }));
    await pages.more();
    expect(pages.status).toBe('failed');
    expect(pages.problem).toBe('The disk is full.');
    expect(pages.items).toHaveLength(10);
    expect(pages.isReadingMore).toBe(false);
  });

  it('recovers when the same page can be read again', async () => {
    serve(25);
    const pages = new Pages<Row>();
    await pages.open(source());
    vi.stubGlobal('fetch', async () => Response.json({}, { status: 503 }));
    await pages.more();
    serve(25);
    await pages.more();
    expect(pages.status).toBe('ready');
    expect(pages.items.map(key)).toEqual(rows(1, 20).map(key));
  });

  it('refreshes every loaded row in place', async () => {
    const { answer } = serve(25);
    const pages = new Pages<Row>();
    await pages.open(source());
    await pages.more();
    answer((id) => ({ id, name: `changed ${id}` }));
    await pages.refresh();
    expect(pages.items).toEqual(rows(1, 20, 'changed'));
    expect(pages.waiting).toBe(0);
  });

  it('counts what a refresh would add and shows it only when asked', async () => {
    const { answer } = serve(10);
    const pages = new Pages<Row>();
    await pages.open(source());
    answer((id) => ({ id: id + 2, name: `row ${id + 2}` }));
    await pages.refresh();
    expect(pages.waiting).toBe(2);
    expect(pages.items.map(key)).toEqual(rows(1, 10).map(key));
    await pages.reload();
    expect(pages.waiting).toBe(0);
    expect(pages.items.map(key)).toEqual(rows(3, 12).map(key));
  });

  it('walks to the neighbours and over the end of a page', async () => {
    serve(12);
    const pages = new Pages<Row>();
    await pages.open(source());
    expect((await pages.neighbour(5, 1))?.id).toBe(6);
    expect((await pages.neighbour(5, -1))?.id).toBe(4);
    expect((await pages.neighbour(10, 1))?.id).toBe(11);
    expect(await pages.neighbour(12, 1)).toBeUndefined();
    expect(await pages.neighbour(1, -1)).toBeUndefined();
    expect(await pages.neighbour(99, 1)).toBeUndefined();
  });
});
