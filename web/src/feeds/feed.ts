// What did a feed say? A reading and a feed in words.
import type { CarDid, Feed, FeedCounts, FeedRead, SetFeed } from '../types';
import { count, date, list, plural } from '../words';

export const COVERS: { value: SetFeed['covers']; label: string }[] = [
  { value: 'lot', label: 'The whole lot' },
  { value: 'used', label: 'Used cars' },
  { value: 'new', label: 'New cars' },
  { value: 'part', label: 'A part of the lot' },
];

export const USUAL: SetFeed = { name: '', covers: 'lot', patience: 2, most_gone_percent: 30 };

/** What a car's line of a reading says. */
export const DID: Record<CarDid['did'], string> = {
  arrived: 'Arrived',
  cheaper: 'Price down',
  dearer: 'Price up',
  changed: 'Changed',
  not_listed: 'Not listed',
  missing: 'Missing',
  sold: 'Sold',
};

/** In the order in which somebody wants to read them. */
const ORDER: CarDid['did'][] = ['arrived', 'cheaper', 'dearer', 'sold', 'missing', 'not_listed', 'changed'];

export function inOrder(cars: readonly CarDid[]): CarDid[] {
  return cars.toSorted((a, b) => ORDER.indexOf(a.did) - ORDER.indexOf(b.did));
}

/** Of each feed that lags behind, why, and as of when the lot is shown: "Website: its last snapshot was refused. …". */
export function behind(feeds: readonly Feed[], now_ms: number, zone: string): string[] {
  return feeds.flatMap((feed) => {
    const trouble = feed.last?.outcome === 'refused' ? 'its last snapshot was refused' : feed.fetch?.trouble ? 'it could not be fetched' : null;
    if (trouble === null) return [];
    const since = feed.stands_ms === null ? 'None of its cars is here yet.' : `Its cars and prices are those of ${date(feed.stands_ms, now_ms, zone)}.`;
    return [`${feed.name}: ${trouble}. ${since}`];
  });
}

/** "2 arrived, 3 prices down, 1 missing"; "nothing new" when nothing was said anew. */
export function readSaid(counts: FeedCounts): string {
  const quiet = counts.changed - counts.cheaper - counts.dearer;
  const parts: [number, string][] = [
    [counts.arrived, `${count(counts.arrived)} arrived`],
    [counts.cheaper, `${plural(counts.cheaper, 'price')} down`],
    [counts.dearer, `${plural(counts.dearer, 'price')} up`],
    [counts.sold, `${count(counts.sold)} sold`],
    [counts.missing, `${count(counts.missing)} missing`],
    [counts.not_listed, `${count(counts.not_listed)} not listed`],
    [quiet, `${count(quiet)} changed otherwise`],
    [counts.held_back, `${plural(counts.held_back, 'row')} held back`],
  ];
  const said = parts.filter(([n]) => n > 0).map(([, words]) => words);
  return said.length === 0 ? 'nothing new' : list(said);
}

/** What came of a reading: "Taken", "Refused". */
export function outcome({ outcome: word }: Pick<FeedRead, 'outcome'>): string {
  const WORDS: Record<FeedRead['outcome'], string> = { taken: 'Taken', taken_anyway: 'Taken all the same', refused: 'Refused', taken_back: 'Taken back' };
  return WORDS[word];
}

/** How a feed is set: "The whole lot. A car that is absent twice running is missing; a snapshot without over 30 % of the cars is refused." */
export function settingSaid({ covers, patience, most_gone_percent }: Omit<SetFeed, 'name'>): string {
  const what = COVERS.find((each) => each.value === covers)?.label ?? 'Some cars';
  const times = patience === 1 ? 'once' : patience === 2 ? 'twice running' : `${patience} times running`;
  const refused = most_gone_percent === 100 ? 'no snapshot is refused for what it lacks' : `a snapshot without over ${most_gone_percent} % of the cars is refused`;
  return `${what}. A car that is absent ${times} is missing; ${refused}.`;
}

/** What is wrong with how a feed is set, or null. */
export function settingProblem({ name, patience, most_gone_percent }: SetFeed): string | null {
  if (name.trim() === '') return 'Give the feed a name.';
  if (!(Number.isInteger(patience) && patience >= 1 && patience <= 30)) return 'A car may be absent 1 to 30 times.';
  if (!(Number.isInteger(most_gone_percent) && most_gone_percent >= 1 && most_gone_percent <= 100)) return 'The share is 1 to 100 percent.';
  return null;
}

/** A feed as it is sent back to be set. */
export function settingOf({ name, covers, patience, most_gone_percent }: Feed): SetFeed {
  return { name, covers, patience, most_gone_percent };
}
