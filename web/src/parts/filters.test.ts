// Does a link to a narrowed list open the very same list?
import { describe, expect, it } from 'vitest';
import { FilterWords, readNarrow, said, writeNarrow } from './filters';

const KEYS = ['owner', 'place'] as const;
const VIEWS = [{ value: 'all' }, { value: 'hot' }] as const;
const SORTS = [{ value: 'name' }, { value: 'score' }] as const;

describe('the words in which a list is asked for', () => {
  const words = new FilterWords({ views: VIEWS, sorts: SORTS, usualSort: (view) => (view === 'hot' ? 'score' : 'name'), narrowedBy: () => KEYS });
  const read = (text: string) => words.read(new URLSearchParams(text));

  it('come back the same from every view and order', () => {
    for (const { value: view } of VIEWS) {
      for (const { value: sort } of SORTS) {
        for (const [q, narrow] of [['', {}], ['a&b=c “d”', { owner: '4' }]] as const) {
          const filter = { view, sort, q, narrow };
          expect(read(words.write(filter))).toEqual(filter);
          expect(read(words.ask(filter))).toEqual(filter);
        }
      }
    }
  });

  it('mean the first view and its usual order where they say neither', () => {
    expect(read('')).toEqual({ view: 'all', sort: 'name', q: '', narrow: {} });
    expect(read('view=hot')).toEqual({ view: 'hot', sort: 'score', q: '', narrow: {} });
    expect(read('view=gone&sort=odd&q=x')).toEqual({ view: 'all', sort: 'name', q: 'x', narrow: {} });
  });

  it('leave out the usual order in an address and say it to the store', () => {
    const usual = { view: 'hot', sort: 'score', q: 'x', narrow: { place: 'Bangor' } } as const;
    expect(words.write(usual)).toBe('view=hot&q=x&place=Bangor');
    expect(words.write({ ...usual, sort: 'name' })).toBe('view=hot&sort=name&q=x&place=Bangor');
    expect(words.ask(usual)).toBe('view=hot&sort=score&q=x&place=Bangor');
  });
});

it('comes back the same from the address', () => {
  for (const narrow of [{}, { owner: '4' }, { owner: 'none', place: 'South Portland, ME & more' }]) {
    const words = new URLSearchParams();
    writeNarrow(KEYS, narrow, words);
    expect(readNarrow(KEYS, new URLSearchParams(words.toString()))).toEqual(narrow);
  }
});

it('takes only what it knows, and nothing empty or endless', () => {
  const query = new URLSearchParams({ owner: ' ', odd: '1', place: 'x'.repeat(500) });
  expect(readNarrow(KEYS, query)).toEqual({ place: 'x'.repeat(80) });
});

it('says what is picked in words', () => {
  expect(said({ key: 'card', label: 'Card', options: [{ value: 'open', label: 'open' }] }, 'open')).toBe('Card: open');
  expect(said({ key: 'place', label: 'Place', hint: '' }, 'Bangor')).toBe('Place: “Bangor”');
});
