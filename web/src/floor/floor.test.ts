// Do the words and the figures of the floor say what the visits say?
import { describe, expect, it, test } from 'vitest';
import type { OnFloor, Person, Role, Visit, VisitResult } from '../types';
import { figures, figureWords, readWalkIn, REASONS, resultWords, standing, walkInWords, withDays, withStep } from './floor';

const ZONE = 'America/New_York';
// Tuesday, November 24, 2026, 9:41 am at the store.
const NOW = Date.UTC(2026, 10, 24, 14, 41);
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const person = (id: number, name: string, role: Role = 'rep', available = true): Person => ({ id, name, initials: '', role, available });
const priya = person(1, 'Priya Nair');
const jo = person(2, 'Jo Lindqvist');
const sam = person(3, 'Sam Rourke', 'manager');

function visit(id: number, change: Partial<Visit> = {}): Visit {
  const customer = { id: id * 10, name: 'Otis Brandt', place: null };
  return { id, customer, with: priya, began_ms: NOW - 20 * MINUTE_MS, vehicle: null, be_back: false, steps: [], end: null, ...change };
}

const ended = (result: VisitResult): Visit['end'] => ({ at_ms: NOW, by: 'Priya N.', result, note: '' });
const on = (person: Person): OnFloor => ({ person, state: 'free', visit: null, open_cards: 2 });

describe('who is free', () => {
  test('whoever is with a customer is, however free they said they are', () => {
    const [me, other] = standing([on(jo), on(priya)], [visit(1)], jo);
    expect([me?.person.name, me?.state]).toEqual(['Jo Lindqvist', 'free']);
    expect([other?.person.name, other?.state, other?.visits.length]).toEqual(['Priya Nair', 'with_customer', 1]);
  });

  test('what I said on this page a moment ago counts before what the store said before', () => {
    const [me] = standing([on(priya)], [], { ...priya, available: false });
    expect(me?.state).toBe('away');
  });

  test('nobody changes places when they come free', () => {
    const people = [on(sam), on(jo), on(priya)];
    const names = (visits: Visit[]): string[] => standing(people, visits, sam).map((each) => each.person.name);
    expect(names([])).toEqual(['Sam Rourke', 'Jo Lindqvist', 'Priya Nair']);
    expect(names([visit(1, { with: jo })])).toEqual(names([]));
    expect(standing(people, [], null).map((each) => each.person.name)).toEqual(['Jo Lindqvist', 'Priya Nair', 'Sam Rourke']);
  });
});

describe('steps', () => {
  test('a step said twice is there once, with its latest time', () => {
    const once = withStep(visit(1), 'greet', { at_ms: 1, by: 'Priya N.' });
    const twice = withStep(once, 'greet', { at_ms: 2, by: 'Jo L.' });
    expect(twice.steps).toEqual([{ step: 'greet', at_ms: 2, by: 'Jo L.' }]);
  });

  test('a step taken off leaves the others', () => {
    const both = withStep(withStep(visit(1), 'greet', { at_ms: 1, by: '' }), 'demo_drive', { at_ms: 2, by: '' });
    expect(withStep(both, 'greet', null).steps.map((done) => done.step)).toEqual(['demo_drive']);
  });
});

describe('how it ended', () => {
  it.each<[VisitResult, string]>([
    [{ how: 'sold' }, 'Sold'],
    [{ how: 'be_back' }, 'Coming back'],
    [{ how: 'be_back', on_ms: NOW + 60 * MINUTE_MS }, 'Coming back today'],
    [{ how: 'be_back', on_ms: NOW + DAY_MS }, 'Coming back tomorrow'],
    [{ how: 'be_back', on_ms: NOW + 4 * DAY_MS }, 'Coming back Sat, Nov 28'],
    [{ how: 'unsold', why: 'trade_value' }, 'Left unsold: value of the trade'],
    [{ how: 'mistake' }, 'Opened by mistake'],
  ])('%j reads "%s"', (result, words) => {
    expect(resultWords(result, NOW, ZONE).replaceAll('\u00A0', ' ')).toBe(words);
  });

  test('whoever stood here is not offered as somebody who cannot be reached', () => {
    const values = REASONS.map((reason) => reason.value);
    expect(values).toContain('price');
    for (const none of ['unreachable', 'wrong_number', 'duplicate', 'unknown']) expect(values).not.toContain(none);
  });
});

test('today is told as so many of so many', () => {
  const told = figures({ visits: 7, be_backs: 2, demo_drives: 4, write_ups: 3, sold: 1 }).map(figureWords);
  expect(told).toEqual(['7 visits today', '2 of 7 came back', '4 of 7 drove a car', '3 of 7 written up', '1 of 7 bought']);
});

test('the log has one heading a day and leaves out who is still here', () => {
  const before = { end: ended({ how: 'sold' }) };
  const rows = [visit(4), visit(3, before), visit(2, before), visit(1, { ...before, began_ms: NOW - DAY_MS })];
  const lines = withDays(rows, NOW, ZONE).map((line) => (line.kind === 'heading' ? line.text.replaceAll('\u00A0', ' ') : line.visit.id));
  expect(lines).toEqual(['Today', 3, 2, 'Mon, Nov 23', 1]);
});

describe('somebody new', () => {
  it.each([
    ['otis', { first: 'Otis', last: '', phone: '', email: '' }],
    ['otis brandt', { first: 'Otis', last: 'Brandt', phone: '', email: '' }],
    ['Mary Ann McKay', { first: 'Mary Ann', last: 'McKay', phone: '', email: '' }],
    ['otis 207 555 0177', { first: 'Otis', last: '', phone: '207 555 0177', email: '' }],
    ['(207) 555-0177', { first: '', last: '', phone: '(207) 555-0177', email: '' }],
    ['vera@example.com vera', { first: 'Vera', last: '', phone: '', email: 'vera@example.com' }],
    ['0177', { first: '', last: '', phone: '', email: '' }],
  ])('"%s" is read as %j', (typed, expected) => {
    expect(readWalkIn(typed)).toEqual(expected);
  });

  test('and is said back before it is taken', () => {
    expect(walkInWords(readWalkIn('otis brandt 207-555-0177'))).toBe('Otis Brandt, 207-555-0177');
  });
});
