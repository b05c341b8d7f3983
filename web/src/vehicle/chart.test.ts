// Does the picture of a car's price and looks say what happened, in words and in the right places?
import { describe, expect, it } from 'vitest';
import { finding, type History, picture, table } from './chart';

const ZONE = 'America/New_York';
const NOW = Date.parse('2026-11-24T09:42:00-05:00');
const DAY_MS = 86_400_000;

function looks(counts: readonly number[]): { day: string; count: number }[] {
  return counts.map((count, at) => {
    const day = new Date(Date.parse('2026-11-24T12:00:00Z') - (counts.length - 1 - at) * DAY_MS);
    return { day: day.toISOString().slice(0, 10), count };
  });
}

function history(over: Partial<History>): History {
  return { prices: [], looks: [], now: NOW, zone: ZONE, ...over };
}

const PRICES = [
  { at_ms: Date.parse('2026-10-17T10:00:00-04:00'), price_cents: 2_920_000 },
  { at_ms: Date.parse('2026-10-31T10:00:00-04:00'), price_cents: 2_840_000 },
  { at_ms: Date.parse('2026-11-24T09:02:00-05:00'), price_cents: 2_765_000 },
];
const RISING = [2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 7, 7, 7, 7, 7, 7, 7];

describe('the sentence', () => {
  it('states how the price fell and what the looks did', () => {
    expect(finding(history({ prices: PRICES, looks: looks(RISING) }))).toBe(
      'Price fell from $29,200 to $28,400 on Oct 31 and $27,650 today; looks a day rose from about 2 to 7.',
    );
  });

  it('says how long an unchanged price has stood', () => {
    expect(finding(history({ prices: PRICES.slice(0, 1) }))).toBe('Price has been $29,200 since Oct 17.');
  });

  it('tells a rise from a fall, whatever order the prices came in', () => {
    const risen = [{ ...PRICES[2]!, price_cents: 3_000_000 }, PRICES[0]!];
    expect(finding(history({ prices: risen }))).toBe('Price rose from $29,200 to $30,000 today.');
  });

  it('calls a price that went down and back up moved', () => {
    const back = [...PRICES.slice(0, 2), { ...PRICES[2]!, price_cents: 2_920_000 }];
    expect(finding(history({ prices: back }))).toContain('Price moved from $29,200');
  });

  it('names no trend in less than two weeks', () => {
    expect(finding(history({ looks: looks([1, 0, 3]) }))).toBe('4 looks in 3 days.');
  });

  it('says that looks stayed or fell', () => {
    expect(finding(history({ looks: looks(Array(14).fill(3)) }))).toBe('Looks a day stayed at about 3.');
    expect(finding(history({ looks: looks([...RISING].reverse()) }))).toBe('Looks a day fell from about 7 to 2.');
  });

  it('admits that nothing is known', () => {
    expect(finding(history({}))).toBe('No price and no looks are recorded yet.');
  });
});

describe('the table', () => {
  it('holds every day, newest first, with the price of that day', () => {
    const rows = table(history({ prices: PRICES, looks: looks(RISING) }));
    expect(rows).toHaveLength(21);
    expect(rows[0]).toMatchObject({ price_cents: 2_765_000, looks: 7 });
    expect(rows[1]).toMatchObject({ price_cents: 2_840_000, looks: 7 });
    expect(rows.at(-1)).toMatchObject({ price_cents: 2_840_000, looks: 2 });
  });

  it('leaves a price empty before the first one was set', () => {
    const rows = table(history({ prices: PRICES.slice(2), looks: looks([1, 1]) }));
    expect(rows.map((row) => row.price_cents)).toEqual([2_765_000, null]);
  });

  it('is empty when nothing is known', () => {
    expect(table(history({}))).toEqual([]);
  });
});

describe('the picture', () => {
  const drawn = picture(history({ prices: PRICES, looks: looks(RISING) }), 800);

  it('stays inside its edges', () => {
    for (const bar of drawn.bars) {
      expect(bar.x).toBeGreaterThanOrEqual(drawn.left);
      expect(bar.x + bar.width).toBeLessThanOrEqual(800);
      expect(bar.y).toBeGreaterThanOrEqual(0);
    }
    expect(drawn.line).toMatch(/^M46 [\d.]+H46V[\d.]+H[\d.]+V[\d.]+H800$/);
  });

  it('stands bars on zero, so twice the looks is twice the height', () => {
    const [low, high] = [drawn.bars[0]!, drawn.bars[8]!];
    expect(high.height).toBeCloseTo(2 * low.height);
    expect(low.y + low.height).toBe(high.y + high.height);
  });

  it('names the newest price and drops a label that would lie on another', () => {
    expect(drawn.marks.map((mark) => mark.text)).toEqual(['', '$28,400', '$27,650']);
  });

  it('draws nothing out of nothing', () => {
    const empty = picture(history({}), 800);
    expect(empty.line).toBe('');
    expect(empty.bars).toEqual([]);
    expect(empty.rules).toEqual([]);
  });

  it('takes no room for a price that there is not', () => {
    const alone = picture(history({ looks: looks(RISING) }), 800);
    expect(alone.height).toBeLessThan(drawn.height / 2);
    for (const bar of alone.bars) expect(bar.y + bar.height).toBeLessThan(alone.height);
  });

  it('draws a single price as a level line', () => {
    const single = picture(history({ prices: PRICES.slice(0, 1) }), 400);
    expect(single.line).toMatch(/^M46 [\d.]+H400$/);
    expect(single.rules.length).toBeGreaterThan(1);
  });
});

describe('the market range', () => {
  const MARKET = [
    { at_ms: PRICES[0]!.at_ms, low_cents: 2_800_000, high_cents: 3_100_000 },
    { at_ms: NOW, low_cents: 2_700_000, high_cents: 3_000_000 },
  ];

  it('is said, and drawn from the first price to the right end, with the axis wide enough for both', () => {
    const whole = history({ prices: PRICES, market: MARKET });
    expect(finding(whole)).toBe(
      'Price fell from $29,200 to $28,400 on Oct 31 and $27,650 today; eight of ten such cars are sold here for $27,000 to $30,000.',
    );
    const { band, rules } = picture(whole, 640);
    expect(rules.map((rule) => rule.text)).toEqual(['$26k', '$28k', '$30k', '$32k']);
    const edge = band.slice(1, -1).split('L').map((point) => point.split(' ').map(Number));
    expect(edge.map(([x]) => x)).toEqual([46, 640, 640, 46]);
    const [[, left] = [], [, right] = [], [, rightLow] = []] = edge;
    expect(left).toBeLessThan(right!);
    expect(right).toBeLessThan(rightLow!);
  });

  it('is not drawn without a price of ours, nor said', () => {
    const bare = history({ looks: looks(RISING), market: MARKET });
    expect(picture(bare, 640).band).toBe('');
    expect(finding(bare)).not.toContain('sold here');
  });
});
