// Which vehicles are asked for, and in which order? Read from the address and written back to it.

export const VIEWS = [
  { value: 'all', label: 'All' },
  { value: 'hot', label: 'Hottest' },
  { value: 'aging', label: 'Aging' },
  { value: 'new', label: 'Just in' },
  { value: 'no_photos', label: 'No photos' },
] as const;

export const SORTS = [
  { value: 'hot', label: 'Hottest', phrase: 'hottest first' },
  { value: 'age', label: 'Days on lot', phrase: 'oldest first' },
  { value: 'price', label: 'Price', phrase: 'by price' },
  { value: 'looks', label: 'Looks', phrase: 'most looked at first' },
] as const;

export type View = (typeof VIEWS)[number]['value'];
export type Sort = (typeof SORTS)[number]['value'];
export type Filter = { view: View; sort: Sort; q: string };

/** The order a view has until another is picked: what ages by its age, everything else by how wanted it is. */
export function usualSort(view: View): Sort {
  return view === 'aging' ? 'age' : 'hot';
}

export function readFilter(query: URLSearchParams): Filter {
  const view = VIEWS.find((each) => each.value === query.get('view'))?.value ?? 'all';
  const sort = SORTS.find((each) => each.value === query.get('sort'))?.value ?? usualSort(view);
  return { view, sort, q: query.get('q') ?? '' };
}

/** The same filter as words of an address; the view is always among them, so a vehicle knows the list it came from. */
export function writeFilter({ view, sort, q }: Filter): string {
  const words = new URLSearchParams({ view });
  if (sort !== usualSort(view)) words.set('sort', sort);
  if (q) words.set('q', q);
  return words.toString();
}

export function askFor({ view, sort, q }: Filter): string {
  const words = new URLSearchParams({ view, sort });
  if (q) words.set('q', q);
  return `/api/vehicles?${words}`;
}

/** "hottest first", "Aging, oldest first", "hottest first, matching “crv”". */
export function nameOf({ view, sort, q }: Filter): string {
  const label = view === 'all' ? '' : (VIEWS.find((each) => each.value === view)?.label ?? '');
  const order = SORTS.find((each) => each.value === sort)?.phrase ?? '';
  return [label, order, q && `matching “${q}”`].filter(Boolean).join(', ');
}
