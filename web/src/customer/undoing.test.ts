// Is what is undone on the page taken back at the store, and said where it cannot be?
import { beforeEach, expect, test, vi } from 'vitest';
import type { CustomerPage, EditChange } from '../types';
import { undo } from '../undo.svelte';
import { Editing } from './editing.svelte';
import { keepApart, partBrowser, takeOut } from './joining';
import { OneCustomer } from './one.svelte';

type Asked = { method: string; path: string; body: unknown };
let asked: Asked[] = [];
let answers: { status: number; body: unknown }[] = [];

beforeEach(() => {
  asked = [];
  answers = [];
  undo.toasts.forEach((toast) => undo.dismiss(toast.id));
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', body }: RequestInit = {}) => {
    asked.push({ method, path, body: typeof body === 'string' ? JSON.parse(body) : null });
    const { status, body: said } = answers.shift() ?? { status: 200, body: { items: [], next: null } };
    return new Response(JSON.stringify(said), { status });
  });
});

const said = (): string[] => undo.toasts.map((toast) => toast.text);
const writes = (): string[] => asked.filter((each) => each.method !== 'GET').map(({ method, path }) => `${method} ${path}`);

const before = { id: 11, version: 'a', emails: ['danielle@example.com'] } as unknown as CustomerPage;
const after = { ...before, version: 'b', emails: ['d.cole@example.com'] };
const change: EditChange = { edit: { set: 'emails', value: after.emails }, before: { set: 'emails', value: before.emails } };

function editing(): { one: OneCustomer; editing: Editing } {
  const one = new OneCustomer();
  one.page = before;
  return { one, editing: new Editing(one) };
}

test('an edit is undone by its number, and no old value is written by hand', async () => {
  const page = editing();
  answers = [{ status: 200, body: { ...after, undo: 7 } }, { status: 200, body: before }];
  expect(await page.editing.save(before, [change], 'Email changed')).toBeNull();
  expect(page.one.page?.emails).toEqual(after.emails);
  undo.undoLast();
  await vi.waitFor(() => expect(said()).toEqual(['Taken back.']));
  expect(writes()).toEqual(['PUT /api/customers/11/edits', 'POST /api/customers/11/edits/7/undo']);
  expect(asked[1]?.body).toEqual({});
  expect(page.one.page?.emails).toEqual(before.emails);
});

test('what a colleague changed since stays, and the page says who', async () => {
  const page = editing();
  const sentence = 'Priya Nair changed the emails since, so nothing was undone.';
  answers = [{ status: 200, body: { ...after, undo: 7 } }, { status: 409, body: { code: 'changed-since', detail: sentence } }];
  await page.editing.save(before, [change], 'Email changed');
  undo.undoLast();
  await vi.waitFor(() => expect(said()).toEqual([sentence]));
});

test('what stood there already offers no undo', async () => {
  answers = [{ status: 200, body: { ...before, undo: null } }];
  await editing().editing.save(before, [change], 'Email changed');
  expect(undo.last).toBeNull();
});

test.each([
  ['kept as two', (then: (ids: number[]) => void) => keepApart(11, 12, then), '/api/customers/11/apart', { other: 12 }],
  ['taken out', (then: (ids: number[]) => void) => takeOut(11, { id: 12, name: 'Old CRM' }, then), '/api/customers/11/parts/12/separate', {}],
])('what was %s is one again by an undo that leaves no joining behind', async (_, act, path, body) => {
  const there: number[][] = [];
  answers = [{ status: 200, body: { customers: [11, 12], undo: 90 } }, { status: 200, body: { customers: [11], undo: null } }];
  await act((ids) => there.push(ids));
  undo.undoLast();
  await vi.waitFor(() => expect(there).toEqual([[11, 12], [11]]));
  expect(asked.map((each) => [each.path, each.body])).toEqual([[path, body], ['/api/apart/90/undo', {}]]);
  expect(said()).toEqual(['Taken back.']);
});

test('a browser that is not theirs is theirs again by an undo', async () => {
  let times = 0;
  answers = [{ status: 200, body: {} }, { status: 200, body: {} }];
  await partBrowser(11, 7, () => (times += 1));
  undo.undoLast();
  await vi.waitFor(() => expect(times).toBe(2));
  expect(asked.map((each) => each.path)).toEqual(['/api/customers/11/browsers/7/undo', '/api/customers/11/browsers/7/return']);
  expect(said()).toEqual(['Theirs again.']);
});
