// What does an advisor do with a car? Each act shows at once, says what it did, and can be taken back.
import { sentence } from '../api';
import { live } from '../live.svelte';
import { session } from '../session.svelte';
import type { CheckIn, LaneWord, MoveTo, RefusedHow, ServiceCard, ServiceDetail } from '../types';
import { undo } from '../undo.svelte';
import { miles, money, shortName } from '../words';
import { keyOf, MOVED, stepFrom } from './drive';
import { drive } from './drive.svelte';
import * as visits from './visits';

const LANE_OF: Record<MoveTo, LaneWord> = { in_lane: 'in_lane', in_bay: 'in_bay', ready: 'ready', gone: 'gone', mistake: 'gone' };
const BACK: Record<LaneWord, MoveTo> = { due_in: 'in_lane', in_lane: 'in_lane', in_bay: 'in_bay', ready: 'ready', gone: 'gone' };

export function moveTo(card: ServiceCard, to: MoveTo, bay = ''): void {
  const visit = card.visit;
  if (visit === null) return;
  const moved = { lane: LANE_OF[to], bay, moved_ms: live.serverNow() };
  const { lane, bay: bayBefore, moved_ms } = card;
  void undo.act({
    done: `${card.customer.name} ${to === 'in_bay' && bay !== '' ? `is in bay ${bay}` : MOVED[to]}`,
    apply: () => drive.patch(keyOf(card), (shown) => ({ ...shown, ...moved })),
    revert: () => drive.patch(keyOf(card), (shown) => ({ ...shown, lane, bay: bayBefore, moved_ms })),
    send: () => drive.write(() => visits.move(visit, to, bay)),
    takeBack: () => drive.write(() => visits.move(visit, BACK[lane], bayBefore)),
  });
}

/** One lane on, or back. */
export function step(card: ServiceCard, by: 1 | -1): void {
  const to = stepFrom(card.lane, by);
  if (to) moveTo(card, to);
}

/** Who was due is here. */
export function checkInBooked(card: ServiceCard): void {
  if (card.visit !== null || card.appointment === null) return;
  void checkIn({ customer: card.customer.id, vehicle: card.vehicle?.id ?? null, appointment: card.appointment, waiting: card.waiting }).catch(
    (thrown: unknown) => undo.problem(sentence(thrown)),
  );
}

/** Checks a car in. Throws what the store has against it, to be said where it was asked. */
export async function checkIn(said: Partial<CheckIn>): Promise<ServiceDetail> {
  const here = await drive.write(() => visits.arrive(said));
  undo.say(`${here.card.customer.name} is in the lane`, () => {
    if (here.card.visit !== null) moveTo(here.card, 'mistake');
  });
  return here;
}

export function setQuote(card: ServiceCard, quote_cents: number | null): void {
  const visit = card.visit;
  if (visit === null || quote_cents === card.quote_cents) return;
  const before = card.quote_cents;
  void undo.act({
    done: quote_cents === null ? `No quote for ${card.customer.name}` : `${card.customer.name} was quoted ${money(quote_cents)}`,
    apply: () => drive.patch(keyOf(card), (shown) => ({ ...shown, quote_cents })),
    revert: () => drive.patch(keyOf(card), (shown) => ({ ...shown, quote_cents: before })),
    send: () => drive.write(() => visits.quote(visit, quote_cents)),
    takeBack: () => drive.write(() => visits.quote(visit, before)),
  });
}

/** Says anew what was read off a car. Throws what the store has against it, to be said where it was asked. */
export async function correctOdometer(card: ServiceCard, shown: string, isRight: boolean): Promise<void> {
  const { visit, odometer_mi: before } = card;
  if (visit === null) return;
  const { card: now } = await drive.write(() => visits.odometer(visit, shown, isRight));
  if (now.odometer_mi === before) return;
  undo.say(now.odometer_mi === null ? `${card.customer.name}: the odometer was not read` : `${card.customer.name}: ${miles(now.odometer_mi)}`, () => {
    const back = (): Promise<ServiceDetail> => drive.write(() => visits.odometer(visit, before === null ? '' : String(before), true));
    void back().then(() => undo.say('Taken back.'), (thrown: unknown) => undo.problem(sentence(thrown)));
  });
}

/** Brings a sales person over. */
export function bringSales(card: ServiceCard, who: string | undefined): void {
  const visit = card.visit;
  if (visit === null || card.asked) return;
  const asked = { by: shortName(session.me.user.name), at_ms: live.serverNow(), state: 'asked' as const, who: null, due_ms: null };
  void undo.act({
    done: `${who ? shortName(who) : 'Sales'} was asked to come to ${card.customer.name}`,
    apply: () => drive.patch(keyOf(card), (shown) => ({ ...shown, asked })),
    revert: () => drive.patch(keyOf(card), (shown) => ({ ...shown, asked: null })),
    send: () => drive.write(() => visits.askSales(visit)),
    takeBack: () => drive.write(() => visits.salesNotNeeded(visit)),
  });
}

/** They do not want to talk about another car. */
export function notToday(card: ServiceCard, how: RefusedHow = 'not_today'): void {
  const customer = card.customer.id;
  const before = card.talk;
  const text = how === 'not_today' ? 'Said no today' : 'Asked not to be sold to';
  const stopped = { kind: how === 'not_today' ? ('refused' as const) : ('asked_not' as const), text };
  void undo.act({
    done: how === 'not_today' ? `${card.customer.name} is left in peace for half a year` : `${card.customer.name} is not sold to`,
    apply: () => drive.patch(keyOf(card), (shown) => ({ ...shown, asked: null, talk: { ...shown.talk, is_worth_it: false, stopped } })),
    revert: () => drive.patch(keyOf(card), (shown) => ({ ...shown, asked: card.asked, talk: before })),
    send: () => drive.write(() => visits.refuse(customer, how)),
    takeBack: () => drive.write(() => visits.allow(customer)),
  });
}
