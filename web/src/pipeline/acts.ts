// What does a person do with a sale? Each act shows at once, says what it did, and can be taken back.
import { live } from '../live.svelte';
import { session } from '../session.svelte';
import type { Lost, Person, Stage } from '../types';
import { undo } from '../undo.svelte';
import { shortName } from '../words';
import { when } from './moments';
import { STAGE_WORDS, type Change, type Sale } from './pipeline';
import { REASON_WORDS } from './reasons';
import * as sales from './sales';

/** A screen on which a sale stands. */
export type Shown = {
  /** Shows a change before the store has answered; gives the way back. */
  show: (change: Change) => () => void;
  /** Tells the store; what it said before is not shown meanwhile. */
  write: <Answer>(send: () => Promise<Answer>) => Promise<Answer>;
};

export function move({ customer }: Sale, to: Stage, why: string, shown: Shown): void {
  act(`${customer.name} moved to ${STAGE_WORDS[to]}`, { kind: 'stage', stage: to, why }, shown, {
    send: () => sales.sayStage(customer.id, to, why),
    takeBack: () => sales.undoStage(customer.id),
  });
}

/** The last word by hand is taken back: the facts say where it stands. */
export function release({ customer }: Sale, held: { stage: Stage; why: string }, shown: Shown): void {
  act(`${customer.name} stands where the facts say`, { kind: 'released' }, shown, {
    send: () => sales.undoStage(customer.id),
    takeBack: () => sales.sayStage(customer.id, held.stage, held.why),
  });
}

export function followUp({ customer }: Sale, due_ms: number, what: string, shown: Shown): void {
  const words = when(due_ms, live.serverNow(), session.me.store.zone);
  act(`Follow-up with ${customer.name} ${words}`, { kind: 'follow_up', followUp: { due_ms, what, by: me() } }, shown, {
    send: () => sales.setFollowUp(customer.id, due_ms, what),
    takeBack: () => sales.undoFollowUp(customer.id),
  });
}

export function dropFollowUp({ customer }: Sale, shown: Shown): void {
  act(`No follow-up with ${customer.name}`, { kind: 'follow_up', followUp: null }, shown, {
    send: () => sales.dropFollowUp(customer.id),
    takeBack: () => sales.undoFollowUp(customer.id),
  });
}

export function lose({ customer }: Sale, said: sales.GivenUp, shown: Shown): void {
  const lost: Lost = { ...said, by: me(), at_ms: live.serverNow() };
  act(`${customer.name} given up: ${REASON_WORDS[said.why]}`, { kind: 'lost', lost }, shown, {
    send: () => sales.sayLost(customer.id, said),
    takeBack: () => sales.undoLost(customer.id),
  });
}

/** It is not given up after all. */
export function reopen({ customer }: Sale, lost: Lost, shown: Shown): void {
  const { why, note, again_ms } = lost;
  // A day that has passed cannot be named again.
  const again = again_ms !== null && again_ms > live.serverNow() ? again_ms : null;
  act(`${customer.name} is open again`, { kind: 'reopened' }, shown, {
    send: () => sales.undoLost(customer.id),
    takeBack: () => sales.sayLost(customer.id, { why, note, again_ms: again }),
  });
}

export function give({ customer }: Sale, owner: Person, shown: Shown): void {
  let done = 0;
  const words = owner.id === session.me.user.id ? 'is yours' : `given to ${shortName(owner.name)}`;
  act(`${customer.name} ${words}`, { kind: 'owner', owner }, shown, {
    send: async () => (done = (await sales.give(customer.id, owner.id)).id),
    takeBack: () => sales.undoGive(done),
  });
}

function me(): string {
  return shortName(session.me.user.name);
}

function act(done: string, change: Change, shown: Shown, store: { send: () => Promise<unknown>; takeBack: () => Promise<unknown> }): void {
  let revert = (): void => {};
  void undo.act({
    done,
    apply: () => (revert = shown.show(change)),
    revert: () => revert(),
    send: () => shown.write(() => inTurn(store.send)),
    takeBack: () => shown.write(() => inTurn(store.takeBack)),
  });
}

// Given up and at once reopened: what is said later must be heard later.
let before: Promise<unknown> = Promise.resolve();

function inTurn<Answer>(send: () => Promise<Answer>): Promise<Answer> {
  const turn = before.then(send, send);
  before = turn;
  return turn;
}
