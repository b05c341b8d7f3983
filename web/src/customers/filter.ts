// Which customers are asked for, and in which order? Read from the address and written back to it.

export const VIEWS = [
  { value: 'all', label: 'All' },
  { value: 'mine', label: 'Mine' },
  { value: 'hot', label: 'Hot' },
] as const;

export const SORTS = [
  { value: 'recent', label: 'Last touch' },
  { value: 'name', label: 'Name' },
  { value: 'intent', label: 'Intent' },
] as const;

export type View = (typeof VIEWS)[number]['value'];
export type Sort = (typeof SORTS)[number]['value'];
export type Filter = { view: View; sort: Sort; q: string };

/** The order a view has until another is picked: who is hottest first among the hot, who was here last elsewhere. */
export function usualSort(view: View): Sort {
  return view === 'hot' ? 'intent' : 'recent';
}

export function readFilter(query: URLSearchParams): Filter {
  const view = VIEWS.find((each) => each.value === query.get('view'))?.value ?? 'all';
  const sort = SORTS.find((each) => each.value === query.get('sort'))?.value ?? usualSort(view);
  return { view, sort, q: query.get('q') ?? '' };
}

/** The same filter as words of an address; the view is always among them, so a customer knows the list it came from. */
export function writeFilter({ view, sort, q }: Filter): string {
  const words = new URLSearchParams({ view });
  if (sort !== usualSort(view)) words.set('sort', sort);
  if (q) words.set('q', q);
  return words.toString();
}

export function askFor({ view, sort, q }: Filter): string {
  const words = new URLSearchParams({ view, sort });
  if (q) words.set('q', q);
  return `/api/customers?${words}`;
}

/** "Hot", "Mine, matching “honda”". */
export function nameOf({ view, q }: Filter): string {
  const label = VIEWS.find((each) => each.value === view)?.label ?? '';
  return q ? `${label}, matching “${q}”` : label;
}
