// What is taken down by hand, and what is no lead? The acts of the contract, and what we call it all.
import { post, put, remove } from '../api';
import type { LeadRoad, NoLead, TakeDown, TakenDown } from '../types';
import { until } from '../words';

/** `key` makes the same words sent again the same lead. */
export const takeDown = (said: TakeDown, key: string): Promise<TakenDown> => post<TakenDown>('/api/leads', said, { 'Idempotency-Key': key });

export const putAside = (lead: number, why: NoLead): Promise<void> => put<void>(`/api/leads/${lead}/aside`, { why });

export const restore = (lead: number): Promise<void> => remove<void>(`/api/leads/${lead}/aside`);

/** How somebody reached the store, the most frequent first. */
export const ROADS: readonly { value: LeadRoad; label: string }[] = [
  { value: 'phone', label: 'Called' },
  { value: 'walk_in', label: 'Walked in, gone again' },
  { value: 'email', label: 'Wrote an email' },
  { value: 'text', label: 'Sent a text' },
  { value: 'social', label: 'Social media' },
  { value: 'referral', label: 'Somebody sent them' },
];

/** Why what came as a lead is none. */
export const NO_LEADS: readonly { why: NoLead; label: string; said: string }[] = [
  { why: 'spam', label: 'Spam', said: 'spam' },
  { why: 'job_seeker', label: 'Looking for work', said: 'looking for work' },
  { why: 'vendor', label: 'Selling to the store', said: 'selling to the store' },
  { why: 'mistake', label: 'Here by mistake', said: 'here by mistake' },
];

/** "Otis Brandt is taken down: with you, to be called back, follow-up tomorrow 10:00 am". */
export function takenWords(name: string, with_: string, said: Pick<TakeDown, 'spoke' | 'follow_up'>, now_ms: number, zone: string): string {
  const next = said.follow_up;
  const parts = [`with ${with_}`, said.spoke ? '' : 'to be called back', next ? `follow-up ${until(next.due_ms, now_ms, zone)}` : ''];
  return `${name} is taken down: ${parts.filter(Boolean).join(', ')}`;
}
