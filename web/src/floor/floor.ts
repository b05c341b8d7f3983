// Who is in the showroom and how far did they come? The words of the floor, and what follows from the visits that are open.
import { REASON_WORDS, reasonsBut } from '../pipeline/reasons';
import type { FloorToday, LostReason, OnFloor, Person, Role, Visit, VisitResult, VisitStep, WalkIn } from '../types';
import { count, day, dayNumber, sentenceCase } from '../words';

/** The steps of a sale, in the order of the floor. */
export const STEPS = [
  { step: 'greet', label: 'Greet' },
  { step: 'walkaround', label: 'Walkaround' },
  { step: 'demo_drive', label: 'Demo drive' },
  { step: 'write_up', label: 'Write-up' },
  { step: 'manager_turnover', label: 'Manager' },
  { step: 'finance_turnover', label: 'Finance' },
] as const satisfies readonly { step: VisitStep; label: string }[];

export type Step = (typeof STEPS)[number]['step'];

// Whoever stood in the showroom was reached, under their own number and once.
const NOT_IN_PERSON: readonly LostReason[] = ['unreachable', 'wrong_number', 'duplicate', 'unknown'];

/** Why somebody leaves the showroom without a car, the most frequent first. */
export const REASONS = reasonsBut(NOT_IN_PERSON);

/** "Sold", "Coming back tomorrow", "Left unsold: credit". */
export function resultWords(result: VisitResult, now_ms: number, zone: string): string {
  switch (result.how) {
    case 'sold':
      return 'Sold';
    case 'be_back':
      return result.on_ms == null ? 'Coming back' : `Coming back ${dayWords(result.on_ms, now_ms, zone)}`;
    case 'unsold':
      return `Left unsold: ${REASON_WORDS[result.why]}`;
    case 'mistake':
      return 'Opened by mistake';
  }
}

function dayWords(ms: number, now_ms: number, zone: string): string {
  const words = day(ms, now_ms, zone);
  return words === 'Today' || words === 'Tomorrow' ? words.toLowerCase() : words;
}

export function doneAt(visit: Visit, step: Step): Visit['steps'][number] | null {
  return visit.steps.find((done) => done.step === step) ?? null;
}

/** The visit as it is once a step was said to be done, or not done after all. */
export function withStep(visit: Visit, step: Step, done: { at_ms: number; by: string } | null): Visit {
  const others = visit.steps.filter((other) => other.step !== step);
  return { ...visit, steps: done ? [...others, { step, ...done }] : others };
}

export type Standing = { person: Person; state: OnFloor['state']; visits: Visit[]; openCards: number };

// Who sells comes first.
const ROLES: readonly Role[] = ['rep', 'bdc', 'manager', 'finance', 'advisor', 'owner', 'unknown'];

/** Everybody of the store: oneself first, then by what they do and their name, so that nobody moves when they come free. */
export function standing(people: readonly OnFloor[], visits: readonly Visit[], me: Person | null): Standing[] {
  const rank = ({ person }: OnFloor): number => (person.id === me?.id ? -1 : ROLES.indexOf(person.role));
  const ordered = people.toSorted((a, b) => rank(a) - rank(b) || a.person.name.localeCompare(b.person.name));
  return ordered.map(({ person, open_cards }) => {
    const theirs = visits.filter((visit) => visit.with?.id === person.id);
    const available = person.id === me?.id ? me.available : person.available;
    const state = theirs.length > 0 ? 'with_customer' : available ? 'free' : 'away';
    return { person, state, visits: theirs, openCards: open_cards };
  });
}

export type Figure = { n: number; of: number | null; words: string };

/** Today in five figures: how many came, and what became of how many of them. */
export function figures(today: FloorToday): Figure[] {
  const of = today.visits;
  return [
    { n: today.visits, of: null, words: today.visits === 1 ? 'visit today' : 'visits today' },
    { n: today.be_backs, of, words: 'came back' },
    { n: today.demo_drives, of, words: 'drove a car' },
    { n: today.write_ups, of, words: 'written up' },
    { n: today.sold, of, words: 'bought' },
  ];
}

/** "2 of 7 came back", for the ear. */
export function figureWords({ n, of, words }: Figure): string {
  return of === null ? `${count(n)} ${words}` : `${count(n)} of ${count(of)} ${words}`;
}

export type LogLine = { kind: 'heading'; key: string; text: string } | { kind: 'visit'; key: string; visit: Visit };

/** Visits that ended, with a heading over each day. */
export function withDays(visits: readonly Visit[], now_ms: number, zone: string): LogLine[] {
  const lines: LogLine[] = [];
  let under: number | null = null;
  for (const visit of visits) {
    if (visit.end === null) continue;
    const on = dayNumber(visit.began_ms, zone);
    if (on !== under) lines.push({ kind: 'heading', key: `day ${on}`, text: day(visit.began_ms, now_ms, zone) });
    under = on;
    lines.push({ kind: 'visit', key: `visit ${visit.id}`, visit });
  }
  return lines;
}

/** What was typed of somebody new: "otis brandt 207 555 0177" is a name and a phone number. */
export function readWalkIn(typed: string): WalkIn {
  const email = /\S+@\S+/.exec(typed)?.[0] ?? '';
  const rest = typed.replace(email, ' ');
  const phone = /\+?\(?\d[\d\s().-]{5,}\d/.exec(rest)?.[0] ?? '';
  const names = rest.replace(phone, ' ').split(/\s+/).filter((word) => /\p{L}/u.test(word)).map(asName);
  const last = names.length > 1 ? (names.pop() ?? '') : '';
  return { first: names.join(' '), last, phone: phone.trim(), email };
}

// Typed in haste; a name with capitals of its own is left as it is.
function asName(word: string): string {
  return word === word.toLowerCase() ? sentenceCase(word) : word;
}

/** "Otis Brandt, 207 555 0177". */
export function walkInWords({ first, last, phone, email }: WalkIn): string {
  const name = [first, last].filter(Boolean).join(' ');
  return [name, phone, email].filter(Boolean).join(', ');
}
