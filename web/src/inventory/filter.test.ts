// Does a link to a list of vehicles open the very same list?
import { describe, expect, it } from 'vitest';
import { askFor, nameOf, readFilter, SORTS, usualSort, VIEWS, writeFilter } from './filter';

const NARROWED = { status: 'hold', make: 'Land Rover', body: 'SUV', year: '2019', price: '10k_20k', age: 'over_90', feature: 'leather', watchers: 'some' };

describe('the filter in the address', () => {
  it('comes back the same from every view, order and word', () => {
    for (const { value: view } of VIEWS) {
      for (const { value: sort } of SORTS) {
        for (const q of ['', 'white cr-v', 'a&b=c “d”']) {
          const filter = { view, sort, q, narrow: q ? NARROWED : {} };
          expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
        }
      }
    }
  });

  it('takes words it does not know as the usual ones', () => {
    expect(readFilter(new URLSearchParams('view=gone&sort=odd'))).toEqual({ view: 'all', sort: 'hot', q: '', narrow: {} });
  });

  it('always names the view and leaves out the usual order', () => {
    expect(writeFilter({ view: 'all', sort: 'hot', q: '', narrow: {} })).toBe('view=all');
    expect(writeFilter({ view: 'aging', sort: usualSort('aging'), q: '', narrow: {} })).toBe('view=aging');
    expect(writeFilter({ view: 'aging', sort: 'price', q: '', narrow: {} })).toBe('view=aging&sort=price');
  });

  it('asks the store for the order in any case', () => {
    expect(askFor({ view: 'aging', sort: 'age', q: 'crv', narrow: {} })).toBe('/api/vehicles?view=aging&sort=age&q=crv');
  });

  it('names the list in words', () => {
    expect(nameOf({ view: 'all', sort: 'hot', q: '', narrow: {} })).toBe('hottest first');
    expect(nameOf({ view: 'aging', sort: 'age', q: 'crv', narrow: {} })).toBe('Aging, oldest first, matching “crv”');
    expect(nameOf({ view: 'all', sort: 'price', q: '', narrow: { make: 'Honda' } })).toBe('by price, Make: Honda');
  });
});
