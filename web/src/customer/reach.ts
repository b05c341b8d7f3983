// How can this customer be reached, and how is it kept that they were? Through the open alert, or as a note without one.
import { post } from '../api';
import { finish, takeBack } from '../now/alerts';
import type { Channel, Consent, CustomerPage, Outcome, StoryRow } from '../types';
import { undo } from '../undo.svelte';
import { firstName } from '../words';

export type Way = Channel;

/** The ways for which there is a number or an address at all. */
export function ways(customer: Pick<CustomerPage, 'phones' | 'emails'>): Way[] {
  const found: Way[] = [];
  if (customer.phones.length > 0) found.push('text', 'call');
  if (customer.emails.length > 0) found.push('email');
  return found;
}

/** The way to begin with: one they agreed to, else one that nothing speaks against; null where there is none. */
export function bestWay(customer: Pick<CustomerPage, 'name' | 'phones' | 'emails' | 'consent'>): Way | null {
  const all = ways(customer);
  return all.find((way) => caution(customer, way) === null) ?? all.find((way) => caution(customer, way)?.blocks === false) ?? null;
}

/** Why this way needs care, in a sentence, or null when the customer allowed it. */
export function caution(customer: Pick<CustomerPage, 'name' | 'consent'>, way: Way): { text: string; blocks: boolean } | null {
  const given = customer.consent.find((each) => each.channel === way);
  if (given?.state === 'allowed') return null;
  const name = firstName(customer.name);
  const acts = { text: 'texts', call: 'calls', email: 'email' }[way];
  if (given?.state === 'revoked') return { text: `${name} took back consent to ${acts}${noted(given)}. Do not ${way}.`, blocks: true };
  return { text: `${name} has not given consent to ${acts}. Only answer what they asked.`, blocks: false };
}

function noted(given: Consent): string {
  return given.note ? ` (${given.note})` : '';
}

export type Logged = { outcome: Outcome; message?: string; said: string };

const AS_NOTE: Partial<Record<Outcome, string>> = {
  texted: 'Texted',
  emailed: 'Emailed',
  talked: 'Called: talked',
  left_message: 'Called: left a message',
  no_answer: 'Called: no answer',
  wrong_number: 'Called: wrong number',
};

/** Keeps that the customer was reached. Resolves to whether the store accepted it. */
export function log(customer: CustomerPage, { outcome, message, said }: Logged): Promise<boolean> {
  const alert = customer.alert;
  const quiet = (): void => {};
  if (alert && alert.state !== 'closed') {
    return undo.act({
      done: said,
      apply: quiet,
      revert: quiet,
      send: () => finish(alert.id, message ? { outcome, message } : { outcome }),
      takeBack: () => takeBack(alert.id),
    });
  }
  const text = [AS_NOTE[outcome] ?? 'Reached', message].filter(Boolean).join(': ');
  return undo.act({ done: said, apply: quiet, revert: quiet, send: () => post<StoryRow>(`/api/customers/${customer.id}/notes`, { text }) });
}
