// Does a link to a narrowed list open the very same list?
import { expect, it } from 'vitest';
import { readNarrow, said, writeNarrow } from './filters';

const KEYS = ['owner', 'place'] as const;

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
