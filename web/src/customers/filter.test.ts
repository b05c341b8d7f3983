// Does a link to a list of customers open the very same list?
import { describe, expect, it } from 'vitest';
import { askFor, nameOf, readFilter, sheetOf, SORTS, usualSort, VIEWS, writeFilter } from './filter';
import { asSheet } from './sheet';
import type { CustomerRow } from '../types';

const NARROWED = { owner: 'none', card: 'open', touch: 'never', consent: 'no_text', band: 'hot', place: 'Portland, ME', drives: '2019 civic', tag: 'vip' };

describe('the filter in the address', () => {
  it('comes back the same from every view, order and word', () => {
    for (const { value: view } of VIEWS) {
      for (const { value: sort } of SORTS) {
        for (const q of ['', 'dana w', 'a&b=c “d”']) {
          const filter = { view, sort, q, narrow: q ? NARROWED : {} };
          expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter);
        }
      }
    }
  });

  it('takes words it does not know as the usual ones', () => {
    expect(readFilter(new URLSearchParams('view=gone&sort=odd'))).toEqual({ view: 'all', sort: 'recent', q: '', narrow: {} });
  });

  it('always names the view and leaves out the usual order', () => {
    expect(writeFilter({ view: 'hot', sort: usualSort('hot'), q: '', narrow: {} })).toBe('view=hot');
    expect(writeFilter({ view: 'hot', sort: 'name', q: 'x', narrow: {} })).toBe('view=hot&sort=name&q=x');
  });

  it('asks the store for the order in any case', () => {
    expect(askFor({ view: 'mine', sort: 'recent', q: '', narrow: {} })).toBe('/api/customers?view=mine&sort=recent');
  });

  it('asks for a spreadsheet of the very same list', () => {
    const filter = { view: 'all', sort: 'quiet', q: 'a b', narrow: NARROWED } as const;
    expect(sheetOf(filter).split('?')[1]).toBe(askFor(filter).split('?')[1]);
  });

  it('names the list in words', () => {
    expect(nameOf({ view: 'hot', sort: 'intent', q: '', narrow: {} })).toBe('Hot');
    expect(nameOf({ view: 'mine', sort: 'name', q: 'honda', narrow: {} })).toBe('Mine, matching “honda”');
    expect(nameOf({ view: 'all', sort: 'quiet', q: '', narrow: { touch: 'never', owner: '4' } })).toBe('All, one owner’s, Last touch: never');
  });
});

describe('the copied list', () => {
  const dana: CustomerRow = {
    id: 1,
    name: 'Dana Whitfield',
    score: 92,
    drives: '2018 Honda Civic EX',
    place: 'Portland, ME',
    last_touch_ms: null,
    last_touch: null,
    owner: null,
    phone: '+12075550148',
    email: null,
    consent: { text: 'allowed', call: 'not_given', email: 'revoked' },
    alert_id: null,
  };

  it('has a head and a line for each customer', () => {
    expect(asSheet([dana]).split('\n')).toEqual([
      'Name\tPhone\tEmail\tPlace\tDrives\tOwner\tMay text\tMay call\tMay email',
      'Dana Whitfield\t(207) 555-0148\t\tPortland, ME\t2018 Honda Civic EX\t\tyes\tno\tno',
    ]);
  });

  it('keeps a name from being run as a formula or from breaking the line', () => {
    const line = asSheet([{ ...dana, name: '=1+1\n\tx' }]).split('\n');
    expect(line).toHaveLength(2);
    expect(line[1]?.startsWith("'=1+1 x\t")).toBe(true);
  });
});
