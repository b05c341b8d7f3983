// Does a visit show at once what was done with it, and is that taken back at the store?
import { beforeEach, expect, test, vi } from 'vitest';
import { session } from '../session.svelte';
import type { Floor, Visit } from '../types';
import { undo } from '../undo.svelte';
import { end, meet, toggleStep } from './acts';
import { showroom } from './floor.svelte';

const person = { id: 1, name: 'Priya Nair', initials: 'PN', role: 'rep', available: true };
const visit = { id: 5, customer: { id: 50, name: 'Otis Brandt', place: null }, with: person, began_ms: 1_000, vehicle: null, be_back: false, steps: [], end: null } as unknown as Visit;
const floor = { now_ms: 2_000, visits: [visit], people: [], lately: [], today: { visits: 1, be_backs: 0, demo_drives: 0, write_ups: 0, sold: 0 } } as Floor;

type Asked = { method: string; path: string; body: unknown };
let asked: Asked[] = [];
let refusal: { status: number; body: unknown } | null = null;
let held: (() => void)[] | null = null;

beforeEach(async () => {
  asked = [];
  refusal = null;
  held = null;
  undo.toasts.forEach((toast) => undo.dismiss(toast.id));
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', body }: RequestInit = {}) => {
    asked.push({ method, path, body: typeof body === 'string' ? JSON.parse(body) : null });
    const waiting = held;
    if (waiting && method === 'POST') await new Promise<void>((go) => waiting.push(go));
    if (refusal && method === 'POST') return new Response(JSON.stringify(refusal.body), { status: refusal.status });
    return new Response(JSON.stringify(method === 'POST' ? visit : floor), { status: 200 });
  });
  vi.spyOn(session, 'me', 'get').mockReturnValue({ user: person, store: { name: 'Harbor Point Motors', zone: 'America/New_York' } } as typeof session.me);
  await showroom.refresh();
});

const writes = (): string[] => asked.filter((each) => each.method === 'POST').map(({ path, body }) => `${path} ${JSON.stringify(body)}`);
const steps = (): string[] => showroom.visits[0]?.steps.map((done) => done.step) ?? [];
const said = (): string[] => undo.toasts.map((toast) => toast.text);

test('a step shows before the store has answered, and what the store said before does not turn it back', async () => {
  held = [];
  toggleStep(visit, 'demo_drive');
  expect(steps()).toEqual(['demo_drive']);
  await showroom.refresh();
  expect(steps()).toEqual(['demo_drive']);
  expect(said()).toEqual(['Demo drive noted for Otis Brandt']);
  held.forEach((go) => go());
  await vi.waitFor(() => expect(steps()).toEqual([]));
});

test('Z takes a step off again, here and at the store', async () => {
  toggleStep(visit, 'greet');
  undo.undoLast();
  await vi.waitFor(() => expect(writes()).toEqual(['/api/visits/5/steps {"step":"greet","done":true}', '/api/visits/5/steps {"step":"greet","done":false}']));
});

test('a visit that ended is gone at once, and Z reopens it', async () => {
  held = [];
  end(visit, { how: 'unsold', why: 'price' }, 'Wants 9,000 for the Civic.');
  expect(showroom.visits).toEqual([]);
  undo.undoLast();
  expect(showroom.visits.map((shown) => shown.id)).toEqual([5]);
  await vi.waitFor(() => expect(held).toHaveLength(1));
  held.splice(0).forEach((go) => go());
  await vi.waitFor(() => expect(writes().at(-1)).toBe('/api/visits/5/reopen {}'));
  held.splice(0).forEach((go) => go());
});

test('an ending that the store refuses stands open again, with its reason', async () => {
  refusal = { status: 409, body: { code: 'already-ended', detail: 'This visit has ended already.' } };
  end(visit, { how: 'sold' }, '');
  await vi.waitFor(() => expect(said()).toEqual(['This visit has ended already.']));
  expect(showroom.visits.map((shown) => shown.id)).toEqual([5]);
});

test('a visit opened by mistake never was', async () => {
  await meet({ customer: 50 }, person as never, null);
  expect(said()).toEqual(['Otis Brandt is with you']);
  undo.undoLast();
  await vi.waitFor(() => expect(writes().at(-1)).toBe('/api/visits/5/end {"result":{"how":"mistake"},"note":""}'));
});

test('who is here already is said where it was asked', async () => {
  refusal = { status: 409, body: { code: 'already-here', detail: 'They are in the showroom already, with Jo L.' } };
  await expect(meet({ customer: 50 }, person as never, null)).rejects.toThrow('They are in the showroom already, with Jo L.');
  expect(said()).toEqual([]);
});
