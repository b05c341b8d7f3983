// Does an address lead to its screen, and back to where one was?
import { beforeEach, describe, expect, test } from 'vitest';
import { match, resolve, router } from './router.svelte';

const TABLE = [
  { name: 'now', path: '/now/:id?' },
  { name: 'customers', path: '/customers' },
  { name: 'customer', path: '/customers/:id' },
];

describe('an address', () => {
  test.each([
    ['/now', 'now', {}],
    ['/now/12', 'now', { id: '12' }],
    ['/customers', 'customers', {}],
    ['/customers/7/', 'customer', { id: '7' }],
    ['/customers/a%20b', 'customer', { id: 'a b' }],
  ])('%s leads to the screen "%s"', (path, name, params) => {
    const found = resolve(TABLE, path);
    expect(found?.route.name).toBe(name);
    expect(found?.params).toEqual(params);
  });

  test.each(['/', '/nowhere', '/now/12/more', '/customers/7/x'])('%s leads nowhere', (path) => {
    expect(resolve(TABLE, path)).toBeNull();
  });

  test('typed by hand with a stray percent sign does not throw', () => {
    expect(match('/customers/:id', '/customers/%')).toEqual({ id: '%' });
  });
});

describe('the router', () => {
  beforeEach(() => router.go('/now', { replace: true }));

  test('keeps the filter and the chosen row in the address', () => {
    router.go('/now/3');
    router.setQuery({ scope: 'store', kind: 'new_lead' });
    expect(router.here).toBe('/now/3?scope=store&kind=new_lead');
    router.setQuery({ kind: null });
    expect(router.here).toBe('/now/3?scope=store');
  });

  test('forgets the last screen\'s title when it goes elsewhere, not when a filter changes', () => {
    router.title = 'Dana Whitfield';
    router.setQuery({ road: 'web' });
    expect(router.title).toBe('Dana Whitfield');
    router.go('/customers');
    expect(router.title).toBeNull();
  });

  test('goes to the parent when there is nowhere to go back to', () => {
    history.replaceState(null, '', '/customers/7');
    router.back('/customers');
    expect(router.path).toBe('/customers');
  });
});
