// By what can a list be narrowed, and what is picked? Kept as words of the address, so that a link opens the same list.

export type Option = { value: string; label: string };
/** One of a few, or a few words typed; `words` are typed ones that have a name of their own. */
export type Field<Key extends string = string> = { key: Key; label: string } & (
  | { options: readonly Option[] }
  | { hint: string; words?: readonly Option[] }
);
/** What is picked; what is not picked is missing. */
export type Narrow<Key extends string = string> = Partial<Record<Key, string>>;
/** What a list is asked for: which view of it, in which order, matching what, narrowed by what. */
export type Filter<View extends string, Sort extends string, Key extends string> = { view: View; sort: Sort; q: string; narrow: Narrow<Key> };
/** What a list can be asked for. Its first view is meant where none is named. */
export type Ways<View extends string, Sort extends string, Key extends string> = {
  views: readonly [{ value: View }, ...{ value: View }[]];
  sorts: readonly { value: Sort }[];
  usualSort: (view: View) => Sort;
  /** By what it is narrowed, where these words stand; always in one order, so that two addresses of one list are one. */
  narrowedBy: (words: Iterable<string>) => readonly Key[];
};

// Longer is no word of a filter.
const MOST_CHARS = 80;

/** The words of an address in which a list is asked for. */
export class FilterWords<View extends string, Sort extends string, Key extends string> {
  readonly #ways: Ways<View, Sort, Key>;

  constructor(ways: Ways<View, Sort, Key>) {
    this.#ways = ways;
  }

  /** A view or an order that the list does not know is the usual one. */
  read(query: URLSearchParams): Filter<View, Sort, Key> {
    const { views, sorts, usualSort, narrowedBy } = this.#ways;
    const view = (views.find((each) => each.value === query.get('view')) ?? views[0]).value;
    const sort = sorts.find((each) => each.value === query.get('sort'))?.value ?? usualSort(view);
    return { view, sort, q: query.get('q') ?? '', narrow: readNarrow(narrowedBy(query.keys()), query) };
  }

  /** For the page's own address. The view is always among the words, so what is opened from a list knows where it came from. */
  write(filter: Filter<View, Sort, Key>): string {
    const words = this.#all(filter);
    if (filter.sort === this.#ways.usualSort(filter.view)) words.delete('sort');
    return words.toString();
  }

  /** For the store, which does not know the usual order of a view. */
  ask(filter: Filter<View, Sort, Key>): string {
    return this.#all(filter).toString();
  }

  #all({ view, sort, q, narrow }: Filter<View, Sort, Key>): URLSearchParams {
    const words = new URLSearchParams({ view, sort });
    if (q) words.set('q', q);
    writeNarrow(this.#ways.narrowedBy(Object.keys(narrow)), narrow, words);
    return words;
  }
}

/** The picks that an address holds, in the order of the keys. */
export function readNarrow<Key extends string>(keys: readonly Key[], query: URLSearchParams): Narrow<Key> {
  const narrow: Narrow<Key> = {};
  for (const key of keys) {
    const value = query.get(key)?.trim().slice(0, MOST_CHARS);
    if (value) narrow[key] = value;
  }
  return narrow;
}

export function writeNarrow<Key extends string>(keys: readonly Key[], narrow: Narrow<Key>, words: URLSearchParams): void {
  for (const key of keys) {
    const value = narrow[key];
    if (value) words.set(key, value);
  }
}

/** "Last touch: over a month ago" */
export function said(field: Field, value: string): string {
  const named = ('options' in field ? field.options : (field.words ?? [])).find((option) => option.value === value);
  return `${field.label}: ${named?.label ?? ('options' in field ? value : `“${value}”`)}`;
}
