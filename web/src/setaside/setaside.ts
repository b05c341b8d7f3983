// What was set aside, and what can be done with it? The acts of the contract, and what we call its parts.
import { get, post, remove } from '../api';
import type { KnownSender, KnownSenders, Mark, Page, ReadAgain, SetAsidePage, SetAsideRow, TaughtWord } from '../types';
import { list } from '../words';

export const readRows = (after: string | null, limit: number): Promise<Page<SetAsideRow>> =>
  get<Page<SetAsideRow>>(`/api/set-aside?limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ''}`);

export const readOne = (id: string): Promise<SetAsidePage> => get<SetAsidePage>(`/api/set-aside/${encodeURIComponent(id)}`);

export const readAgain = (id: number): Promise<ReadAgain> => post<ReadAgain>(`/api/set-aside/${id}/again`, {});

export const teach = (id: number, source: string, marks: Mark[]): Promise<ReadAgain> => post<ReadAgain>(`/api/set-aside/${id}/teach`, { source, marks });

export const readSenders = (): Promise<KnownSenders> => get<KnownSenders>('/api/lead-templates');

export const forget = (id: number): Promise<void> => remove<void>(`/api/lead-templates/${id}`);

export const ROADS: Record<SetAsideRow['road'], string> = { lead: 'Lead', collect: 'Website', import: 'Import' };

/** What may be done with a row: it was no lead, or it is a message that nobody could read. What was taken up is done with. */
export function standing(row: SetAsideRow): 'taken_up' | 'no_lead' | 'unread' | 'kept' {
  if (row.restored_ms !== null) return 'taken_up';
  if (row.no_lead !== null) return 'no_lead';
  return row.road === 'lead' ? 'unread' : 'kept';
}

/** What a message may say, in the order of a form. */
export const FIELDS: readonly { field: TaughtWord; label: string }[] = [
  { field: 'name', label: 'Name' },
  { field: 'first_name', label: 'First name' },
  { field: 'last_name', label: 'Last name' },
  { field: 'phone', label: 'Phone' },
  { field: 'email', label: 'Email' },
  { field: 'vehicle', label: 'Car they ask for' },
  { field: 'stock', label: 'Stock number' },
  { field: 'vin', label: 'VIN' },
  { field: 'price', label: 'Price' },
  { field: 'trade', label: 'Car they come with' },
  { field: 'comments', label: 'What they write' },
  { field: 'lead_id', label: 'Number of the lead' },
];

/** "Name, phone and stock number": what is read of a sender's messages. */
export function readOf({ fields }: Pick<KnownSender, 'fields'>): string {
  const words = FIELDS.filter(({ field }) => fields.includes(field)).map(({ label }, at) => (at === 0 || label === 'VIN' ? label : label.charAt(0).toLowerCase() + label.slice(1)));
  return list(words);
}
