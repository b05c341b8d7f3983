// Is a call taken down once however often it is sent, and is everything of it taken back?
import { beforeEach, expect, test, vi } from 'vitest';
import { session } from '../session.svelte';
import type { TakeDown } from '../types';
import { undo } from '../undo.svelte';
import { takeDown } from './acts';

const person = { id: 1, name: 'Priya Nair', initials: 'PN', role: 'rep', available: true };
const jo = { ...person, id: 2, name: 'Jo Lindqvist' };
const otis = { first: 'Otis', last: 'Brandt', phone: '207-555-0177', email: '' };
const call: TakeDown = { customer: null, person: otis, road: 'phone', vehicle: null, words: 'A truck', to: 1, spoke: true, follow_up: null };

let asked: { what: string; key: string | null }[] = [];
let refusal: string | null = null;

beforeEach(() => {
  [asked, refusal] = [[], null];
  undo.toasts.forEach((toast) => undo.dismiss(toast.id));
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', body, headers }: RequestInit = {}) => {
    asked.push({ what: `${method} ${path} ${method === 'PUT' ? String(body) : ''}`.trim(), key: new Headers(headers).get('Idempotency-Key') });
    if (refusal && path === '/api/leads') return Response.json({ detail: refusal, status: 422 }, { status: 422 });
    return Response.json({ id: 7, customer: { id: 50, name: 'Otis Brandt' } });
  });
  vi.spyOn(session, 'me', 'get').mockReturnValue({ user: person, people: [jo], store: { name: 'Harbor Point Motors', zone: 'America/New_York' } } as typeof session.me);
});

const said = (): string[] => undo.toasts.map((toast) => toast.text);
const done = (): string[] => asked.map(({ what }) => what);

test('the same words sent again after they failed are the same call; other words, and the next call, are another', async () => {
  refusal = 'That phone number is none that can be dialed.';
  await expect(takeDown(call)).rejects.toThrow(refusal);
  refusal = null;
  await takeDown({ ...call });
  await takeDown({ ...call });
  await takeDown({ ...call, words: 'A van' });
  const keys = asked.map(({ key }) => key);
  expect(keys[1]).toBe(keys[0]);
  expect(new Set(keys).size).toBe(3);
});

test('a call that is taken back is set aside as a mistake', async () => {
  await takeDown({ ...call, to: 2 });
  expect(said()).toEqual(['Otis Brandt is taken down: with Jo\u00A0L.']);
  undo.undoLast();
  await vi.waitFor(() => expect(said()).toEqual(['Taken back.']));
  expect(done()).toEqual(['POST /api/leads', 'PUT /api/leads/7/aside {"why":"mistake"}']);
});

test('what was promised with it goes first, so that what was promised before stands again', async () => {
  await takeDown({ ...call, follow_up: { due_ms: 5_000, what: 'Pictures' } });
  undo.undoLast();
  await vi.waitFor(() => expect(said()).toEqual(['Taken back.']));
  expect(done().slice(1)).toEqual(['POST /api/customers/50/follow-up/undo', 'PUT /api/leads/7/aside {"why":"mistake"}']);
});
