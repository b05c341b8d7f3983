// What of a customer can be changed by hand, how does each value read, and where does it come from?
import type { CustomerPage, Edit, FieldKind, FieldValue, Person, ValueFrom } from '../types';
import { calendarDay, date, grouped, moment, phone } from '../words';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Which value an edit is about: two edits of one key are about the same value. */
export function keyOf(edit: Edit): string {
  if (edit.set === 'tag') return `tag ${edit.tag.toLowerCase()}`;
  if (edit.set === 'field') return `field ${edit.key}`;
  return edit.set;
}

/** What stands on the page where this edit would write. */
export function nowSaid(page: CustomerPage, edit: Edit): Edit {
  const { details } = page;
  switch (edit.set) {
    case 'name':
      return { set: 'name', value: details.name };
    case 'address':
      return { set: 'address', value: details.address };
    case 'birth':
      return { set: 'birth', value: details.birth ?? '' };
    case 'phones':
      return { set: 'phones', value: page.phones.map((each) => each.e164) };
    case 'emails':
      return { set: 'emails', value: page.emails };
    case 'owner':
      return { set: 'owner', value: page.owner?.id ?? 0 };
    case 'tag':
      return { set: 'tag', tag: edit.tag, on: details.tags.some((tag) => tag.toLowerCase() === edit.tag.toLowerCase()) };
    case 'field':
      return { set: 'field', key: edit.key, value: details.fields.find((field) => field.key === edit.key)?.value ?? '' };
  }
}

/** Whether both say the same; spaces at the ends of a text say nothing. */
export function isSame(one: Edit, other: Edit): boolean {
  return spelled(one) === spelled(other);
}

// The order of an object's keys says nothing, and an answer of the store has its own.
function spelled(edit: Edit): string {
  return JSON.stringify(edit, (_, value: unknown) => {
    if (typeof value === 'string') return value.trim();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export type Naming = { fields: readonly { key: string; label: string; kind: FieldKind }[]; people: readonly Person[] };

/** What the value is called: "Phones", "Tag VIP", "Next review". */
export function labelOf(edit: Edit, { fields }: Naming): string {
  switch (edit.set) {
    case 'name':
      return 'Name';
    case 'address':
      return 'Address';
    case 'birth':
      return 'Birth date';
    case 'phones':
      return 'Phone';
    case 'emails':
      return 'Email';
    case 'owner':
      return 'Salesperson';
    case 'tag':
      return `Tag “${edit.tag}”`;
    case 'field':
      return fields.find((field) => field.key === edit.key)?.label ?? edit.key;
  }
}

/** How the value reads; nothing when there is none. */
export function textOf(edit: Edit, { fields, people }: Naming): string {
  switch (edit.set) {
    case 'name':
      return nameText(edit.value);
    case 'address':
      return addressLines(edit.value).join(', ');
    case 'birth':
      return calendarDay(edit.value);
    case 'phones':
      return edit.value.map(phone).join(', ');
    case 'emails':
      return edit.value.join(', ');
    case 'owner':
      return people.find((person) => person.id === edit.value)?.name ?? (edit.value === 0 ? '' : 'A former colleague');
    case 'tag':
      return edit.on ? 'Put on' : 'Taken off';
    case 'field':
      return fieldText(fields.find((field) => field.key === edit.key)?.kind ?? 'text', edit.value);
  }
}

type Name = Extract<Edit, { set: 'name' }>['value'];
type Address = Extract<Edit, { set: 'address' }>['value'];

export function nameText(name: Name): string {
  const parts = [name.first, name.middle, name.last, name.suffix].filter(Boolean).join(' ');
  return name.is_business || parts === '' ? name.full || parts : parts;
}

/** A name in one piece is edited in one piece. */
export function isInOnePiece(name: Name): boolean {
  return name.is_business || (name.full !== '' && name.first === '' && name.last === '');
}

/** As on an envelope, without the country where it is ours. */
export function addressLines(address: Address): string[] {
  const town = [address.city, [address.region, address.postal_code].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  const abroad = ['', 'US', 'USA'].includes(address.country.toUpperCase()) ? '' : address.country;
  return [address.line1, address.line2, town, abroad].filter(Boolean);
}

/** A value of the store's own field as it is read: money with its sign, days as days. */
export function fieldText(kind: FieldKind, value: string): string {
  if (value === '') return '';
  if (kind === 'date') return calendarDay(value);
  if (kind === 'yes_no') return value === 'yes' ? 'Yes' : 'No';
  // As text and not as a number: what was typed is shown to its last digit.
  if (kind === 'number') return grouped(value);
  if (kind !== 'money') return value;
  const amount = value.replace(/^-/, '').replace(/\.00$/, '');
  return `${value.startsWith('-') ? '\u2212' : ''}$${grouped(amount)}`;
}

/** How the store's own value is typed in: `input` needs a shape that the browser's field takes. */
export function inputOf(field: Pick<FieldValue, 'kind'>): { type: 'text' | 'date'; inputmode: 'text' | 'decimal'; hint: string } {
  if (field.kind === 'date') return { type: 'date', inputmode: 'text', hint: '' };
  if (field.kind === 'number') return { type: 'text', inputmode: 'decimal', hint: 'A number' };
  if (field.kind === 'money') return { type: 'text', inputmode: 'decimal', hint: '$1,250' };
  return { type: 'text', inputmode: 'text', hint: '' };
}

/** What there is to choose from, for fields that are chosen and not typed. */
export function optionsOf(field: Pick<FieldValue, 'kind' | 'choices' | 'value'>): { value: string; label: string }[] | null {
  if (field.kind === 'yes_no') return [{ value: '', label: 'Not said' }, { value: 'yes', label: 'Yes' }, { value: 'no', label: 'No' }];
  if (field.kind !== 'choice') return null;
  // A choice that was taken off the list since stays readable where it was given.
  const all = field.value === '' || field.choices.includes(field.value) ? field.choices : [field.value, ...field.choices];
  return [{ value: '', label: 'Not said' }, ...all.map((choice) => ({ value: choice, label: choice }))];
}

/** The source of one value shown. */
export function sourceOf(page: CustomerPage, what: string, value = ''): ValueFrom | null {
  return page.details.from.find((from) => from.what === what && (value === '' || from.value === value)) ?? null;
}

/** "DealerVault, Nov 20", "By hand: Jo Lindqvist, 9:41 am". */
export function sourceText(from: ValueFrom, now: number, zone: string): string {
  const at = from.at_ms > now - DAY_MS ? moment(from.at_ms, now, zone) : date(from.at_ms, now, zone);
  return `${from.by_hand ? `By hand: ${from.source}` : from.source}, ${at}`;
}

/** "Jo set at 9:41 am", "Set since". */
export function setBy(by: string | null, at_ms: number | null, now: number, zone: string): string {
  const at = at_ms === null ? '' : at_ms > now - DAY_MS ? ` at ${moment(at_ms, now, zone)}` : `, ${date(at_ms, now, zone)}`;
  return by === null ? `Stands there now${at}` : `${by} set${at}`;
}

/** "97% likely"; never the whole hundred, which nobody can know. */
export function likely(bps: number | null): string | null {
  if (bps === null) return null;
  return bps >= 9_950 ? 'over 99% likely' : `${Math.round(bps / 100)}% likely`;
}

/** A list with one of its values moved; the first is the preferred one. */
export function moved<Item>(all: readonly Item[], from: number, to: number): Item[] {
  const item = all[from];
  if (item === undefined || to < 0 || to >= all.length) return [...all];
  const rest = all.filter((_, at) => at !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}
