import { describe, expect, test } from 'vitest';
import type { ServiceBoard, ServiceCard } from '../types';
import { aboutMatch, asMatch, bringWords, carWords, dutyWords, flag, keyOf, left, nothingBooked, readQuote, reasonsOf, stepFrom, when, workWords, worthWords } from './drive';

const ZONE = 'America/New_York';
const NOW = Date.parse('2026-11-24T14:41:00Z');

const card = (said: Partial<ServiceCard> = {}): ServiceCard => ({
  visit: 3,
  appointment: 5,
  lane: 'in_lane',
  customer: { id: 7, name: 'Marcus Chen', place: null },
  vehicle: { id: 40, label: '2019 Ford F-150 XLT', short: '2019 F-150', miles: 72_410 },
  expected_ms: NOW - 15 * 60_000,
  arrived_ms: NOW - 12 * 60_000,
  moved_ms: NOW - 12 * 60_000,
  bay: '',
  work: ['Brakes'],
  waiting: true,
  odometer_mi: null,
  quote_cents: 124_000,
  advisor: 'Lena O.',
  left: null,
  unclear: null,
  talk: { is_worth_it: false, reasons: [], stopped: null },
  asked: null,
  next_ms: null,
  ...said,
});
const remains = (middle_cents: number): ServiceCard => card({ left: { low_cents: 0, middle_cents, high_cents: 0, tier: 'strong', confidence: 'medium' } });

describe('a card of the service drive', () => {
  test('says where the car stands and since when', () => {
    expect(when(card(), NOW, ZONE)).toBe('here 12\u00A0min');
    expect(when(card({ lane: 'due_in' }), NOW, ZONE)).toBe('9:26\u00A0am');
    expect(when(card({ lane: 'in_bay', bay: '2' }), NOW, ZONE)).toBe('bay 2');
    expect(when(card({ lane: 'in_bay' }), NOW, ZONE)).toBe('in a bay');
    expect(when(card({ lane: 'ready' }), NOW, ZONE)).toBe('9:29\u00A0am');
  });

  test('is checked in by its booking, and booked anew without it', () => {
    const due = card({ visit: null, lane: 'due_in' });
    expect(asMatch(due, 'now')).toMatchObject({ appointment: 5, expected_ms: due.expected_ms, visit: null });
    expect(asMatch(card({ lane: 'ready' }), 'later')).toMatchObject({ appointment: null, expected_ms: null, visit: null, vehicle: { id: 40 } });
  });

  test('at the counter says first whether they are here or booked', () => {
    const match = { ...asMatch(card({ visit: null }), 'now'), phone: '(207) 555-0101', why: 'name' };
    expect(aboutMatch(match, ZONE)).toBe('booked 9:26\u00A0am · 2019 Ford F\u2011150 XLT · (207) 555-0101 · name');
    expect(aboutMatch({ ...match, visit: 3, vehicle: null }, ZONE)).toBe('here already · No car known · (207) 555-0101 · name');
  });

  test('names no amount while the customer can see it', () => {
    expect(workWords(card(), true)).toBe('Brakes, quote $1,240, waiting');
    expect(workWords(card(), false)).toBe('Brakes, waiting');
    const talk = { is_worth_it: true, stopped: null, reasons: [{ kind: 'equity' as const, text: 'Worth about $6,180 more' }, { kind: 'shopping' as const, text: 'Looked at a car online' }] };
    expect(reasonsOf(card({ talk }), false)).toEqual(['Looked at a car online']);
    const dear = { ...talk, reasons: [{ kind: 'big_repair' as const, text: 'The repair costs $3,450' }, ...talk.reasons] };
    expect([worthWords(card({ talk: dear }), true), worthWords(card({ talk: dear }), false)]).toEqual(['The repair costs $3,450', 'Looked at a car online']);
  });

  test('shows what is left of the car as a bar, and nothing where nobody knows', () => {
    expect(left(card())).toBeNull();
    expect(left(remains(617_800))).toEqual({ text: '+$6,180', tone: 'ok', percent: 62 });
    expect(left(remains(-230_000))).toEqual({ text: '\u2212$2,300', tone: 'crit', percent: 23 });
    expect(left(remains(49_999))?.text).toBe('About even');
    expect(left(remains(2_400_000))?.percent).toBe(100);
  });

  test('has at most one flag, and what became of an asking comes first', () => {
    const stopped = { kind: 'bought_lately' as const, text: 'Bought within the last year, let it rest' };
    const talk = { is_worth_it: false, reasons: [], stopped };
    expect(flag(card({ talk }), ZONE)).toEqual({ text: stopped.text, tone: 'plain', isChip: false });
    const jo = { id: 2, name: 'Jo Lindqvist', initials: 'JL', role: 'rep' as const, available: true };
    const asked = { by: 'Lena O.', at_ms: NOW, who: jo, due_ms: null };
    expect(flag(card({ talk, asked: { ...asked, state: 'asked' } }), ZONE)?.text).toBe('Jo\u00A0L. was asked');
    expect(flag(card({ asked: { ...asked, state: 'coming' } }), ZONE)?.tone).toBe('ok');
    expect(flag(card({ asked: { ...asked, state: 'done' } }), ZONE)?.text).toBe('Jo\u00A0L. talked with them');
    expect(flag(card({ lane: 'ready' }), ZONE)?.text).toBe('Next visit: not booked');
    expect(flag(card({ lane: 'ready', next_ms: NOW + 30 * 86_400_000 }), ZONE)?.text).toBe('Booked Dec 24');
    expect(flag(card(), ZONE)).toBeNull();
  });

  test('goes on lane by lane and back, and nowhere beyond', () => {
    expect(stepFrom('due_in', 1)).toBeNull();
    expect([stepFrom('in_lane', 1), stepFrom('in_bay', 1), stepFrom('ready', 1)]).toEqual(['in_bay', 'ready', 'gone']);
    expect([stepFrom('in_lane', -1), stepFrom('in_bay', -1), stepFrom('ready', -1)]).toEqual([null, 'in_lane', 'in_bay']);
  });

  test('is known by its visit, and before that by its booking', () => {
    expect([keyOf(card()), keyOf(card({ visit: null }))]).toEqual(['v3', 'b5']);
    expect([carWords(card()), carWords(card({ vehicle: null }))]).toEqual(['2019 F-150 · 72,410\u00A0mi', 'Car not known']);
  });
});

test('a quote is read as it is written, and what is no amount is none', () => {
  expect([readQuote('1,240'), readQuote('$1240.50'), readQuote(' 80 ')]).toEqual([124_000, 124_050, 8_000]);
  expect([readQuote('about 80'), readQuote('1.2.3'), readQuote('-5')]).toEqual([null, null, null]);
});

test('the lane says who comes, and what there is on an empty day', () => {
  expect([bringWords('Jo Lindqvist'), bringWords(undefined)]).toEqual(['Bring Jo over', 'Bring sales over']);
  expect([nothingBooked(14), nothingBooked(0)]).toEqual(['No visits booked today. 14 tomorrow.', 'No visits booked today. None tomorrow.']);
  const board = { on_duty: [] } as unknown as ServiceBoard;
  expect(dutyWords(board)).toBe('Nobody is on lane duty');
});
