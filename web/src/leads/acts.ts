// What does a person do with a call? It is taken down, says what that meant, and can be taken back as if nobody had called.
import { newKey, sentence } from '../api';
import { live } from '../live.svelte';
import { undoFollowUp } from '../pipeline/sales';
import { session } from '../session.svelte';
import type { TakeDown, TakenDown } from '../types';
import { undo } from '../undo.svelte';
import { shortName } from '../words';
import * as leads from './leads';

let attempt = { body: '', key: '' };

// An answer may be lost on its way: the same words sent again are the same call, until one was heard of.
function keyOf(said: TakeDown): string {
  const body = JSON.stringify(said);
  if (attempt.body !== body) attempt = { body, key: newKey() };
  return attempt.key;
}

/** Takes a call down. Throws what the store has against it, to be said where it was asked. */
export async function takeDown(said: TakeDown): Promise<void> {
  const taken = await leads.takeDown(said, keyOf(said));
  attempt = { body: '', key: '' };
  const { user, store } = session.me;
  const to = session.staff.find((person) => person.id === said.to) ?? user;
  const whose = to.id === user.id ? 'you' : shortName(to.name);
  undo.say(leads.takenWords(taken.customer.name, whose, said, live.serverNow(), store.zone), () => void takeBack(taken, said));
}

async function takeBack(taken: TakenDown, said: TakeDown): Promise<void> {
  try {
    // First, so that a sale of which nothing else was said goes with the call that began it.
    if (said.follow_up) await undoFollowUp(taken.customer.id);
    await leads.putAside(taken.id, 'mistake');
    undo.say('Taken back.');
  } catch (thrown) {
    undo.problem(sentence(thrown));
  }
}
