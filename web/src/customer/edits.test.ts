import { describe, expect, test } from 'vitest';
import type { CustomerPage, Edit } from '../types';
import { addressLines, fieldText, isSame, keyOf, labelOf, likely, moved, nameText, nowSaid, optionsOf, setBy, sourceOf, sourceText, textOf } from './edits';

const ZONE = 'America/New_York';
const NOW = Date.parse('2026-11-24T14:41:00Z');
const DAY = 24 * 60 * 60 * 1000;

const person = { first: 'Dana', middle: '', last: 'Whitfield', suffix: '', full: '', is_business: false };
const home = { line1: '84 Stevens Avenue', line2: '', city: 'Portland', region: 'ME', postal_code: '04102', country: 'US' };
const page = {
  phones: [{ e164: '+12075550148', display: '(207) 555-0148' }],
  emails: ['dana@example.com'],
  owner: { id: 7, name: 'Jo Lindqvist', initials: 'JL' },
  details: {
    name: person,
    address: home,
    birth: null,
    tags: ['VIP'],
    fields: [{ key: 'review', label: 'Next review', kind: 'date', choices: [], value: '2026-12-01' }],
    from: [
      { what: 'phone', value: '+12075550148', source: 'DealerVault', at_ms: NOW - 4 * DAY, by_hand: false },
      { what: 'name', value: '', source: 'Jo Lindqvist', at_ms: NOW, by_hand: true },
    ],
  },
} as unknown as CustomerPage;
const naming = { fields: page.details.fields, people: [{ id: 7, name: 'Jo Lindqvist' }] as never };

describe('what stands where an edit would write', () => {
  test.each<[Edit, Edit]>([
    [{ set: 'phones', value: ['x'] }, { set: 'phones', value: ['+12075550148'] }],
    [{ set: 'owner', value: 0 }, { set: 'owner', value: 7 }],
    [{ set: 'birth', value: '1956-04-09' }, { set: 'birth', value: '' }],
    [{ set: 'tag', tag: 'vip', on: false }, { set: 'tag', tag: 'vip', on: true }],
    [{ set: 'tag', tag: 'golf', on: true }, { set: 'tag', tag: 'golf', on: false }],
    [{ set: 'field', key: 'review', value: '' }, { set: 'field', key: 'review', value: '2026-12-01' }],
    [{ set: 'field', key: 'none', value: 'x' }, { set: 'field', key: 'none', value: '' }],
  ])('%o: %o', (edit, stands) => {
    expect(nowSaid(page, edit)).toEqual(stands);
  });
});

test('two edits are the same whatever the order of their parts and the spaces around their words', () => {
  const other = { is_business: false, full: '', last: ' Whitfield', first: 'Dana ', suffix: '', middle: '' };
  expect(isSame({ set: 'name', value: person }, { set: 'name', value: other })).toBe(true);
  expect(isSame({ set: 'name', value: person }, { set: 'name', value: { ...other, last: 'Cole' } })).toBe(false);
  expect(isSame({ set: 'phones', value: ['1', '2'] }, { set: 'phones', value: ['2', '1'] })).toBe(false);
});

test('two edits are about one value when their keys agree', () => {
  expect(keyOf({ set: 'tag', tag: 'VIP', on: true })).toBe(keyOf({ set: 'tag', tag: 'vip', on: false }));
  expect(keyOf({ set: 'field', key: 'a', value: '1' })).not.toBe(keyOf({ set: 'field', key: 'b', value: '1' }));
});

describe('a value is said', () => {
  test.each<[Edit, string, string]>([
    [{ set: 'name', value: person }, 'Name', 'Dana Whitfield'],
    [{ set: 'address', value: home }, 'Address', '84 Stevens Avenue, Portland, ME 04102'],
    [{ set: 'phones', value: ['+12075550148', '+12075550149'] }, 'Phone', '(207) 555-0148, (207) 555-0149'],
    [{ set: 'owner', value: 7 }, 'Salesperson', 'Jo Lindqvist'],
    [{ set: 'owner', value: 0 }, 'Salesperson', ''],
    [{ set: 'tag', tag: 'VIP', on: false }, 'Tag “VIP”', 'Taken off'],
    [{ set: 'field', key: 'review', value: '2026-12-01' }, 'Next review', 'Dec\u00A01, 2026'],
  ])('%o', (edit, label, text) => {
    expect([labelOf(edit, naming), textOf(edit, naming)]).toEqual([label, text]);
  });

  test.each([
    ['money', '1250.00', '$1,250'],
    ['money', '-1250.50', '\u2212$1,250.50'],
    ['number', '1250000.5', '1,250,000.5'],
    ['yes_no', 'no', 'No'],
    ['date', '2026-11-24', 'Nov\u00A024, 2026'],
    ['choice', 'Gold', 'Gold'],
    ['text', '', ''],
  ] as const)('a field of %s, %s: %s', (kind, value, text) => {
    expect(fieldText(kind, value)).toBe(text);
  });

  test('a business by its name', () => {
    expect(nameText({ ...person, full: 'Harbor Towing LLC', is_business: true })).toBe('Harbor Towing LLC');
  });

  test('an address abroad with its country', () => {
    expect(addressLines({ ...home, line1: '', country: 'CA' })).toEqual(['Portland, ME 04102', 'CA']);
  });
});

describe('where a value comes from', () => {
  test('a source with its day, a hand with its time', () => {
    const phone = sourceOf(page, 'phone', '+12075550148');
    const name = sourceOf(page, 'name');
    expect(phone && sourceText(phone, NOW, ZONE)).toBe('DealerVault, Nov\u00A020');
    expect(name && sourceText(name, NOW, ZONE)).toBe('By hand: Jo Lindqvist, 9:41\u00A0am');
    expect(sourceOf(page, 'email', 'dana@example.com')).toBeNull();
  });

  test('who set it meanwhile', () => {
    expect(setBy('Jo', NOW, NOW, ZONE)).toBe('Jo set at 9:41\u00A0am');
    expect(setBy(null, null, NOW, ZONE)).toBe('Stands there now');
  });
});

test('how likely two are one is never said to be certain', () => {
  expect([likely(null), likely(9_320), likely(10_000)]).toEqual([null, '93% likely', 'over 99% likely']);
});

test('the preferred one is moved to the front, and nothing past the ends', () => {
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
});

test('a choice that is no longer offered stays readable where it was given', () => {
  const options = optionsOf({ kind: 'choice', choices: ['Gold'], value: 'Silver' });
  expect(options?.map((option) => option.label)).toEqual(['Not said', 'Silver', 'Gold']);
});
