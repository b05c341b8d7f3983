// Which vehicles are asked for, and in which order? Read from the address and written back to it.
import { FilterWords, said, type Field, type Filter as FilterOf } from '../parts/filters';
import type { LotChoices } from '../types';

export const VIEWS = [
  { value: 'all', label: 'All' },
  { value: 'hot', label: 'Hottest' },
  { value: 'aging', label: 'Aging' },
  { value: 'new', label: 'Just in' },
  { value: 'no_photos', label: 'No photos' },
] as const;

/** The views of the lot, and beside them what is not on it. */
export const TABS = [...VIEWS, { value: 'wanted', label: 'Wanted, not here' }] as const;

/** Where a tab is opened from outside the list. */
export function tabAddress(tab: (typeof TABS)[number]['value']): string {
  return tab === 'wanted' ? '/inventory/wanted' : `/inventory?view=${tab}`;
}

export const SORTS = [
  { value: 'hot', label: 'Hottest', phrase: 'hottest first' },
  { value: 'age', label: 'Days on lot', phrase: 'oldest first' },
  { value: 'newest', label: 'Just in', phrase: 'newest first' },
  { value: 'price', label: 'Price, low to high', phrase: 'by price' },
  { value: 'price_high', label: 'Price, high to low', phrase: 'dearest first' },
  { value: 'of_market', label: 'Of market, lowest first', phrase: 'furthest below market first' },
  { value: 'of_market_high', label: 'Of market, highest first', phrase: 'furthest above market first' },
  { value: 'looks', label: 'Looks', phrase: 'most looked at first' },
  { value: 'shoppers', label: 'Known shoppers', phrase: 'most wanted first' },
  { value: 'miles', label: 'Miles', phrase: 'fewest miles first' },
  { value: 'name', label: 'Make and model', phrase: 'by make and model' },
  { value: 'status', label: 'Status', phrase: 'by status' },
] as const;

export const NARROWED_BY = ['status', 'make', 'body', 'year', 'price', 'age', 'feature', 'watchers'] as const;

export type View = (typeof VIEWS)[number]['value'];
export type Sort = (typeof SORTS)[number]['value'];
export type Key = (typeof NARROWED_BY)[number];
export type Filter = FilterOf<View, Sort, Key>;

const NO_CHOICES: LotChoices = { makes: [], bodies: [], years: [], features: [] };

/** By what the lot is narrowed; makes, bodies, years and equipment are those that stand there. */
export function fieldsOf({ makes, bodies, years, features }: LotChoices): Field<Key>[] {
  const there = (choices: LotChoices['makes']) => choices.map(({ value }) => ({ value, label: value }));
  return [
    {
      key: 'status',
      label: 'Status',
      options: [
        { value: 'available', label: 'available' },
        { value: 'hold', label: 'on hold' },
        { value: 'recon', label: 'in recon' },
        { value: 'inbound', label: 'inbound' },
        { value: 'sold', label: 'sold' },
        { value: 'missing', label: 'not in the feed' },
      ],
    },
    { key: 'make', label: 'Make', options: there(makes) },
    { key: 'body', label: 'Body', options: there(bodies) },
    { key: 'year', label: 'Year', options: there(years) },
    {
      key: 'price',
      label: 'Price',
      options: [
        { value: 'under_10k', label: 'under $10,000' },
        { value: '10k_20k', label: '$10,000 to $20,000' },
        { value: '20k_30k', label: '$20,000 to $30,000' },
        { value: '30k_50k', label: '$30,000 to $50,000' },
        { value: 'over_50k', label: '$50,000 and over' },
      ],
    },
    {
      key: 'age',
      label: 'On lot',
      options: [
        { value: 'under_15', label: 'under 15 days' },
        { value: '15_30', label: '15 to 29 days' },
        { value: '30_45', label: '30 to 44 days' },
        { value: '45_60', label: '45 to 59 days' },
        { value: '60_90', label: '60 to 89 days' },
        { value: 'over_90', label: '90 days and over' },
      ],
    },
    { key: 'feature', label: 'Equipment', options: features.map(({ value, label }) => ({ value, label })) },
    {
      key: 'watchers',
      label: 'Known shoppers',
      options: [{ value: 'none', label: 'none' }, { value: 'some', label: 'one or more' }, { value: 'several', label: 'three or more' }],
    },
  ];
}

/** The order a view has until another is picked: what ages by its age, everything else by how wanted it is. */
export function usualSort(view: View): Sort {
  return view === 'aging' ? 'age' : 'hot';
}

const WORDS = new FilterWords({ views: VIEWS, sorts: SORTS, usualSort, narrowedBy: () => NARROWED_BY });

export function readFilter(query: URLSearchParams): Filter {
  return WORDS.read(query);
}

export function writeFilter(filter: Filter): string {
  return WORDS.write(filter);
}

export function askFor(filter: Filter): string {
  return `/api/vehicles?${WORDS.ask(filter)}`;
}

/** Where all of the list is given out for a spreadsheet. */
export function sheetOf(filter: Filter): string {
  return `/api/vehicles.csv?${WORDS.ask(filter)}`;
}

/** "hottest first", "Aging, oldest first", "hottest first, Make: Honda, matching “crv”". */
export function nameOf({ view, sort, q, narrow }: Filter): string {
  const label = view === 'all' ? '' : (VIEWS.find((each) => each.value === view)?.label ?? '');
  const order = SORTS.find((each) => each.value === sort)?.phrase ?? '';
  const picked = fieldsOf(NO_CHOICES).flatMap((field) => {
    const value = narrow[field.key];
    return value === undefined ? [] : [said(field, value)];
  });
  return [label, order, ...picked, q && `matching “${q}”`].filter(Boolean).join(', ');
}
