// Whom should somebody reach for when nobody waits, why now, and with which words? The tabs, their reasons and their empty states.
import type { CarEquity, OpportunityRow, ReasonKind, Role } from '../types';
import { CHANNELS, count, date, list, money, plural } from '../words';
import { owedSource, worthSource } from '../equity/equity';

/** The lists of the contract. */
export type Kind = 'equity' | 'lease_end' | 'loan_end' | 'warranty' | 'declined' | 'no_owner';
export type TabName = 'equity' | 'ends' | 'warranty' | 'declined' | 'no-owner' | 'finance';

export type Tab = { name: TabName; label: string; kinds: readonly Kind[]; empty: { title: string; text: string } };

const BRING = 'Bring your';

export const TABS: readonly [Tab, ...Tab[]] = [
  {
    name: 'equity',
    label: 'Equity',
    kinds: ['equity'],
    empty: { title: 'Nobody has enough left of a car', text: `No payoffs yet? ${BRING} deals file under Imports; what is owed follows from its terms.` },
  },
  {
    name: 'ends',
    label: 'Lease and loan ends',
    kinds: ['lease_end', 'loan_end'],
    empty: { title: 'No lease or loan comes to its end', text: `No terms yet? ${BRING} deals file under Imports, with terms and first payments.` },
  },
  {
    name: 'warranty',
    label: 'Warranty',
    kinds: ['warranty'],
    empty: { title: 'No warranty ends in the next 90 days', text: `No warranties yet? ${BRING} deals file under Imports, with the months of warranty.` },
  },
  {
    name: 'declined',
    label: 'Declined work',
    kinds: ['declined'],
    empty: { title: 'No work was advised and left undone', text: `No service yet? ${BRING} repair orders under Imports, with what was recommended.` },
  },
  {
    name: 'no-owner',
    label: 'No owner',
    kinds: ['no_owner'],
    empty: { title: 'Everybody who bought here has somebody', text: `No customers yet? ${BRING} customers and deals under Imports.` },
  },
  {
    name: 'finance',
    label: 'Finance',
    kinds: [],
    empty: { title: 'Nothing is left to do in the office', text: `Deals of the last 60 days are looked at. None yet? ${BRING} deals file under Imports.` },
  },
];

export function seesMoney(role: Role): boolean {
  return role === 'finance' || role === 'manager' || role === 'owner';
}

export function tabsOf(role: Role): Tab[] {
  return TABS.filter((tab) => tab.name !== 'finance' || seesMoney(role));
}

export function keyOf(row: Pick<OpportunityRow, 'customer' | 'car'>): string {
  return `${row.customer.id}-${row.car.vehicle_id}`;
}

/** When what the list is about comes to its end; nothing where it has no end. */
export function endOf({ lease, owed }: CarEquity): number {
  return lease?.ends_ms ?? owed?.ends_ms ?? Number.MAX_SAFE_INTEGER;
}

/** The store lists so many at the most; behind them nobody gets in a week. */
const LISTED_MOST = 500;

/** "48"; "500+" where the list goes on. */
export function tally(n: number): string {
  return n >= LISTED_MOST ? `${count(n)}+` : count(n);
}

/** What each list is about, among the reasons that speak for a talk. */
const ABOUT: Record<TabName, readonly ReasonKind[]> = {
  equity: ['crossed_positive', 'equity'],
  ends: ['lease_ending', 'over_mileage', 'term_ending'],
  warranty: ['warranty_ending'],
  declined: ['declined', 'big_repair'],
  'no-owner': [],
  finance: [],
};

/** Why they are on this list, and what else speaks for a talk. */
export function whyNow(row: OpportunityRow, tab: TabName, now_ms: number, zone: string): string[] {
  const { car } = row;
  const others = car.talk.reasons.filter((reason) => !ABOUT[tab].includes(reason.kind)).map((reason) => reason.text);
  const own = car.talk.reasons.filter((reason) => ABOUT[tab].includes(reason.kind)).map((reason) => reason.text);
  return [...(own.length > 0 ? own : [plainly(row, tab, now_ms, zone)]), ...others].filter(Boolean).slice(0, 3);
}

// On the list before the reason is strong enough to be one of those that the store speaks of.
function plainly({ car }: OpportunityRow, tab: TabName, now_ms: number, zone: string): string {
  switch (tab) {
    case 'equity':
      return '';
    case 'ends':
      return car.lease ? `The lease ends ${date(car.lease.ends_ms, now_ms, zone)}` : car.owed?.ends_ms ? `The last payment is due ${date(car.owed.ends_ms, now_ms, zone)}` : '';
    case 'warranty':
      return car.warranty_ends_ms === null ? '' : `The warranty ends ${date(car.warranty_ends_ms, now_ms, zone)}`;
    case 'declined':
      return car.declined.length === 0 ? '' : `Advised and not done: ${[...new Set(car.declined)].join('; ')}`;
    case 'no-owner':
      return `Bought the ${car.short} here in ${date(car.since_ms, now_ms, zone)}, and nobody looks after them`;
    case 'finance':
      return '';
  }
}

/** A way to begin, without a figure: what a car brings is said when somebody has seen it. */
const SAY: Record<ReasonKind, (car: string) => string> = {
  lease_ending: (car) => `Ask what they would like to do when the lease of the ${car} is up, and offer to go through the ways there are.`,
  over_mileage: (car) => `Ask how much they drive the ${car} now, and offer to look at the miles of the lease together.`,
  big_repair: (car) => `Ask how the ${car} has run since the repair, and whether they mean to keep it.`,
  crossed_positive: (car) => `Offer to show them where they stand with the ${car}.`,
  shopping: () => 'Ask what they are looking for, and offer to have it ready for a drive.',
  we_need_it: (car) => `Say that cars like their ${car} are wanted here, and offer to have a look at it.`,
  lower_payment: (car) => `Offer to see whether a newer car would fit what they pay for the ${car}.`,
  same_payment: (car) => `Offer to see whether a newer car would fit what they pay for the ${car}.`,
  term_ending: (car) => `Congratulate them on the ${car} being nearly theirs, and ask what comes after it.`,
  warranty_ending: (car) => `Offer a check of the ${car} before its warranty ends.`,
  rate: (car) => `Offer to look over the loan of the ${car} with them.`,
  declined: (car) => `Ask how the ${car} drives with what was left undone at the last visit, and offer a time for it.`,
  mileage: (car) => `Ask how the ${car} is holding up, and whether it still fits what they do with it.`,
  third_visit: (car) => `Ask whether the ${car} is still worth the trips to the shop to them.`,
  owned_long: (car) => `Ask how the ${car} still suits them, and what they would change.`,
  equity: (car) => `Offer to tell them what the ${car} would bring, without any pressure.`,
};

export type Reach = { text: string; isStopped: boolean };

/** What to say first, or why to let them be. */
export function reachOut({ car }: OpportunityRow, tab: TabName): Reach {
  const { stopped, reasons } = car.talk;
  if (stopped) return { text: `${stopped.text}.`, isStopped: true };
  if (tab === 'no-owner') return { text: `Introduce yourself as the one to ask for, and ask how the ${car.short} runs.`, isStopped: false };
  const own = ABOUT[tab].find((kind) => reasons.some((reason) => reason.kind === kind)) ?? ABOUT[tab].at(-1) ?? reasons[0]?.kind ?? 'equity';
  // Money alone is no way to begin; where more speaks for a talk, that is it.
  const better = own === 'equity' || own === 'crossed_positive' ? reasons.find((reason) => reason.kind !== own && reason.kind !== 'equity')?.kind : undefined;
  return { text: SAY[better ?? own](car.short), isStopped: false };
}

/** "May text and call", and what was taken back. */
export function mayReach({ consent }: Pick<OpportunityRow, 'consent'>): { text: string; isAllowed: boolean } {
  const of = (state: 'allowed' | 'revoked'): string[] => consent.filter((given) => given.state === state).map((given) => CHANNELS[given.channel].toLowerCase());
  const [may, not] = [of('allowed'), of('revoked')];
  if (may.length > 0) return { text: `May ${list(may)}`, isAllowed: true };
  if (not.length > 0) return { text: `Do not ${not.join(' or ')}`, isAllowed: false };
  return { text: 'No consent on file', isAllowed: false };
}

/** "Value Nov 22, payoff Nov 1", and whether either is old. */
export function ageWords(car: CarEquity, now_ms: number, zone: string): { text: string; isStale: boolean } {
  const parts = [car.worth && `Value ${date(car.worth.at_ms, now_ms, zone)}`, car.owed && `payoff ${car.owed.is_estimate ? 'estimated' : date(car.owed.at_ms, now_ms, zone)}`];
  const isStale = [worthSource(car, now_ms, zone), owedSource(car, now_ms, zone)].some((source) => source?.isStale);
  const text = parts.filter(Boolean).join(', ');
  return { text: text.charAt(0).toUpperCase() + text.slice(1), isStale };
}

/** What was read anew, in the order in which it is shown: nothing known moves under a hand, what is new stands behind its neighbour. */
export function keepPlaces<Row extends object>(shown: readonly Row[], read: readonly Row[], key: (row: Row) => string): Row[] {
  const given = new Map(read.map((row) => [key(row), row]));
  const rows = shown.flatMap((row) => given.get(key(row)) ?? []);
  const known = new Set(rows.map(key));
  read.forEach((row, at) => {
    if (known.has(key(row))) return;
    const before = read[at - 1];
    const behind = before ? rows.findIndex((other) => key(other) === key(before)) + 1 : 0;
    rows.splice(behind, 0, row);
  });
  return rows;
}

export type Dealt = 'done' | 'skipped' | 'follow_up';

/** "6 reached, 3 follow-ups, 9 skipped". */
export function summary(dealt: ReadonlyMap<string, Dealt>): string {
  const of = (what: Dealt): number => [...dealt.values()].filter((each) => each === what).length;
  const [done, followUps, skipped] = [of('done'), of('follow_up'), of('skipped')];
  const parts = [done && `${done} reached`, followUps && plural(followUps, 'follow-up'), skipped && `${skipped} skipped`].filter(Boolean);
  return parts.length === 0 ? 'Nobody was dealt with' : parts.join(', ');
}

/** What is left to do of a deal, a line each. */
export function leftToDo(row: { payoffs: readonly { label: string; said_cents: number | null }[]; missing: readonly string[]; first_payment_ms: number | null }, now_ms: number, zone: string): string[] {
  const { payoffs, missing, first_payment_ms } = row;
  return [
    ...payoffs.map((each) => `Verify the payoff of the ${each.label}${each.said_cents === null ? '' : `, said to be ${money(each.said_cents)}`}`),
    ...(missing.length > 0 ? [`Missing: ${list(missing)}`] : []),
    ...(first_payment_ms === null ? [] : [`First payment ${first_payment_ms < now_ms ? 'was due' : 'is due'} ${date(first_payment_ms, now_ms, zone)}`]),
  ];
}
