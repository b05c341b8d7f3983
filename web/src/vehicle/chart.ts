// What do price and looks say together, and where is each drawn? The numbers behind the picture, its sentence and its table.
import { axis, count, date, dayNumber, money, plural } from '../words';

type PricePoint = { at_ms: number; price_cents: number };
type MarketDay = { at_ms: number; low_cents: number; high_cents: number };
type LooksDay = { day: string; count: number };

export type History = { prices: readonly PricePoint[]; looks: readonly LooksDay[]; market?: readonly MarketDay[]; now: number; zone: string };

/** One day of the table that stands in for the picture. */
export type DayRow = { at_ms: number; price_cents: number | null; looks: number | null };

export type Bar = { x: number; y: number; width: number; height: number; title: string };
export type Mark = { x: number; y: number; text: string; anchor: 'start' | 'end'; dot: { x: number; y: number } | null };
export type Tick = { x: number; text: string; anchor: 'start' | 'middle' | 'end' };
export type Rule = { y: number; text: string };

export type Picture = {
  height: number;
  left: number;
  line: string;
  /** What such cars are sold for here. */
  band: string;
  bars: Bar[];
  marks: Mark[];
  rules: Rule[];
  ticks: Tick[];
};

const DAY_MS = 86_400_000;

function dayOf(text: string): number {
  return Date.parse(`${text}T00:00:00Z`) / DAY_MS;
}

// Noon in Greenwich is on the same calendar day from New York to Honolulu.
function noon(dayAt: number): number {
  return dayAt * DAY_MS + DAY_MS / 2;
}

function span({ prices, looks, now, zone }: History): { first: number; last: number } {
  const days = [...looks.map((each) => dayOf(each.day)), ...(looks.length > 0 ? [] : prices.map((p) => dayNumber(p.at_ms, zone)))];
  const today = dayNumber(now, zone);
  return { first: Math.min(...days, today), last: Math.max(...days, today) };
}

function inOrder(prices: readonly PricePoint[]): PricePoint[] {
  return [...prices].sort((a, b) => a.at_ms - b.at_ms);
}

function priceOn(dayAt: number, prices: readonly PricePoint[], zone: string): number | null {
  return prices.findLast((each) => dayNumber(each.at_ms, zone) <= dayAt)?.price_cents ?? null;
}

/** Every day from the first to the last, newest first: the picture for those who do not see it. */
export function table(history: History): DayRow[] {
  if (history.prices.length === 0 && history.looks.length === 0) return [];
  const { first, last } = span(history);
  const prices = inOrder(history.prices);
  const looks = new Map(history.looks.map((each) => [dayOf(each.day), each.count]));
  return Array.from({ length: last - first + 1 }, (_, back) => {
    const dayAt = last - back;
    return { at_ms: noon(dayAt), price_cents: priceOn(dayAt, prices, history.zone), looks: looks.get(dayAt) ?? null };
  });
}

/** The finding in one sentence: "Price fell from $29,200 to $28,400 on Oct 31; looks a day rose from about 2 to 7." */
export function finding(history: History): string {
  const said = [priceFinding(history), marketFinding(history), looksFinding(history.looks)].filter((part) => part !== '');
  if (said.length === 0) return 'No price and no looks are recorded yet.';
  const text = said.join('; ').replaceAll('\u00A0', ' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function priceFinding({ prices, now, zone }: History): string {
  const [start, ...changes] = inOrder(prices);
  if (!start) return '';
  if (changes.length === 0) return `price has been ${money(start.price_cents)} since ${date(start.at_ms, now, zone)}`;
  const end = changes.at(-1) ?? start;
  const verb = end.price_cents < start.price_cents ? 'fell' : end.price_cents > start.price_cents ? 'rose' : 'moved';
  // More than the last two steps is a list, not a sentence.
  const steps = changes.slice(-2).map((step) => `${money(step.price_cents)} ${onDay(step.at_ms, now, zone)}`);
  return `price ${verb} from ${money(start.price_cents)} to ${steps.join(' and ')}`;
}

function marketFinding({ prices, market }: History): string {
  const today = market?.at(-1);
  if (!today || prices.length === 0) return '';
  return `eight of ten such cars are sold here for ${money(today.low_cents)} to ${money(today.high_cents)}`;
}

function onDay(at_ms: number, now: number, zone: string): string {
  return dayNumber(at_ms, zone) === dayNumber(now, zone) ? 'today' : `on ${date(at_ms, now, zone)}`;
}

// A week on each side: single days jump about too much to be called a trend.
const WEEK = 7;

function looksFinding(looks: readonly LooksDay[]): string {
  if (looks.length === 0) return '';
  const total = looks.reduce((sum, each) => sum + each.count, 0);
  if (looks.length < 2 * WEEK) return `${plural(total, 'look')} in ${plural(looks.length, 'day')}`;
  const before = average(looks.slice(0, WEEK));
  const lately = average(looks.slice(-WEEK));
  if (before === lately) return `looks a day stayed at about ${count(lately)}`;
  return `looks a day ${lately > before ? 'rose' : 'fell'} from about ${count(before)} to ${count(lately)}`;
}

function average(looks: readonly LooksDay[]): number {
  return Math.round(looks.reduce((sum, each) => sum + each.count, 0) / looks.length);
}

const LEFT = 46;
const PRICE_TOP = 18;
const PRICE_BOTTOM = 134;
// The looks stand under the price, or alone at the top when there is no price to draw.
const LOOKS_UNDER_PRICE = 162;
const LOOKS_ALONE = 10;
const LOOKS_HEIGHT = 44;
const DAYS_HEIGHT = 20;
// The width of "$27,650 today" with room to breathe.
const MARK_WIDTH = 92;

/** Everything to draw, in pixels for a drawing `width` wide. */
export function picture(history: History, width: number): Picture {
  const { first, last } = span(history);
  const perDay = (width - LEFT) / (last - first + 1);
  const x = (dayAt: number): number => LEFT + (dayAt - first) * perDay;
  const prices = inOrder(history.prices);
  const market = prices.length > 0 ? (history.market ?? []) : [];
  const scale = priceScale([...prices.map((each) => each.price_cents), ...market.flatMap((each) => [each.low_cents, each.high_cents])]);
  const looksTop = prices.length > 0 ? LOOKS_UNDER_PRICE : LOOKS_ALONE;
  const steps = prices.map((each) => ({
    x: Math.max(LEFT, x(dayNumber(each.at_ms, history.zone))),
    y: scale.y(each.price_cents),
    price_cents: each.price_cents,
  }));
  return {
    height: looksTop + LOOKS_HEIGHT + DAYS_HEIGHT,
    left: LEFT,
    line: steps.map((step, at) => (at === 0 ? `M${step.x} ${step.y}` : `H${step.x}V${step.y}`)).join('') + (steps.length > 0 ? `H${width}` : ''),
    band: band(market, (at_ms) => Math.max(LEFT, x(dayNumber(at_ms, history.zone))), scale.y, width),
    bars: bars(history, x, perDay, looksTop + LOOKS_HEIGHT),
    marks: marks(steps, width),
    rules: scale.rules,
    ticks: ticks(history, first, last, x, width),
  };
}

// There along the upper edge, back along the lower one; today is the right end.
function band(market: readonly MarketDay[], x: (at_ms: number) => number, y: (cents: number) => number, width: number): string {
  const last = market.length - 1;
  if (last < 1) return '';
  const points = market.map((each, at) => ({ x: at === last ? width : x(each.at_ms), high: y(each.high_cents), low: y(each.low_cents) }));
  return `M${points.map((point) => `${point.x} ${point.high}`).join('L')}L${points.toReversed().map((point) => `${point.x} ${point.low}`).join('L')}Z`;
}

function priceScale(cents: readonly number[]): { y: (cents: number) => number; rules: Rule[] } {
  if (cents.length === 0) return { y: () => PRICE_BOTTOM, rules: [] };
  const spread = Math.max(...cents) - Math.min(...cents);
  const step = [50_000, 100_000, 200_000, 500_000, 1_000_000].find((each) => spread <= 2 * each) ?? 2_000_000;
  const low = Math.floor(Math.min(...cents) / step) * step;
  const high = Math.max(low + step, Math.ceil(Math.max(...cents) / step) * step);
  const y = (value: number): number => PRICE_BOTTOM - ((value - low) / (high - low)) * (PRICE_BOTTOM - PRICE_TOP);
  const lines = Math.round((high - low) / step) + 1;
  return { y, rules: Array.from({ length: lines }, (_, at) => ({ y: y(low + at * step), text: `$${axis((low + at * step) / 100)}` })) };
}

function bars({ looks, now, zone }: History, x: (dayAt: number) => number, perDay: number, bottom: number): Bar[] {
  const most = Math.max(1, ...looks.map((each) => each.count));
  const gap = Math.min(5, perDay * 0.3);
  return looks.map((each) => {
    const height = (each.count / most) * LOOKS_HEIGHT;
    return {
      x: x(dayOf(each.day)) + gap / 2,
      y: bottom - height,
      width: Math.max(1, perDay - gap),
      height,
      title: `${date(noon(dayOf(each.day)), now, zone)}: ${plural(each.count, 'look')}`,
    };
  });
}

function marks(steps: readonly { x: number; y: number; price_cents: number }[], width: number): Mark[] {
  // The newest price is always named; an older one only where its words have room.
  let free = Infinity;
  const found: Mark[] = [];
  for (const [back, step] of [...steps].reverse().entries()) {
    const isTight = step.x + MARK_WIDTH > width;
    const from = isTight ? width - MARK_WIDTH : step.x;
    const fits = back === 0 || from + MARK_WIDTH <= free;
    if (fits) free = from;
    // At the right edge the words stand clear of the line: under a price that fell, over one that rose.
    const before = steps[steps.length - 2 - back];
    const isUnder = isTight && before !== undefined && before.price_cents > step.price_cents;
    found.push({
      x: isTight ? width : step.x + 6,
      y: isUnder ? step.y + 16 : step.y - 7,
      text: fits ? money(step.price_cents) : '',
      anchor: isTight ? 'end' : 'start',
      dot: back < steps.length - 1 ? { x: step.x, y: step.y } : null,
    });
  }
  return found.reverse();
}

function ticks({ now, zone }: History, first: number, last: number, x: (dayAt: number) => number, width: number): Tick[] {
  const at = (dayAt: number): string => date(noon(dayAt), now, zone);
  const found: Tick[] = [{ x: LEFT, text: at(first), anchor: 'start' }];
  if (last - first >= 14 && width > 420) {
    const middle = Math.round((first + last) / 2);
    found.push({ x: x(middle), text: at(middle), anchor: 'middle' });
  }
  if (last > first) found.push({ x: width, text: at(last), anchor: 'end' });
  return found;
}
