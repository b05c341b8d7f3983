// Which customers are asked for, and in which order? Read from the address and written back to it.
import type { OwnField } from '../types';
import { FilterWords, said, type Field, type Filter as FilterOf, type Narrow as NarrowBy, type Option } from '../parts/filters';

export const VIEWS = [
  { value: 'all', label: 'All' },
  { value: 'mine', label: 'Mine' },
  { value: 'hot', label: 'Hot' },
] as const;

export const SORTS = [
  { value: 'recent', label: 'Last touch' },
  { value: 'quiet', label: 'Longest quiet' },
  { value: 'name', label: 'Name' },
  { value: 'intent', label: 'Intent' },
  { value: 'owner', label: 'Owner' },
] as const;

export const NARROWED_BY = ['owner', 'card', 'touch', 'consent', 'band', 'place', 'drives', 'tag'] as const;

export type View = (typeof VIEWS)[number]['value'];
export type Sort = (typeof SORTS)[number]['value'];
/** The word of the address for one of the store's own fields, by the field's key. */
export type OwnKey = `field[${string}]`;
export type Key = (typeof NARROWED_BY)[number] | OwnKey;
export type Narrow = NarrowBy<Key>;
export type Filter = FilterOf<View, Sort, Key>;

/** What the address says for a field without a value. */
const NO_VALUE: Option = { value: '-', label: 'no value' };

export function ownKey(key: string): OwnKey {
  return `field[${key}]`;
}

function isOwn(word: string): word is OwnKey {
  return /^field\[[a-z0-9-]+\]$/.test(word);
}

/** By what a list is narrowed, in an order that is always the same: two addresses of one list are one. */
export function narrowedBy(words: Iterable<string>): Key[] {
  return [...NARROWED_BY, ...[...new Set(words)].filter(isOwn).sort()];
}

function ofOwn({ key, label, kind, choices }: OwnField): Field<Key> {
  if (kind === 'choice') return { key: ownKey(key), label, options: [...choices.map((value) => ({ value, label: value })), NO_VALUE] };
  if (kind === 'yes_no') return { key: ownKey(key), label, options: [{ value: 'yes', label: 'yes' }, { value: 'no', label: 'no' }, NO_VALUE] };
  return { key: ownKey(key), label, hint: `${kind === 'text' ? 'Words of it' : 'A value'}, or - for none`, words: [NO_VALUE] };
}

/** By what the list is narrowed; `staff` are those who may own a customer, `own` the fields that the store defined. */
export function fieldsOf(staff: readonly Option[], own: readonly OwnField[], narrow: Narrow): Field<Key>[] {
  // What is picked can be taken away again, also of a field that is gone.
  const gone = narrowedBy(Object.keys(narrow)).filter((key) => isOwn(key) && !own.some((field) => ownKey(field.key) === key));
  return [...usualFields(staff), ...own.map(ofOwn), ...gone.map((key) => ({ key, label: key.slice(6, -1), hint: '', words: [NO_VALUE] }))];
}

function usualFields(staff: readonly Option[]): Field<Key>[] {
  return [
    { key: 'owner', label: 'Owner', options: [{ value: 'none', label: 'nobody yet' }, ...staff] },
    { key: 'card', label: 'Card', options: [{ value: 'open', label: 'open now' }, { value: 'none', label: 'none' }] },
    {
      key: 'touch',
      label: 'Last touch',
      options: [
        { value: 'week', label: 'within a week' },
        { value: 'month', label: 'within a month' },
        { value: 'quarter', label: 'within three months' },
        { value: 'over_month', label: 'over a month ago' },
        { value: 'over_quarter', label: 'over three months ago' },
        { value: 'over_year', label: 'over a year ago' },
        { value: 'never', label: 'never' },
      ],
    },
    {
      key: 'consent',
      label: 'Consent',
      options: [
        { value: 'text', label: 'may text' },
        { value: 'call', label: 'may call' },
        { value: 'email', label: 'may email' },
        { value: 'no_text', label: 'no text' },
        { value: 'no_call', label: 'no call' },
        { value: 'no_email', label: 'no email' },
      ],
    },
    {
      key: 'band',
      label: 'Intent',
      options: [{ value: 'hot', label: 'hot, 55 and over' }, { value: 'warm', label: 'warm, 30 to 54' }, { value: 'cool', label: 'cool, under 30' }],
    },
    { key: 'place', label: 'Place', hint: 'Town, or town and state' },
    { key: 'drives', label: 'Drives', hint: 'Make, model, year' },
    { key: 'tag', label: 'Tag', hint: 'A whole tag' },
  ];
}

/** The order a view has until another is picked: who is hottest first among the hot, who was here last elsewhere. */
export function usualSort(view: View): Sort {
  return view === 'hot' ? 'intent' : 'recent';
}

const WORDS = new FilterWords({ views: VIEWS, sorts: SORTS, usualSort, narrowedBy });

export function readFilter(query: URLSearchParams): Filter {
  return WORDS.read(query);
}

export function writeFilter(filter: Filter): string {
  return WORDS.write(filter);
}

export function askFor(filter: Filter): string {
  return `/api/customers?${WORDS.ask(filter)}`;
}

/** Where all of the list is given out for a spreadsheet. */
export function sheetOf(filter: Filter): string {
  return `/api/customers.csv?${WORDS.ask(filter)}`;
}

/** "Hot", "Mine, matching “honda”", "All, Last touch: never". */
export function nameOf({ view, q, narrow }: Filter, own: readonly OwnField[]): string {
  const label = VIEWS.find((each) => each.value === view)?.label ?? '';
  const picked = fieldsOf([], own, narrow).flatMap((field) => {
    const value = narrow[field.key];
    // Who the owner is only the screen knows.
    return value === undefined ? [] : [field.key === 'owner' && value !== 'none' ? 'one owner’s' : said(field, value)];
  });
  return [label, ...picked, q && `matching “${q}”`].filter(Boolean).join(', ');
}
