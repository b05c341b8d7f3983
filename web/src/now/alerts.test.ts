import { describe, expect, it } from 'vitest';
import type { AlertRow, Person } from '../types';
import { holding, putOff, whyGone } from './alerts';

const ME = 1;
const person = (id: number, name: string): Person => ({ id, name, initials: '', role: 'rep', available: true });
const priya = person(ME, 'Priya Nair');
const sam = person(8, 'Sam Rourke');

function check(alert: Partial<AlertRow>, said: string | null): void {
  expect(holding({ state: 'open', owner: null, routed_because: '', ...alert } as AlertRow, ME)).toBe(said);
}

describe('who has it', () => {
  it('says to whom it was offered, and why', () => {
    check({ owner: sam, routed_because: 'Jo L. did not answer in time' }, 'Offered to Sam\u00A0R. · Jo L. did not answer in time');
    check({ owner: priya, routed_because: 'Knows this customer' }, 'Offered to you · Knows this customer');
    check({ owner: priya, routed_because: 'Handed over by Sam R.' }, 'Offered to you · Handed over by Sam R.');
  });

  it('gives no reason where there is none to give', () => {
    check({ owner: sam }, 'Offered to Sam\u00A0R.');
    check({ owner: sam, routed_because: 'claimed it' }, 'Offered to Sam\u00A0R.');
  });

  it('says who claimed it', () => {
    check({ state: 'claimed', owner: priya, routed_because: 'claimed it' }, 'You are on it');
    check({ state: 'claimed', owner: sam, routed_because: 'claimed it' }, 'Sam\u00A0R. is on it');
  });

  it('says that nobody has it', () => check({}, 'Nobody has it yet'));

  it('says that it is theirs who takes it first, until somebody does', () => {
    check({ for_all: true }, 'Whoever takes it first');
    check({ for_all: true, state: 'claimed', owner: sam }, 'Sam\u00A0R. is on it');
  });

  it('is silent about what is put off or finished', () => {
    check({ state: 'snoozed', owner: priya }, null);
    check({ state: 'closed', owner: priya }, null);
  });
});

describe('what is put off', () => {
  // Tuesday, November 24, 2026, 9:41 am in New York; tomorrow at nine.
  const now = Date.UTC(2026, 10, 24, 14, 41);
  const until = Date.UTC(2026, 10, 25, 14);
  const said = (alert: Partial<AlertRow>): string | null => putOff({ state: 'snoozed', snoozed_until_ms: until, ...alert } as AlertRow, ME, now, 'America/New_York');

  it('says until when', () => {
    expect(said({ held_back: false, owner: priya })).toBe('Snoozed to tomorrow 9:00\u00A0am');
    expect(said({ state: 'open', held_back: false })).toBeNull();
  });

  it('says that a day was full where nobody put it off, and whose', () => {
    expect(said({ held_back: true, owner: priya })).toBe('Your day was full: comes tomorrow 9:00\u00A0am');
    expect(said({ held_back: true, owner: sam })).toBe('The day of Sam\u00A0R. was full: comes tomorrow 9:00\u00A0am');
  });

  it('says the same of a row that has just left the list', () => {
    const alert = { state: 'snoozed', snoozed_until_ms: until, held_back: true, owner: priya } as AlertRow;
    expect(whyGone(alert, 'mine', ME, now, 'America/New_York')).toBe('Your day was full: comes tomorrow 9:00\u00A0am');
  });
});
