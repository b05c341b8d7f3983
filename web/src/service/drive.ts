// Where does each car stand, and what is said of it? The words of the service drive.
import type { CheckInMatch, LaneWord, MoveTo, ServiceBoard, ServiceCard } from '../types';
import { duration, firstName, list, miles, money, moneyChange, shortName, time, vehicle } from '../words';

/** The lanes as they stand beside each other. */
export const LANES = [
  { lane: 'due_in', label: 'Due in', short: 'Due', shape: 'ring' },
  { lane: 'in_lane', label: 'In lane', short: 'In lane', shape: 'disc' },
  { lane: 'in_bay', label: 'In bay', short: 'In bay', shape: 'diamond' },
  { lane: 'ready', label: 'Ready', short: 'Ready', shape: 'check' },
] as const satisfies readonly { lane: LaneWord; label: string; short: string; shape: string }[];

export type Shown = (typeof LANES)[number]['lane'];

/** By what a card is known, booking or visit. */
export const keyOf = (card: ServiceCard): string => (card.visit === null ? `b${card.appointment}` : `v${card.visit}`);

export function ofLane(board: ServiceBoard | null, lane: Shown): ServiceCard[] {
  return board?.cards.filter((card) => card.lane === lane) ?? [];
}

/** What is one further in the lane, or one back; null at either end. From "due in" one goes on by checking in. */
export function stepFrom(lane: LaneWord, by: 1 | -1): MoveTo | null {
  const ways: Record<LaneWord, [MoveTo | null, MoveTo | null]> = {
    due_in: [null, null],
    in_lane: [null, 'in_bay'],
    in_bay: ['in_lane', 'ready'],
    ready: ['in_bay', 'gone'],
    gone: ['ready', null],
  };
  return ways[lane][by === 1 ? 1 : 0];
}

export const MOVED: Record<MoveTo, string> = {
  in_lane: 'is in the lane',
  in_bay: 'is in a bay',
  ready: 'is ready',
  gone: 'was fetched',
  mistake: 'was not here',
};

/** "10:00 am", "here 12 min", "bay 2", "ready 9:20 am". */
export function when(card: ServiceCard, now_ms: number, zone: string): string {
  if (card.lane === 'due_in') return card.expected_ms === null ? '' : time(card.expected_ms, zone);
  if (card.lane === 'in_bay') return card.bay === '' ? 'in a bay' : `bay ${card.bay}`;
  if (card.lane === 'in_lane') return `here ${duration(Math.max(now_ms - (card.arrived_ms ?? now_ms), 60_000))}`;
  return card.moved_ms === null ? '' : time(card.moved_ms, zone);
}

/** "2019 F-150 · 72,410 mi". */
export function carWords(card: ServiceCard): string {
  if (!card.vehicle) return 'Car not known';
  return card.vehicle.miles === null ? card.vehicle.short : `${card.vehicle.short} · ${miles(card.vehicle.miles)}`;
}

/** "Brakes, waiting", with the quote where money may be seen. */
export function workWords(card: ServiceCard, showsMoney: boolean): string {
  const work = card.work.filter((line) => line !== '');
  const quote = showsMoney && card.quote_cents !== null ? [`quote ${money(card.quote_cents)}`] : [];
  const waits = card.waiting ? ['waiting'] : [];
  return [...(work.length > 0 ? work : ['No work said']), ...quote, ...waits].join(', ');
}

// The bar is full from here on: what strong equity comes to at a small store.
const FULL_CENTS = 1_000_000;
// Closer to nought than this nobody can tell which side of it they are.
const EVEN_CENTS = 50_000;

export type Left = { text: string; tone: 'ok' | 'crit' | 'even'; percent: number };

/** What is left of the car, as the card shows it; null where nobody knows. */
export function left(card: ServiceCard): Left | null {
  if (!card.left) return null;
  const cents = card.left.middle_cents;
  if (Math.abs(cents) < EVEN_CENTS) return { text: 'About even', tone: 'even', percent: 0 };
  const percent = Math.min(100, Math.max(4, Math.round((Math.abs(cents) / FULL_CENTS) * 100)));
  return { text: moneyChange(Math.round(cents / 1_000) * 1_000), tone: cents > 0 ? 'ok' : 'crit', percent };
}

export type Flag = { text: string; tone: 'plain' | 'ok' | 'acc'; isChip: boolean };

/** The one thing worth a flag: what became of an asking, else what stops a talk, else whether the next visit is booked. */
export function flag(card: ServiceCard, zone: string): Flag | null {
  if (card.asked) {
    const who = card.asked.who ? shortName(card.asked.who.name) : 'Sales';
    if (card.asked.state === 'coming') return { text: `${who} is coming`, tone: 'ok', isChip: true };
    if (card.asked.state === 'done') return { text: `${who} talked with them`, tone: 'ok', isChip: true };
    return { text: `${who} was asked`, tone: 'acc', isChip: true };
  }
  if (card.talk.stopped) return { text: card.talk.stopped.text, tone: 'plain', isChip: card.talk.stopped.kind === 'asked_not' };
  if (card.lane !== 'ready') return null;
  if (card.next_ms === null) return { text: 'Next visit: not booked', tone: 'plain', isChip: false };
  return { text: `Booked ${new Date(card.next_ms).toLocaleDateString('en-US', { timeZone: zone, month: 'short', day: 'numeric' })}`, tone: 'ok', isChip: true };
}

/** Lines of a talk, without those that name an amount while the customer can see the screen. */
export function reasonsOf(card: ServiceCard, showsMoney: boolean): string[] {
  return card.talk.reasons.map((reason) => reason.text).filter((text) => showsMoney || !text.includes('$'));
}

/** Why a car of tomorrow is worth preparing for: the first thing beside what is left of it. */
export function worthWords(card: ServiceCard, showsMoney: boolean): string {
  const told = card.talk.reasons.filter((reason) => showsMoney || !reason.text.includes('$'));
  return told.find((reason) => reason.kind !== 'equity' && reason.kind !== 'crossed_positive')?.text ?? '';
}

/** "Jo Lindqvist is on lane duty". */
export function dutyWords(board: ServiceBoard): string {
  const names = board.on_duty.map((person) => person.name);
  if (names.length === 0) return 'Nobody is on lane duty';
  return `${list(names)} ${names.length === 1 ? 'is' : 'are'} on lane duty`;
}

/** "Bring Jo over". */
export function bringWords(name: string | undefined): string {
  return name ? `Bring ${firstName(name)} over` : 'Bring sales over';
}

/** "No visits booked today. 14 tomorrow." */
export function nothingBooked(tomorrow: number): string {
  return `No visits booked today. ${tomorrow === 0 ? 'None' : tomorrow} tomorrow.`;
}

/** Whoever a card speaks of, as the check-in box knows people: to come in by their booking, or to book the visit after this one. */
export function asMatch(card: ServiceCard, how: 'now' | 'later'): CheckInMatch {
  const isDue = how === 'now';
  const booked = isDue ? { appointment: card.appointment, expected_ms: card.expected_ms } : { appointment: null, expected_ms: null };
  return { customer: card.customer, phone: null, vehicle: card.vehicle, why: '', visit: null, ...booked };
}

/** "booked 9:30 am · 2019 F-150 · (207) 555-0101 · plate 8ABC123" */
export function aboutMatch(match: CheckInMatch, zone: string): string {
  const booked = match.visit !== null ? 'here already' : match.expected_ms !== null ? `booked ${time(match.expected_ms, zone)}` : '';
  return [booked, match.vehicle ? vehicle(match.vehicle.label) : 'No car known', match.phone ?? '', match.why].filter(Boolean).join(' · ');
}

/** Cents of what was typed as "1,240" or "$1,240.50"; null for what is no amount. */
export function readQuote(typed: string): number | null {
  const text = typed.replaceAll(/[$,\s]/g, '');
  return /^\d+(\.\d{1,2})?$/.test(text) ? Math.round(Number(text) * 100) : null;
}
