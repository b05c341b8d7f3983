// Does a link to a list of customers open the very same list?
import { describe, expect, it } from 'vitest';
import { askFor, fieldsOf, nameOf, ownKey, readFilter, sheetOf, SORTS, usualSort, VIEWS, writeFilter } from './filter';
import { asSheet } from './sheet';
import { said } from '../parts/filters';
import type { CustomerRow, OwnField } from '../types';

const NARROWED = { owner: 'none', card: 'open', touch: 'never', consent: 'no_text', band: 'hot', place: 'Portland, ME', drives: '2019 civic', tag: 'vip', [ownKey('club-level')]: 'Gold', [ownKey('pets')]: '-' };

const CLUB: OwnField = { key: 'club-level', label: 'Club level', kind: 'choice', choices: ['Gold', 'Silver'] };
const SPOUSE: OwnField = { key: 'spouse', label: 'Spouse', kind: 'text', choices: [] };

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
    expect(nameOf({ view: 'hot', sort: 'intent', q: '', narrow: {} }, [])).toBe('Hot');
    expect(nameOf({ view: 'mine', sort: 'name', q: 'honda', narrow: {} }, [])).toBe('Mine, matching “honda”');
    expect(nameOf({ view: 'all', sort: 'quiet', q: '', narrow: { touch: 'never', owner: '4' } }, [])).toBe('All, one owner’s, Last touch: never');
  });
});

describe('the fields of the store', () => {
  it('are offered with what there is to choose, and with no value', () => {
    const offered = fieldsOf([], [CLUB, SPOUSE], {});
    expect(offered.slice(-2).map((field) => field.label)).toEqual(['Club level', 'Spouse']);
    const [club, spouse] = offered.slice(-2);
    expect(club && 'options' in club && club.options.map((option) => option.label)).toEqual(['Gold', 'Silver', 'no value']);
    expect([club && said(club, 'Gold'), spouse && said(spouse, 'sam'), spouse && said(spouse, '-')]).toEqual([
      'Club level: Gold',
      'Spouse: “sam”',
      'Spouse: no value',
    ]);
  });

  it('can be taken out of the filter when they are gone, and nothing else of the address is one', () => {
    const { narrow } = readFilter(new URLSearchParams('field[shoe-size]=9&field=x&field[]=y&fieldx[a]=z'));
    expect(narrow).toEqual({ [ownKey('shoe-size')]: '9' });
    expect(fieldsOf([], [CLUB], narrow).at(-1)).toMatchObject({ key: 'field[shoe-size]', label: 'shoe-size' });
  });

  it('stand in one order, so that a saved list knows itself', () => {
    const words = (query: string): string => writeFilter(readFilter(new URLSearchParams(query)));
    expect(words('field[b]=1&field[a]=2&view=all')).toBe(words('view=all&field[a]=2&field[b]=1'));
  });

  it('are named in the name of the list', () => {
    const filter = { view: 'all', sort: 'recent', q: '', narrow: { [ownKey('club-level')]: '-' } } as const;
    expect(nameOf(filter, [CLUB])).toBe('All, Club level: no value');
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
