// By what can a list be narrowed, and what is picked? Kept as words of the address, so that a link opens the same list.

export type Option = { value: string; label: string };
/** One of a few, or a few words typed; `words` are typed ones that have a name of their own. */
export type Field<Key extends string = string> = { key: Key; label: string } & (
  | { options: readonly Option[] }
  | { hint: string; words?: readonly Option[] }
);
/** What is picked; what is not picked is missing. */
export type Narrow<Key extends string = string> = Partial<Record<Key, string>>;

// Longer is no word of a filter.
const MOST_CHARS = 80;

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
