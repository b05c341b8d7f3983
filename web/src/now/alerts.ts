// What can be done with an alert, and what do we call it? The acts of the contract and their words.
import { get, post, put } from '../api';
import type { AlertCard, AlertPage, AlertRow, Level, Outcome, Person, Rule, Scope } from '../types';
import { shortName, until } from '../words';

export const listAlerts = (scope: Scope): Promise<AlertPage> =>
  get<AlertPage>(`/api/alerts?state=open&scope=${scope}&limit=200`);

export const readAlert = (id: number): Promise<AlertCard> => get<AlertCard>(`/api/alerts/${id}`);

export const claim = (id: number): Promise<AlertCard> => post<AlertCard>(`/api/alerts/${id}/claim`, {});

export const snooze = (id: number, until_ms: number): Promise<AlertCard> =>
  post<AlertCard>(`/api/alerts/${id}/snooze`, { until_ms });

export const handOff = (id: number, to: number): Promise<AlertCard> => post<AlertCard>(`/api/alerts/${id}/handoff`, { to });

export const takeBack = (id: number): Promise<AlertCard> => post<AlertCard>(`/api/alerts/${id}/undo`, {});

/** Says whether a card was worth the interruption; null takes it back. */
export const judge = (id: number, useful: boolean | null): Promise<AlertCard> => put<AlertCard>(`/api/alerts/${id}/useful`, { useful });

export type Done = { outcome: Outcome; note?: string; message?: string };

export const finish = (id: number, done: Done): Promise<AlertCard> => post<AlertCard>(`/api/alerts/${id}/done`, done);

export const LEVELS: Record<Level, string> = { act_now: 'Act now', next_up: 'Next up', later: 'Later' };

export const RULES: Record<Rule, string> = {
  new_lead: 'New leads',
  back_on_same_car: 'Back on the same car',
  trade_tool_used: 'Trade tool used',
  reply_received: 'Replies',
  mentioned: 'Mentions',
  follow_up_due: 'Follow-ups',
  visit_ended_unsold: 'Left unsold',
  try_again: 'Try again',
  asked_again: 'Asked again',
  lead_untouched: 'Leads untouched',
  unhappy: 'Unhappy',
  back_after_silence: 'Back after silence',
  price_alert_used: 'Price alerts',
  finance_form_used: 'Finance forms',
  form_abandoned: 'Forms abandoned',
  hours_viewed: 'Hours or directions',
  clicked_to_call: 'Tapped to call',
  compared_or_shared: 'Compared or shared',
  watched_car_sold: 'Watched car sold',
  watched_car_reduced: 'Watched car reduced',
  wish_matched: 'Wishes matched',
  owner_shopping: 'Owners shopping',
  household_shopping: 'Households shopping',
  appointment_missed: 'Appointments missed',
  in_the_lane: 'In the lane',
  unknown: 'Something newer',
};

export const OUTCOMES: Record<Outcome, string> = {
  called: 'Called',
  talked: 'Talked',
  texted: 'Texted',
  emailed: 'Emailed',
  left_message: 'Left a message',
  no_answer: 'No answer',
  wrong_number: 'Wrong number',
  not_serious: 'Not serious',
  other: 'Something else',
};

/** Why a row is no longer in this list, in two or three words: "Taken by Jo L.". */
export function whyGone(alert: AlertRow, scope: Scope, me: number, now_ms: number, zone: string): string {
  if (alert.state === 'closed') return alert.closed?.by ? `Done by ${shortName(alert.closed.by)}` : (alert.closed?.why ?? 'Done');
  const off = putOff(alert, me, now_ms, zone);
  if (off !== null) return off;
  if (scope === 'snoozed') return 'Awake again';
  return alert.owner ? `Taken by ${shortName(alert.owner.name)}` : 'Moved on';
}

/** Whether somebody is asked to answer it, and a clock runs until they do. */
export const isOffer = (alert: AlertRow, me: number): boolean => alert.state === 'open' && alert.clock !== null && alert.owner?.id === me;

/** Free people first, then by name; never oneself. */
export function colleagues(people: readonly Person[], me: number): Person[] {
  return people
    .filter((person) => person.id !== me)
    .toSorted((a, b) => Number(b.available) - Number(a.available) || a.name.localeCompare(b.name));
}

/** Of a card that is offered to everybody who takes leads. */
export const FOR_ALL = 'Whoever takes it first';

/** Until when it is put off, and why if nobody did: "Your day was full: comes tomorrow 9:00 am". Null for what is not put off. */
export function putOff(alert: AlertRow, me: number, now_ms: number, zone: string): string | null {
  if (alert.state !== 'snoozed' || alert.snoozed_until_ms === null) return null;
  const when = until(alert.snoozed_until_ms, now_ms, zone);
  if (!alert.held_back) return `Snoozed to ${when}`;
  const whose = !alert.owner ? 'The day' : alert.owner.id === me ? 'Your day' : `The day of ${shortName(alert.owner.name)}`;
  return `${whose} was full: comes ${when}`;
}

/** Who has it, and how it came to them: "Offered to Sam R. · Jo L. did not answer in time". */
export function holding(alert: AlertRow, me: number): string | null {
  if (alert.state === 'closed' || alert.state === 'snoozed') return null;
  if (!alert.owner) return alert.for_all ? FOR_ALL : 'Nobody has it yet';
  const isMine = alert.owner.id === me;
  const name = shortName(alert.owner.name);
  // A claim needs no reason; who offered what, and why, is worth a line.
  if (alert.state === 'claimed') return isMine ? 'You are on it' : `${name} is on it`;
  if (alert.routed_because === 'claimed it') return isMine ? 'Offered to you' : `Offered to ${name}`;
  const why = alert.routed_because.charAt(0).toUpperCase() + alert.routed_because.slice(1);
  return [isMine ? 'Offered to you' : `Offered to ${name}`, why].filter(Boolean).join(' · ');
}
