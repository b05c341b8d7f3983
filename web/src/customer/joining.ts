// How do two customers become one, and one two again? Each says what was done, and how it is undone.
import { post, sentence } from '../api';
import type { Apart, CustomerPage, Edit, Merged } from '../types';
import { undo } from '../undo.svelte';

/** Told who is there after it. */
type Then = (customers: number[]) => void;

/** Joins two. Gives the sentence of what cannot be done, or null. */
export async function join(kept: number, folded: number, choices: readonly Edit[], then: Then, words = 'The two are one customer now.'): Promise<string | null> {
  try {
    const merged = await post<Merged>(`/api/customers/${kept}/merge`, { other: folded, choices });
    const { merge } = merged;
    const back = merge === null ? null : (): void => void takeApart({ id: merge, kept, folded }, then);
    undo.say(words, back, 'Take apart');
    then([merged.customer]);
    return null;
  } catch (thrown) {
    const problem = sentence(thrown);
    undo.problem(problem);
    return problem;
  }
}

/** Takes a joining apart; joining them again is its undo. */
export async function takeApart(merge: { id: number; kept: number; folded: number }, then: Then): Promise<void> {
  try {
    const { customers } = await post<Apart>(`/api/merges/${merge.id}/undo`, {});
    const [one, other] = customers;
    const back = one === undefined || other === undefined ? null : (): void => void join(one, other, [], then);
    undo.say('Taken apart: both are who they were, each with what came for them since.', back, 'Join again');
    then(customers);
  } catch (thrown) {
    undo.problem(sentence(thrown));
  }
}

/** Says that two who look like one are two people. */
export async function keepApart(one: number, other: number, then: Then): Promise<void> {
  await part(`/api/customers/${one}/apart`, { other }, 'Kept as two.', then);
}

/** Says that one record of a customer is somebody else's. */
export async function takeOut(customer: number, record: { id: number; name: string }, then: Then): Promise<void> {
  await part(`/api/customers/${customer}/parts/${record.id}/separate`, {}, `${record.name} is a customer of their own now.`, then);
}

/** Says that a browser is not theirs; that it is, is its undo. */
export async function partBrowser(customer: number, browser: number, then: () => void): Promise<void> {
  const back = (): void => void browserActs(`${customer}/browsers/${browser}/return`, 'Theirs again.', null, then);
  await browserActs(`${customer}/browsers/${browser}/undo`, 'What that browser did is no longer told of them.', back, then);
}

async function browserActs(path: string, words: string, back: (() => void) | null, then: () => void): Promise<void> {
  try {
    await post<CustomerPage>(`/api/customers/${path}`, {});
    undo.say(words, back);
    then();
  } catch (thrown) {
    undo.problem(sentence(thrown));
  }
}

async function part(path: string, body: unknown, words: string, then: Then): Promise<void> {
  try {
    const { customers, undo: number } = await post<Apart>(path, body);
    // None when it was said before.
    undo.say(words, number === null ? null : () => void takeBack(number, then));
    then(customers);
  } catch (thrown) {
    undo.problem(sentence(thrown));
  }
}

async function takeBack(number: number, then: Then): Promise<void> {
  try {
    const { customers } = await post<Apart>(`/api/apart/${number}/undo`, {});
    undo.say('Taken back.');
    then(customers);
  } catch (thrown) {
    undo.problem(sentence(thrown));
  }
}
