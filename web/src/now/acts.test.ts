// When the store says no, does everything stand as it stood, with the reason beside it?
import { beforeEach, expect, test, vi } from 'vitest';
import { session } from '../session.svelte';
import type { AlertCard, Me } from '../types';
import { undo } from '../undo.svelte';
import { claim, finish, notALead } from './acts';
import { queue } from './queue.svelte';

const ME = { id: 1, name: 'Priya Nair', initials: 'PN', role: 'rep', available: true } as const;
const JO = { id: 2, name: 'Jo Lindqvist', initials: 'JL', role: 'rep', available: true } as const;

function card(id: number, change: Partial<AlertCard> = {}): AlertCard {
  return {
    id,
    rule: 'new_lead',
    level: 'act_now',
    headline: 'Asked for a price.',
    short: 'Asked for a price',
    customer: { id: 100 + id, name: `Customer ${id}`, place: null },
    vehicle: null,
    score: 60,
    state: 'open',
    owner: ME,
    routed_because: 'Took the last lead',
    clock: null,
    snoozed_until_ms: null,
    closed: null,
    opened_ms: 0,
    refreshed_ms: 0,
    seq: 1,
    phones: [],
    emails: [],
    consent: [],
    why: [],
    strip: [],
    score_parts: [],
    score_since: null,
    score_outlook: [],
    answered: null,
    lead: null,
    for_all: false,
    held_back: false,
    waited_open_ms: null,
    useful: null,
    facts: [],
    draft: null,
    exchange: [],
    steps: [],
    ...change,
  };
}

/** A store that holds three alerts and answers an act as it is told to. */
function openStore(answer: (path: string) => Response | null) {
  const alerts = new Map([1, 2, 3].map((id) => [id, card(id)]));
  const counts = { mine: 3, store: 3, snoozed: 0 };
  const me: Me = {
    user: ME,
    store: { name: 'Harbor Point Motors', zone: 'America/New_York' },
    now_ms: Date.now(),
    version: '0',
    counts: { ...counts, customers: 0, vehicles: 0, set_aside: 0, drafts: 0 },
    people: [ME, JO],
  };
  const reply = async (path: string): Promise<Response> => {
    const special = answer(path);
    if (special) return special;
    if (path === '/api/me') return Response.json(me);
    const one = /^\/api\/alerts\/(\d+)/.exec(path);
    if (one) return Response.json(alerts.get(Number(one[1])));
    const items = [...alerts.values()].filter((alert) => alert.state !== 'closed');
    return Response.json({ items, next: null, total: items.length, counts });
  };
  vi.stubGlobal('fetch', reply);
  return alerts;
}

const shown = (): number[] => queue.lines.map((line) => line.alert.id);
const said = (): string[] => undo.toasts.map((toast) => toast.text);

beforeEach(() => {
  vi.stubGlobal('EventSource', class extends EventTarget { close(): void {} });
  undo.toasts.forEach((toast) => undo.dismiss(toast.id));
});

function refusal(status: number, detail: string): Response {
  return Response.json({ status, detail, code: 'already-claimed', title: '', type: '' }, { status });
}

test('a finished row goes at once and stays gone when the store agrees', async () => {
  const alerts = openStore(() => null);
  await session.start();
  await queue.open('mine', 2);
  finish(card(2), { outcome: 'called' });
  expect(shown()).toEqual([1, 3]);
  expect(queue.selected).toBe(3);
  alerts.set(2, card(2, { state: 'closed', seq: 2 }));
  await vi.waitFor(() => expect(queue.lines.some((line) => line.alert.id === 2)).toBe(false));
  expect(said()).toEqual(['Customer 2: called']);
});

test('a refused row stands again where it stood, selected, and the toast says why', async () => {
  openStore((path) => (path.endsWith('/done') ? refusal(409, 'Jo L. finished it 4 s ago.') : null));
  await session.load();
  await queue.open('mine', 2);
  finish(card(2), { outcome: 'called' });
  expect(shown()).toEqual([1, 3]);
  await vi.waitFor(() => expect(said()).toEqual(['Jo L. finished it 4 s ago.']));
  expect(shown()).toEqual([1, 2, 3]);
  expect(queue.selected).toBe(2);
});

test('a claim that someone else won shows whose it is', async () => {
  const alerts = openStore((path) => (path.endsWith('/claim') ? refusal(409, 'Jo L. took it 4 s ago.') : null));
  await session.load();
  await queue.open('store', 2);
  alerts.set(2, card(2, { owner: JO, state: 'claimed', seq: 5 }));
  void claim(card(2));
  expect(queue.row(2)?.owner?.id).toBe(ME.id);
  await vi.waitFor(() => expect(said()).toEqual(['Jo L. took it 4 s ago.']));
  await vi.waitFor(() => expect(queue.row(2)?.owner?.id).toBe(JO.id));
});

test('an act taken back is on screen before the store has answered', async () => {
  openStore(() => null);
  await session.load();
  await queue.open('mine', 1);
  finish(card(1), { outcome: 'no_answer' });
  expect(shown()).toEqual([2, 3]);
  undo.undoLast();
  expect(shown()).toEqual([1, 2, 3]);
  expect(queue.selected).toBe(1);
});

test('what is no lead goes at once; taken back, the card that the store opens for it stands where it stood', async () => {
  const alerts = openStore(() => null);
  await session.load();
  await queue.open('mine', 2);
  notALead(card(2, { lead: 7 }), 7, 'spam');
  expect(shown()).toEqual([1, 3]);
  expect(said()).toEqual(['Customer 2 is no lead: spam']);
  alerts.set(2, card(2, { state: 'closed', seq: 2 }));
  await vi.waitFor(() => expect(queue.lines.some((line) => line.alert.id === 2)).toBe(false));
  alerts.set(9, card(9, { customer: card(2).customer, seq: 3 }));
  undo.undoLast();
  await vi.waitFor(() => expect(said()).toContain('Taken back.'));
  expect(shown()).toEqual([1, 9, 3]);
  expect(queue.selected).toBe(9);
});

test('the card that the store opens only after its answer still stands where the first one stood', async () => {
  const alerts = openStore(() => null);
  await session.load();
  await queue.open('mine', 2);
  notALead(card(2, { lead: 7 }), 7, 'spam');
  alerts.set(2, card(2, { state: 'closed', seq: 2 }));
  await vi.waitFor(() => expect(queue.lines.some((line) => line.alert.id === 2)).toBe(false));
  undo.undoLast();
  await vi.waitFor(() => expect(said()).toContain('Taken back.'));
  alerts.set(9, card(9, { customer: card(2).customer, seq: 3 }));
  await queue.refresh();
  expect(shown()).toEqual([1, 9, 3]);
  expect(queue.selected).toBe(9);
});

test('a list that was asked for before an act was taken back does not take its row away', async () => {
  const alerts = openStore(() => null);
  await session.load();
  await queue.open('mine', 2);
  notALead(card(2, { lead: 7 }), 7, 'spam');
  alerts.set(2, card(2, { state: 'closed', seq: 2 }));
  const reply = fetch;
  let answer: () => void = () => {};
  const asked = new Promise<void>((isAsked) => {
    vi.stubGlobal('fetch', async (path: string) => {
      const said = await reply(path);
      if (!path.startsWith('/api/alerts?')) return said;
      isAsked();
      await new Promise<void>((late) => (answer = late));
      return said;
    });
  });
  await asked;
  undo.undoLast();
  expect(shown()).toEqual([1, 2, 3]);
  answer();
  await new Promise((later) => setTimeout(later, 0));
  expect(shown()).toEqual([1, 2, 3]);
});

test('whoever asks for the store’s order gets it, though a change asks again before the answer', async () => {
  const alerts = openStore(() => null);
  await session.load();
  await queue.open('mine', 1);
  alerts.set(4, card(4));
  const sorted = queue.resort();
  void queue.refresh();
  await sorted;
  expect(shown()).toEqual([1, 2, 3, 4]);
  expect(queue.waiting).toEqual([]);
});

test('a list that is overtaken while it opens still chooses its first row', async () => {
  openStore(() => null);
  await session.load();
  await queue.open('snoozed', null);
  const opened = queue.open('mine', null);
  void queue.refresh();
  await opened;
  expect(queue.selected).toBe(1);
});
