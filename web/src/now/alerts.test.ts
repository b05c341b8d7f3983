import { describe, expect, it } from 'vitest';
import type { AlertRow, Person } from '../types';
import { holding } from './alerts';

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

  it('is silent about what is put off or finished', () => {
    check({ state: 'snoozed', owner: priya }, null);
    check({ state: 'closed', owner: priya }, null);
  });
});
