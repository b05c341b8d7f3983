// Is it written as the store writes it? Every form, so that a change of one character is seen.
import { describe, expect, it } from 'vitest';
import * as words from './words';

const NEW_YORK = 'America/New_York';
const LOS_ANGELES = 'America/Los_Angeles';
const PHOENIX = 'America/Phoenix';

/** A wall-clock time in New York in winter (UTC−5). */
function winter(text: string): number {
  return Date.parse(`${text}-05:00`);
}
/** A wall-clock time in New York in summer (UTC−4). */
function summer(text: string): number {
  return Date.parse(`${text}-04:00`);
}

/** Tuesday, as in the mockups. */
const NOW = winter('2026-11-24T09:42:00');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('counts', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [7, '7'],
    [999, '999'],
    [1000, '1,000'],
    [61240, '61,240'],
    [1234567, '1,234,567'],
    [12.4, '12'],
    [12.5, '13'],
    [-1, '−1'],
    [-2300, '−2,300'],
    [-0.4, '0'],
  ])('writes %d as %s', (n, text) => {
    expect(words.count(n)).toBe(text);
  });

  it('uses the singular for exactly one and the plural for all else', () => {
    expect([0, 1, 2, 1000].map((n) => words.plural(n, 'look'))).toEqual(['0 looks', '1 look', '2 looks', '1,000 looks']);
  });

  it('takes an irregular plural', () => {
    expect(words.plural(1, 'person', 'people')).toBe('1 person');
    expect(words.plural(6, 'person', 'people')).toBe('6 people');
  });

  it('keeps a number and its unit on one line', () => {
    expect(words.miles(61240)).toBe('61,240\u00A0mi');
    expect(words.miles(0)).toBe('0\u00A0mi');
    expect(words.miles(4.6)).toBe('5\u00A0mi');
  });

  it('writes a share as a whole percentage', () => {
    expect(words.percent(0.68)).toBe('68%');
    expect(words.percent(1)).toBe('100%');
    expect(words.percent(0)).toBe('0%');
    expect(words.percent(-0.05)).toBe('−5%');
  });

  it.each([
    [0, '0'],
    [950, '950'],
    [1000, '1k'],
    [12_400, '12.4k'],
    [12_449, '12.4k'],
    [28_000, '28k'],
    [-1_500, '−1.5k'],
  ])('writes %d on an axis as %s', (n, text) => {
    expect(words.axis(n)).toBe(text);
  });

  it.each([
    ['950', '950'],
    ['1250000', '1,250,000'],
    ['1250.50', '1,250.50'],
  ])('groups the digits %s as %s', (digits, text) => {
    expect(words.grouped(digits)).toBe(text);
  });

  it('says which way a number moved, and nothing when it stood still', () => {
    expect(words.trend(41, 24)).toBe('↑\u00A017');
    expect(words.trend(3, 6)).toBe('↓\u00A03');
    expect(words.trend(5, 5)).toBe('');
  });
});

describe('money', () => {
  it.each([
    [0, '$0'],
    [100, '$1'],
    [2_765_000, '$27,650'],
    [2_765_049, '$27,650'],
    [2_765_050, '$27,651'],
    [123_456_789_00, '$123,456,789'],
    [-230_000, '−$2,300'],
    [-1, '$0'],
    [49, '$0'],
  ])('writes %d cents as %s', (cents, text) => {
    expect(words.money(cents)).toBe(text);
  });

  it.each([
    [48_620, '$486.20'],
    [48_600, '$486.00'],
    [5, '$0.05'],
    [0, '$0.00'],
    [123_456, '$1,234.56'],
    [-48_620, '−$486.20'],
  ])('writes a repair bill of %d cents as %s', (cents, text) => {
    expect(words.moneyToTheCent(cents)).toBe(text);
  });

  it.each([
    [75_000, '+$750'],
    [-66_000, '−$660'],
    [0, '$0'],
    [20, '$0'],
    [-20, '$0'],
  ])('signs a change of %d cents as %s', (cents, text) => {
    expect(words.moneyChange(cents)).toBe(text);
  });

  it('writes the dollar sign once in a range', () => {
    expect(words.moneyRange(1_140_000, 1_260_000)).toBe('$11,400–12,600');
  });

  it('writes a range of one value as that value', () => {
    expect(words.moneyRange(1_140_000, 1_140_010)).toBe('$11,400');
  });

  it('writes both signs where a range reaches below zero', () => {
    expect(words.moneyRange(-60_000, 40_000)).toBe('−$600 to $400');
    expect(words.moneyRange(-60_000, -40_000)).toBe('−$600 to −$400');
  });

  it('writes a payment by the month', () => {
    expect(words.payment(42_100)).toBe('$421/mo');
  });
});

describe('times', () => {
  it.each([
    ['00:00', '12:00 am'],
    ['00:05', '12:05 am'],
    ['01:00', '1:00 am'],
    ['09:41', '9:41 am'],
    ['11:59', '11:59 am'],
    ['12:00', '12:00 pm'],
    ['12:30', '12:30 pm'],
    ['13:07', '1:07 pm'],
    ['23:59', '11:59 pm'],
  ])('writes %s as %s', (wall, text) => {
    expect(words.time(winter(`2026-11-24T${wall}:00`), NEW_YORK)).toBe(text.replace(' ', '\u00A0'));
  });

  it('writes the same moment by the clock of each store', () => {
    expect(words.time(NOW, NEW_YORK)).toBe('9:42\u00A0am');
    expect(words.time(NOW, LOS_ANGELES)).toBe('6:42\u00A0am');
    expect(words.time(NOW, 'UTC')).toBe('2:42\u00A0pm');
    expect(words.time(NOW, 'Asia/Kolkata')).toBe('8:12\u00A0pm');
  });

  it('follows daylight saving where the store has it', () => {
    const julyNoon = summer('2026-07-04T12:00:00');
    expect(words.time(julyNoon, NEW_YORK)).toBe('12:00\u00A0pm');
    expect(words.time(julyNoon, PHOENIX)).toBe('9:00\u00A0am');
    expect(words.time(winter('2026-12-04T12:00:00'), PHOENIX)).toBe('10:00\u00A0am');
  });

  it('writes the date without the year this year and with it in any other', () => {
    expect(words.date(summer('2026-08-14T12:00:00'), NOW, NEW_YORK)).toBe('Aug\u00A014');
    expect(words.date(winter('2024-03-02T12:00:00'), NOW, NEW_YORK)).toBe('Mar\u00A02, 2024');
    expect(words.date(winter('2027-01-01T00:00:00'), NOW, NEW_YORK)).toBe('Jan\u00A01, 2027');
  });

  it("decides which year it is by the store's calendar", () => {
    const newYearInNewYork = winter('2027-01-01T00:30:00');
    expect(words.year(newYearInNewYork, NEW_YORK)).toBe(2027);
    expect(words.year(newYearInNewYork, LOS_ANGELES)).toBe(2026);
    expect(words.date(newYearInNewYork, newYearInNewYork, LOS_ANGELES)).toBe('Dec\u00A031');
  });

  it.each([
    ['2026-11-24T00:00:00', 'Today'],
    ['2026-11-24T23:59:59', 'Today'],
    ['2026-11-25T00:00:00', 'Tomorrow'],
    ['2026-11-23T23:59:59', 'Mon, Nov 23'],
    ['2026-11-20T18:52:00', 'Fri, Nov 20'],
    ['2026-01-05T12:00:00', 'Mon, Jan 5'],
    ['2026-12-24T12:00:00', 'Thu, Dec 24'],
    ['2024-03-02T12:00:00', 'Mar 2, 2024'],
  ])('heads the day of %s with %s', (wall, text) => {
    expect(words.day(winter(wall), NOW, NEW_YORK).replaceAll('\u00A0', ' ')).toBe(text);
  });

  it('calls a moment today in one zone and tomorrow in another', () => {
    const lateInNewYork = winter('2026-11-24T23:30:00');
    expect(words.day(lateInNewYork + HOUR, lateInNewYork, NEW_YORK)).toBe('Tomorrow');
    expect(words.day(lateInNewYork + HOUR, lateInNewYork, LOS_ANGELES)).toBe('Today');
  });

  it('counts calendar days across the night the clocks change', () => {
    // In 2026 the clocks go back on Nov 1 and forward on Mar 8: those days have 25 and 23 hours.
    const before = words.dayNumber(summer('2026-10-31T23:00:00'), NEW_YORK);
    const after = words.dayNumber(winter('2026-11-02T00:30:00'), NEW_YORK);
    expect(after - before).toBe(2);
    const march = words.dayNumber(winter('2026-03-07T23:59:00'), NEW_YORK);
    expect(words.dayNumber(summer('2026-03-09T00:00:00'), NEW_YORK) - march).toBe(2);
  });

  it('gives two moments of one day the same day number', () => {
    expect(words.dayNumber(winter('2026-11-24T00:00:00'), NEW_YORK)).toBe(words.dayNumber(winter('2026-11-24T23:59:59'), NEW_YORK));
  });

  it('gives the exact time with seconds and zone', () => {
    expect(words.exact(winter('2026-11-24T09:41:05'), NEW_YORK)).toBe('Tue, Nov 24, 2026, 9:41:05 am EST');
    expect(words.exact(summer('2026-07-04T13:07:00'), NEW_YORK)).toBe('Sat, Jul 4, 2026, 1:07:00 pm EDT');
  });

  it('gives machines the same moment in UTC', () => {
    expect(words.machineTime(NOW)).toBe('2026-11-24T14:42:00.000Z');
  });
});

describe('days of a calendar', () => {
  it.each([
    ['1956-04-09', 'Apr\u00A09, 1956'],
    ['1956', '1956'],
    ['', ''],
  ])('writes %s as %s', (day, text) => {
    expect(words.calendarDay(day)).toBe(text);
  });
});

describe('how long ago', () => {
  it.each([
    [0, 'just now'],
    [59_999, 'just now'],
    [-5_000, 'just now'],
    [MINUTE, '1 min ago'],
    [3 * MINUTE + 30_000, '3 min ago'],
    [59 * MINUTE + 59_999, '59 min ago'],
    [HOUR, '8:42 am'],
    [9 * HOUR, '12:42 am'],
    [10 * HOUR, 'Mon'],
    [DAY, 'Mon'],
    [6 * DAY, 'Wed'],
    [7 * DAY, 'Nov 17'],
    [100 * DAY, 'Aug 16'],
    [400 * DAY, 'Oct 20, 2025'],
  ])('%d ms back is %s', (passed, text) => {
    expect(words.ago(NOW - passed, NOW, NEW_YORK).replaceAll('\u00A0', ' ')).toBe(text);
  });

  it('counts minutes across midnight before it names the day', () => {
    const justAfterMidnight = winter('2026-11-24T00:10:00');
    expect(words.ago(justAfterMidnight - 20 * MINUTE, justAfterMidnight, NEW_YORK)).toBe('20\u00A0min ago');
  });

  it('names the weekday up to six days either way and the date beyond', () => {
    expect(words.moment(NOW + DAY, NOW, NEW_YORK)).toBe('Wed');
    expect(words.moment(NOW + 6 * DAY, NOW, NEW_YORK)).toBe('Mon');
    expect(words.moment(NOW + 7 * DAY, NOW, NEW_YORK)).toBe('Dec\u00A01');
  });

  it.each([
    ['2026-11-24T11:30:00', '11:30 am'],
    ['2026-11-25T09:00:00', 'tomorrow 9:00 am'],
    ['2026-11-27T09:00:00', 'Fri 9:00 am'],
    ['2026-11-30T09:00:00', 'Mon 9:00 am'],
    ['2026-12-01T09:00:00', 'Dec 1, 9:00 am'],
    ['2027-01-04T09:00:00', 'Jan 4, 2027, 9:00 am'],
    ['2026-11-23T09:00:00', 'Nov 23, 9:00 am'],
  ])('a snooze until %s reads %s', (wall, text) => {
    expect(words.until(winter(wall), NOW, NEW_YORK).replaceAll('\u00A0', ' ')).toBe(text);
  });
});

describe('clocks', () => {
  it.each([
    [1, '0:01'],
    [1_000, '0:01'],
    [1_001, '0:02'],
    [59_000, '0:59'],
    [60_000, '1:00'],
    [102_000, '1:42'],
    [9 * MINUTE + 59_000, '9:59'],
    [9 * MINUTE + 59_001, '10 min'],
    [10 * MINUTE, '10 min'],
    [24 * MINUTE + 59_000, '24 min'],
    [HOUR, '1 h'],
    [65 * MINUTE, '1 h 5 min'],
    [47 * HOUR + 59 * MINUTE, '47 h 59 min'],
    [48 * HOUR, '2 days'],
    [0, 'Overdue'],
    [-1, 'Overdue'],
    [-59_999, 'Overdue'],
    [-MINUTE, 'Overdue 1 min'],
    [-12 * MINUTE - 40_000, 'Overdue 12 min'],
    [-90 * MINUTE, 'Overdue 1 h 30 min'],
    [-5 * DAY, 'Overdue 5 days'],
  ])('with %d ms left says %s', (left, text) => {
    expect(words.clock(left).replaceAll('\u00A0', ' ')).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [4_000, '4 s'],
    [59_999, '59 s'],
    [MINUTE, '1 min'],
    [HOUR - 1, '59 min'],
    [2 * HOUR, '2 h'],
    [25 * HOUR, '25 h'],
    [3 * DAY + HOUR, '3 days'],
  ])('calls %d ms %s', (ms, text) => {
    expect(words.duration(ms).replaceAll('\u00A0', ' ')).toBe(text);
  });

  it('never goes back up while time runs down', () => {
    const read = (text: string): number => (text.includes(':') ? Number(text.split(':')[0]) * 60 + Number(text.split(':')[1]) : parseInt(text) * 60);
    let last = Infinity;
    for (let left = 30 * MINUTE; left > 0; left -= 500) {
      const shown = read(words.clock(left));
      expect(shown).toBeLessThanOrEqual(last);
      last = shown;
    }
  });
});

describe('phones', () => {
  it.each([
    ['+12075550148', '(207) 555-0148'],
    ['12075550148', '(207) 555-0148'],
    ['2075550148', '(207) 555-0148'],
    ['+442079460958', '+442079460958'],
    ['+33123456789', '+33123456789'],
    ['+4512345678', '+4512345678'],
    ['555-0148', '555-0148'],
    ['', ''],
  ])('writes %s as %s', (e164, text) => {
    expect(words.phone(e164)).toBe(text);
  });

  it('dials the digits and the plus, nothing else', () => {
    expect(words.dial('+12075550148')).toBe('tel:+12075550148');
    expect(words.dial('(207) 555-0148')).toBe('tel:2075550148');
  });
});

describe('running text', () => {
  it.each([
    ['Back on the CR-V, 4th time', 'Back on the CR\u2011V, 4th time'],
    ['Asked about the F-150 in a follow-up', 'Asked about the F\u2011150 in a follow-up'],
    ['Call 207-555-0148', 'Call 207\u2011555\u20110148'],
    ['cr-v@example.com', 'cr-v@example.com'],
    ['Test drive - today', 'Test drive - today'],
    ['', ''],
  ])('keeps the names in "%s" whole', (text, kept) => {
    expect(words.unbroken(text)).toBe(kept);
    expect(kept).toHaveLength(text.length);
  });

  it('leaves the page with the hyphens it came with', () => {
    expect(words.plain(words.unbroken('The CR-V and the F-150, a follow-up'))).toBe('The CR-V and the F-150, a follow-up');
  });

  it('writes a car with or without a stock number', () => {
    expect(words.vehicleAndStock('2022 CR-V', '24117')).toBe('2022 CR\u2011V · #24117');
    expect(words.vehicleAndStock('2022 CR-V', null)).toBe('2022 CR\u2011V');
  });
});

describe('cars', () => {
  it('groups a VIN in eight and nine', () => {
    expect(words.vin('2HKRW2H8XNH614882')).toBe('2HKRW2H8•XNH614882');
  });

  it('leaves a VIN of another length as it came', () => {
    expect(words.vin('ABC123')).toBe('ABC123');
    expect(words.vin('')).toBe('');
  });

  it('shows the last eight of a VIN', () => {
    expect(words.vinTail('2HGFC2F59JH512345')).toBe('…JH512345');
    expect(words.vinTail('JH512345')).toBe('JH512345');
  });

  it('puts one number sign before a stock number', () => {
    expect(words.stock('24117')).toBe('#24117');
    expect(words.stock('#24117')).toBe('#24117');
    expect(words.stock(null)).toBe('');
  });

  it("writes a repair order's number", () => {
    expect(words.repairOrder('88213')).toBe('RO\u00A088213');
  });

  it.each([
    ['2022 Honda CR-V EX-L', '2022 Honda CR\u2011V EX\u2011L'],
    ['2019 Ford F-150', '2019 Ford F\u2011150'],
    ['2021 Mercedes-Benz E-Class', '2021 Mercedes\u2011Benz E\u2011Class'],
    ['2020 Toyota C-H-R', '2020 Toyota C\u2011H\u2011R'],
    ['2018 Civic - as is', '2018 Civic - as is'],
    ['2018 Honda Civic', '2018 Honda Civic'],
  ])('writes %s so it cannot break inside the model', (label, text) => {
    expect(words.vehicle(label)).toBe(text);
  });

  it('adds the stock number when there is one', () => {
    expect(words.vehicle('2022 CR-V EX-L', '24117')).toBe('2022 CR\u2011V EX\u2011L #24117');
    expect(words.vehicle('2022 CR-V', null)).toBe('2022 CR\u2011V');
    expect(words.vehicle('2022 CR-V', '')).toBe('2022 CR\u2011V');
  });
});

describe('names', () => {
  it.each([
    ['Dana Whitfield', 'DW'],
    ['Cher', 'C'],
    ['maría josé garcía', 'MG'],
    ['  Dana   Whitfield  ', 'DW'],
    ['Hank Obermeyer Jr.', 'HO'],
    ['Hank Obermeyer III', 'HO'],
    ['Jr', 'J'],
    ['Émile Zola', 'ÉZ'],
    ['ʻOkina Kealoha', 'ʻK'],
    ['(Bob) Feld', 'BF'],
    ['李 小龍', '李小'],
    ['𠮷田 太郎', '𠮷太'],
    ['', ''],
    ['   ', ''],
    ['—', ''],
  ])('takes the initials of %s as %s', (name, text) => {
    expect(words.initials(name)).toBe(text);
  });

  it.each([
    ['Priya Nair', 'Priya\u00A0N.'],
    ['Jo Lindqvist', 'Jo\u00A0L.'],
    ['Jo', 'Jo'],
    ['Sam van der Berg', 'Sam\u00A0B.'],
    ['Hank Obermeyer Sr', 'Hank\u00A0O.'],
    ['', ''],
  ])('shortens %s to %s', (name, text) => {
    expect(words.shortName(name)).toBe(text);
  });

  it('finds the first name, or gives back what there is', () => {
    expect(words.firstName('Dana Whitfield')).toBe('Dana');
    expect(words.firstName('Dana')).toBe('Dana');
    expect(words.firstName('')).toBe('');
  });

  it('joins a list as it is spoken', () => {
    expect(words.list([])).toBe('');
    expect(words.list(['Text'])).toBe('Text');
    expect(words.list(['Text', 'Call'])).toBe('Text and Call');
    expect(words.list(['Text', 'Call', 'Email'])).toBe('Text, Call and Email');
  });
});
