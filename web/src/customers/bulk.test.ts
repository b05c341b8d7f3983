import { afterEach, describe, expect, test, vi } from 'vitest';
import { allOf, BULK_MOST, changedWords } from './bulk';

afterEach(() => vi.unstubAllGlobals());

describe('what a change of many did', () => {
  const put = (changed: string) => `“VIP” put on ${changed}`;
  test.each([
    [{ changed: 12, unchanged: 0 }, '“VIP” put on 12 customers.'],
    [{ changed: 1, unchanged: 1 }, '“VIP” put on 1 customer; 1 was so already.'],
    [{ changed: 2, unchanged: 3 }, '“VIP” put on 2 customers; 3 were so already.'],
    [{ changed: 0, unchanged: 3 }, 'Nothing to change: it was so already.'],
  ])('%o is said as %s', (done, words) => {
    expect(changedWords(done, put)).toBe(words);
  });
});

describe('all that match', () => {
  function listOf(total: number): string[] {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (address: string) => {
      asked.push(address);
      const query = new URL(address, 'http://store').searchParams;
      const [from, limit] = [Number(query.get('after') ?? 0), Number(query.get('limit'))];
      const to = Math.min(total, from + limit);
      const items = Array.from({ length: to - from }, (_, at) => ({ id: from + at + 1 }));
      return new Response(JSON.stringify({ items, next: to < total ? String(to) : null, total }));
    });
    return asked;
  }

  test('are read page by page, each once', async () => {
    const asked = listOf(450);
    expect(await allOf('/api/customers?view=hot')).toHaveLength(450);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toContain('view=hot');
  });

  test('are no more than are changed at once', async () => {
    listOf(4_000);
    expect(await allOf('/api/customers?view=all')).toHaveLength(BULK_MOST);
  });
});
