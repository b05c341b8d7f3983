// What is on a worksheet, as it is typed? Read from the store's shape and put back into it; what cannot be said is a sentence.
import { fromField, toField } from '../now/snooze';
import type { AppraisalPage, AppraisalStage, Aspect, Grade, WriteAppraisal } from '../types';

export type Line = { id: number; what: string; cost: string };

/** Everything a person can change, as text. Empty is not known. */
export type Typed = {
  vin: string;
  year: string;
  make: string;
  model: string;
  trim: string;
  color: string;
  plate: string;
  odometer: string;
  unit: 'miles' | 'kilometers';
  state: Record<Aspect, Grade>;
  recon: Line[];
  book: string;
  bookSource: string;
  bookOn: string;
  acv: string;
  days: string;
  payoff: string;
  saidBy: string;
  goodThrough: string;
  allowance: string;
  notes: string;
  photos: { id: number; name: string }[];
};

/** What cannot be taken, and the field it stands in. */
export type Wrong = { field: string; sentence: string };

export const STAGES: Record<AppraisalStage, { label: string; tone: 'plain' | 'ok' | 'warn' | 'acc' }> = {
  draft: { label: 'Draft', tone: 'plain' },
  appraised: { label: 'Appraised', tone: 'acc' },
  expired: { label: 'Expired', tone: 'warn' },
  accepted: { label: 'Taken', tone: 'ok' },
  declined: { label: 'Not taken', tone: 'plain' },
};

const STANDS_DAYS = 7;

function dollars(cents: number | null | undefined): string {
  return cents == null ? '' : String(cents / 100);
}

function day(ms: number | null | undefined, zone: string): string {
  return ms == null ? '' : toField(ms, zone).slice(0, 10);
}

export function typed(page: AppraisalPage, zone: string): Typed {
  const { car } = page;
  return {
    vin: car.vin ?? '',
    year: car.year === null ? '' : String(car.year),
    make: car.make,
    model: car.model,
    trim: car.trim,
    color: car.color,
    plate: car.plate,
    odometer: car.odometer_mi === null ? '' : String(car.odometer_mi),
    unit: 'miles',
    state: { ...page.state },
    recon: page.recon.map((line) => ({ id: line.id, what: line.what, cost: dollars(line.cost_cents) })),
    book: dollars(page.book?.value_cents),
    bookSource: page.book?.source ?? '',
    bookOn: day(page.book?.on_ms, zone),
    acv: dollars(page.acv?.value_cents),
    days: String(page.acv?.days ?? STANDS_DAYS),
    payoff: dollars(page.payoff?.amount_cents),
    saidBy: page.payoff?.said_by ?? '',
    goodThrough: day(page.payoff?.good_through_ms, zone),
    allowance: dollars(page.allowance_cents),
    notes: page.notes,
    photos: [...page.photos],
  };
}

/** Cents of an amount as typed; null when nothing is. */
export function cents(text: string, field: string): number | null | Wrong {
  const plain = text.replace(/US\$|USD|[$,\s\u00A0]/gi, '');
  if (plain === '') return null;
  if (/^[-\u2212(]/.test(plain)) return { field, sentence: 'An amount is not below zero.' };
  if (!/^\d+(\.\d{1,2})?$/.test(plain)) return { field, sentence: 'Write an amount in US dollars, such as 11,400. The store counts in no other money.' };
  return Math.round(Number(plain) * 100);
}

function isWrong(value: unknown): value is Wrong {
  return typeof value === 'object' && value !== null && 'sentence' in value;
}

/** The end of that day: whatever holds through it holds until then. */
function endOf(date: string, zone: string): number | null {
  return date === '' ? null : fromField(`${date}T23:59`, zone);
}

/** A worksheet for the store, or what of it cannot be taken. */
export function written(said: Typed, zone: string): WriteAppraisal | Wrong {
  if (said.year !== '' && !/^\d{4}$/.test(said.year.trim())) return { field: 'year', sentence: 'A model year has four digits.' };
  const amounts = { book: cents(said.book, 'book'), acv: cents(said.acv, 'acv'), payoff: cents(said.payoff, 'payoff'), allowance: cents(said.allowance, 'allowance') };
  const recon = said.recon.filter((line) => line.what.trim() !== '' || line.cost.trim() !== '').map((line) => ({ ...line, cents: cents(line.cost, `cost-${line.id}`) }));
  const wrong = [...Object.values(amounts), ...recon.map((line) => line.cents)].find(isWrong);
  if (wrong) return wrong;
  const lacking = recon.find((line) => line.what.trim() === '');
  if (lacking) return { field: `what-${lacking.id}`, sentence: 'Say what has to be done.' };
  if (amounts.book !== null && said.bookSource.trim() === '') return { field: 'bookSource', sentence: 'Say which guide, and which of its lines.' };
  if (amounts.book !== null && said.bookOn === '') return { field: 'bookOn', sentence: 'Say for which day the guide holds.' };
  if (amounts.payoff !== null && said.saidBy.trim() === '') return { field: 'saidBy', sentence: 'Say who said it: the bank, the customer, a letter.' };
  const known = (value: number | null | Wrong): number | null => value as number | null;
  return {
    vin: said.vin.trim(),
    year: said.year === '' ? null : Number(said.year),
    make: said.make,
    model: said.model,
    trim: said.trim,
    color: said.color,
    plate: said.plate,
    odometer: said.odometer,
    unit: said.unit,
    state: said.state,
    recon: recon.map((line) => ({ id: line.id, what: line.what, cost_cents: known(line.cents) })),
    book: amounts.book === null ? null : { value_cents: known(amounts.book) ?? 0, source: said.bookSource, on_ms: endOf(said.bookOn, zone) ?? 0 },
    acv_cents: known(amounts.acv),
    acv_days: Number(said.days) || STANDS_DAYS,
    payoff: amounts.payoff === null ? null : { amount_cents: known(amounts.payoff) ?? 0, said_by: said.saidBy, good_through_ms: endOf(said.goodThrough, zone) },
    allowance_cents: known(amounts.allowance),
    notes: said.notes,
    photos: said.photos.map((photo) => photo.id),
  };
}

/** A number that no line of the worksheet has. */
export function nextLine(lines: readonly Line[]): Line {
  return { id: Math.max(0, ...lines.map((line) => line.id)) + 1, what: '', cost: '' };
}
