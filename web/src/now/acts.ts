// What does a person do with an alert? Each act shows at once, says what it did, and can be taken back.
import { Problem } from '../api';
import * as leads from '../leads/leads';
import { live } from '../live.svelte';
import { session } from '../session.svelte';
import type { AlertCard, AlertRow, NoLead, Outcome, Person } from '../types';
import { TOAST_MS, undo } from '../undo.svelte';
import { shortName, until } from '../words';
import * as alerts from './alerts';
import { cards } from './cards.svelte';
import { forget } from './draft';
import { queue } from './queue.svelte';

const SAID: Record<Outcome, string> = {
  called: 'called',
  talked: 'talked to',
  texted: 'texted',
  emailed: 'emailed',
  left_message: 'left a message',
  no_answer: 'no answer',
  wrong_number: 'wrong number',
  not_serious: 'not serious',
  other: 'done',
};

/** Resolves when the store has answered, whatever it said. */
export function claim(alert: AlertRow): Promise<unknown> {
  return change(alert, `${alert.customer.name} is yours`, { owner: session.me.user, state: 'claimed' }, () => alerts.claim(alert.id));
}

/** Whether a card was worth the interruption: the same word again takes it back. */
export function judge(card: AlertCard, word: boolean): void {
  const before = card.useful;
  const useful = before === word ? null : word;
  const said = useful === null ? 'What you said of it is taken back' : useful ? 'Noted as useful' : 'Noted as not useful';
  void undo.act({
    done: said,
    apply: () => cards.patch(card.id, { useful }),
    revert: () => cards.patch(card.id, { useful: before }),
    send: () => alerts.judge(card.id, useful).then(hear),
    takeBack: () => alerts.judge(card.id, before).then(hear),
  });
}

export function snooze(alert: AlertRow, until_ms: number): void {
  const when = until(until_ms, live.serverNow(), session.me.store.zone);
  leave(alert, `${alert.customer.name} snoozed to ${when}`, () => alerts.snooze(alert.id, until_ms));
}

export function handOff(alert: AlertRow, to: Person): void {
  const done = `${alert.customer.name} handed to ${shortName(to.name)}`;
  const send = (): Promise<AlertCard> => alerts.handOff(alert.id, to.id);
  // The store's list goes on showing it, under another name.
  if (queue.scope === 'store') void change(alert, done, { owner: to, state: 'open' }, send);
  else leave(alert, done, send);
}

export function finish(alert: AlertRow, done: alerts.Done): void {
  leave(alert, `${alert.customer.name}: ${SAID[done.outcome]}`, async () => {
    const card = await alerts.finish(alert.id, done);
    setTimeout(() => forgetDraft(alert.id), TOAST_MS);
    return card;
  });
}

/** What came as a lead is none: the card goes, and the store counts nobody in. */
export function notALead(alert: AlertRow, lead: number, why: NoLead): void {
  const said = leads.NO_LEADS.find((one) => one.why === why)?.said ?? '';
  const send = (): Promise<AlertCard> => leads.putAside(lead, why).then(() => alerts.readAlert(alert.id));
  leave(alert, `${alert.customer.name} is no lead: ${said}`, send, async () => {
    await leads.restore(lead);
    await queue.comesBack(alert);
  });
}

// Not before the undo has gone: who takes "I sent it" back finds the words as they were.
function forgetDraft(id: number): void {
  if (cards.get(id)?.state !== 'open' && cards.get(id)?.state !== 'claimed') forget(session.me.user.id, id);
}

function change(alert: AlertRow, done: string, to: Partial<AlertRow>, send: () => Promise<AlertCard>): Promise<boolean> {
  let revert = (): void => {};
  return undo.act({
    done,
    apply: () => (revert = queue.patch(alert.id, to)),
    revert: () => revert(),
    send: () => send().then(hear).catch((thrown) => refused(alert.id, thrown)),
    takeBack: () => alerts.takeBack(alert.id).then(hear),
  });
}

// The row goes and the next one is chosen; finishing is also the moment to take over the store's order.
function leave(
  alert: AlertRow,
  done: string,
  send: () => Promise<AlertCard>,
  takeBack: () => Promise<unknown> = () => alerts.takeBack(alert.id).then(hear),
): void {
  let revert = (): void => {};
  void undo
    .act({
      done,
      apply: () => (revert = queue.hide(alert.id)),
      revert: () => revert(),
      send: () => send().then(hear).catch((thrown) => refused(alert.id, thrown)),
      takeBack,
    })
    .then((isDone) => (isDone ? queue.agreed(alert.id) : undefined));
}

function hear(card: AlertCard): AlertCard {
  cards.hear(card);
  queue.hear(card);
  return card;
}

// "Jo L. took it 4 s ago": the row as it really stands is shown beside the reason.
async function refused(id: number, thrown: unknown): Promise<never> {
  if (thrown instanceof Problem && thrown.status === 409) {
    void queue.refresh();
    void cards.fetch(id);
  }
  throw thrown;
}
