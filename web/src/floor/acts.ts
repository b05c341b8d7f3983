// What does a person do with a visit? Each act shows at once, says what it did, and can be taken back.
import { live } from '../live.svelte';
import { session } from '../session.svelte';
import type { Person, Visit, VisitResult } from '../types';
import { undo } from '../undo.svelte';
import { shortName } from '../words';
import { doneAt, resultWords, STEPS, withStep, type Step } from './floor';
import { showroom } from './floor.svelte';
import * as visits from './visits';

/** Says that a step was done, or that it was not after all. */
export function toggleStep(visit: Visit, step: Step): void {
  const before = doneAt(visit, step);
  const label = STEPS.find((each) => each.step === step)?.label ?? '';
  const after = before ? null : { at_ms: live.serverNow(), by: shortName(session.me.user.name) };
  const was = before ? { at_ms: before.at_ms, by: before.by ?? '' } : null;
  void undo.act({
    done: before ? `${label} taken off for ${visit.customer.name}` : `${label} noted for ${visit.customer.name}`,
    apply: () => showroom.patch(visit.id, (shown) => withStep(shown, step, after)),
    revert: () => showroom.patch(visit.id, (shown) => withStep(shown, step, was)),
    send: () => showroom.write(() => visits.step(visit.id, step, !before)),
    takeBack: () => showroom.write(() => visits.step(visit.id, step, before !== null)),
  });
}

export function end(visit: Visit, result: VisitResult, note: string): void {
  const now = live.serverNow();
  const ended = { at_ms: now, by: shortName(session.me.user.name), result, note };
  void undo.act({
    done: `${visit.customer.name}: ${resultWords(result, now, session.me.store.zone)}`,
    apply: () => showroom.patch(visit.id, (shown) => ({ ...shown, end: ended })),
    revert: () => showroom.show(visit),
    send: () => showroom.write(() => visits.end(visit.id, result, note)),
    takeBack: () => showroom.write(() => visits.reopen(visit.id)),
  });
}

/** They have not left after all. */
export function reopen(visit: Visit): void {
  const ended = visit.end;
  if (!ended) return;
  void undo.act({
    done: `${visit.customer.name} is still here`,
    apply: () => showroom.show(visit),
    revert: () => showroom.patch(visit.id, (shown) => ({ ...shown, end: ended })),
    send: () => showroom.write(() => visits.reopen(visit.id)),
    takeBack: () => showroom.write(() => visits.end(visit.id, ended.result, ended.note)),
  });
}

/** Opens a visit. Throws what the store has against it, to be said where it was asked. */
export async function meet(visitor: visits.Visitor, withWhom: Person, vehicle: number | null): Promise<void> {
  const visit = await showroom.write(() => visits.open(visitor, withWhom.id, vehicle));
  const who = withWhom.id === session.me.user.id ? 'you' : shortName(withWhom.name);
  undo.say(`${visit.customer.name} is with ${who}${visit.be_back ? ', a be-back' : ''}`, () => end(visit, { how: 'mistake' }, ''));
}
