// Does a link to a list of vehicles open the very same list?
import { describe, expect, it } from 'vitest';
import { askFor, nameOf, readFilter, SORTS, usualSort, VIEWS, writeFilter } from './filter';

describe('the filter in the address', () => {
  it('comes back the same from every view, order and word', () => {
    for (const { value: view } of VIEWS) {
      for (const { value: sort } of SORTS) {
        for (const q of ['', 'white cr-v', 'a&b=c “d”']) {
          const filter = { view, sort, q };
          expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
        }
      }
    }
  });

  it('takes words it does not know as the usual ones', () => {
    expect(readFilter(new URLSearchParams('view=gone&sort=odd'))).toEqual({ view: 'all', sort: 'hot', q: '' });
  });

  it('always names the view and leaves out the usual order', () => {
    expect(writeFilter({ view: 'all', sort: 'hot', q: '' })).toBe('view=all');
    expect(writeFilter({ view: 'aging', sort: usualSort('aging'), q: '' })).toBe('view=aging');
    expect(writeFilter({ view: 'aging', sort: 'price', q: '' })).toBe('view=aging&sort=price');
  });

  it('asks the store for the order in any case', () => {
    expect(askFor({ view: 'aging', sort: 'age', q: 'crv' })).toBe('/api/vehicles?view=aging&sort=age&q=crv');
  });

  it('names the list in words', () => {
    expect(nameOf({ view: 'all', sort: 'hot', q: '' })).toBe('hottest first');
    expect(nameOf({ view: 'aging', sort: 'age', q: 'crv' })).toBe('Aging, oldest first, matching “crv”');
  });
});
