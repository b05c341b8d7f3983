// Is nobody reached in a way they did not allow, and is every way they have offered?
import { describe, expect, it } from 'vitest';
import type { Consent } from '../types';
import { bestWay, caution, ways } from './reach';

const PHONE = { display: '(207) 555-0148', e164: '+12075550148' };

function dana(consent: Consent[]) {
  return { name: 'Dana Whitfield', consent };
}

describe('the ways to reach someone', () => {
  it('are those with a number or an address', () => {
    expect(ways({ phones: [PHONE], emails: ['dana.w@example.com'] })).toEqual(['text', 'call', 'email']);
    expect(ways({ phones: [], emails: ['dana.w@example.com'] })).toEqual(['email']);
    expect(ways({ phones: [], emails: [] })).toEqual([]);
  });
});

describe('the way to begin with', () => {
  const reachable = { phones: [PHONE], emails: ['dana.w@example.com'] };

  it('is one they agreed to, before one that nothing is known about', () => {
    expect(bestWay({ ...reachable, ...dana([{ channel: 'email', state: 'allowed', note: '' }]) })).toBe('email');
    expect(bestWay({ ...reachable, ...dana([]) })).toBe('text');
  });

  it('is never one they took back', () => {
    const stopped = dana([{ channel: 'text', state: 'revoked', note: '' }, { channel: 'call', state: 'revoked', note: '' }]);
    expect(bestWay({ ...reachable, ...stopped })).toBe('email');
    expect(bestWay({ ...stopped, phones: [PHONE], emails: [] })).toBeNull();
  });
});

describe('consent', () => {
  it('given needs no words', () => {
    expect(caution(dana([{ channel: 'text', state: 'allowed', note: '' }]), 'text')).toBeNull();
  });

  it('taken back blocks, and says when', () => {
    const found = caution(dana([{ channel: 'text', state: 'revoked', note: 'Texted STOP, Oct 3' }]), 'text');
    expect(found).toEqual({ text: 'Dana took back consent to texts (Texted STOP, Oct 3). Do not text.', blocks: true });
  });

  it('not given asks for care without blocking an answer', () => {
    const found = caution(dana([{ channel: 'email', state: 'not_given', note: '' }]), 'email');
    expect(found).toEqual({ text: 'Dana has not given consent to email. Only answer what they asked.', blocks: false });
  });

  it('that nothing is known about counts as not given', () => {
    expect(caution(dana([]), 'call')?.blocks).toBe(false);
  });
});
