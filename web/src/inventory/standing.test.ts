import { expect, test } from 'vitest';
import type { Standing, VehiclePage } from '../types';
import { standingSaid, wayOf } from './standing';

const ZONE = 'America/New_York';
const NOW = Date.parse('2026-11-24T09:42:00-05:00');
const SAM = { id: 3, name: 'Sam Rourke', initials: 'SR', role: 'manager', available: true } as const;
const NOTHING: Standing = { by: null, at_ms: NOW, customer: null, until_ms: null, note: null, step: null, due_ms: null };

const said = (status: VehiclePage['status'], standing: Partial<Standing> | null, status_since_ms: number | null = null): string =>
  standingSaid({ status, standing: standing && { ...NOTHING, ...standing }, status_since_ms }, NOW, ZONE).replaceAll('\u00A0', ' ');

test('where a car stands is said with who said it', () => {
  expect(said('available', null)).toBe('For sale.');
  expect(said('recon', { step: 'detail' }, Date.parse('2026-11-20T10:00:00-05:00'))).toBe('In recon: detail, since Fri.');
  expect(said('inbound', { due_ms: Date.parse('2026-12-04T12:00:00-05:00') })).toBe('On its way, due Dec 4.');
  expect(said('missing', null)).toBe('Not in its feed any more.');
  const customer = { id: 41, name: 'Dana Whitfield', place: null };
  const held = { by: SAM, customer, until_ms: Date.parse('2026-11-24T17:00:00-05:00'), note: 'deposit taken' };
  expect(said('hold', held)).toBe('On hold for Dana Whitfield until 5:00 pm. Sam R. said so: deposit taken.');
});

test('the box begins with how the car stands', () => {
  expect((['hold', 'recon', 'inbound', 'available', 'missing', null] as const).map((status) => wayOf({ status }))).toEqual(['held', 'recon', 'inbound', 'back', 'back', 'back']);
});
