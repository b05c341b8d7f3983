// What is taken down by hand, and what is no lead? The acts of the contract, and what we call it all.
import { get, post, put, remove } from '../api';
import { atHour } from '../now/snooze';
import type { CustomerPage, SetFollowUp, LeadRoad, NoLead, TakeDown, TakenDown } from '../types';
import { time, until } from '../words';

/** `key` makes the same words sent again the same lead. */
export const takeDown = (said: TakeDown, key: string): Promise<TakenDown> => post<TakenDown>('/api/leads', said, { 'Idempotency-Key': key });

export const putAside = (lead: number, why: NoLead): Promise<void> => put<void>(`/api/leads/${lead}/aside`, { why });

export const restore = (lead: number): Promise<void> => remove<void>(`/api/leads/${lead}/aside`);

/** What was promised to a customer last, if it stands. */
export async function promised(customer: number): Promise<SetFollowUp | null> {
  const { opportunity } = await get<CustomerPage>(`/api/customers/${customer}`);
  const held = opportunity?.follow_up;
  return held ? { due_ms: held.due_ms, what: held.what } : null;
}

export const promise = (customer: number, next: SetFollowUp): Promise<void> => put<void>(`/api/customers/${customer}/follow-up`, next);

export const promiseNothing = (customer: number): Promise<void> => remove<void>(`/api/customers/${customer}/follow-up`);

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

const AFTERNOON_HOUR = 17;
const MORNING_HOUR = 10;
const DAY_MS = 86_400_000;
// Later than half an hour before it, "this afternoon" is no promise any more.
const TOO_SHORT_MS = 1_800_000;

/** The moments that people promise by. */
export function followUps(now_ms: number, zone: string): { label: string; due_ms: number }[] {
  const at = (days: number, hour: number): number => atHour(now_ms + days * DAY_MS, hour, zone);
  const [today, tomorrow, later] = [at(0, AFTERNOON_HOUR), at(1, MORNING_HOUR), at(3, MORNING_HOUR)];
  return [
    ...(today - now_ms > TOO_SHORT_MS ? [{ label: `Today ${time(today, zone)}`, due_ms: today }] : []),
    { label: `Tomorrow ${time(tomorrow, zone)}`, due_ms: tomorrow },
    { label: `In 3 days, ${until(later, now_ms, zone)}`, due_ms: later },
  ];
}

/** "Otis Brandt is taken down: with you, to be called back, follow-up tomorrow 10:00 am". */
export function takenWords(name: string, with_: string, said: Pick<TakeDown, 'spoke' | 'follow_up'>, now_ms: number, zone: string): string {
  const next = said.follow_up;
  const parts = [`with ${with_}`, said.spoke ? '' : 'to be called back', next ? `follow-up ${until(next.due_ms, now_ms, zone)}` : ''];
  return `${name} is taken down: ${parts.filter(Boolean).join(', ')}`;
}
