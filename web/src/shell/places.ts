// Where can one go? The screens of the main navigation, with their pictures and keys.
import Archive from '@lucide/svelte/icons/archive';
import Car from '@lucide/svelte/icons/car';
import Users from '@lucide/svelte/icons/users';
import Zap from '@lucide/svelte/icons/zap';
import type { Counts } from '../types';

export const PLACES = [
  { name: 'now', href: '/now', label: 'Now', icon: Zap, keys: 'g n', count: (counts: Counts) => counts.mine, isHot: true },
  { name: 'customers', href: '/customers', label: 'Customers', icon: Users, keys: 'g c', count: () => 0, isHot: false },
  { name: 'inventory', href: '/inventory', label: 'Inventory', icon: Car, keys: 'g v', count: (counts: Counts) => counts.vehicles, isHot: false },
  { name: 'setaside', href: '/set-aside', label: 'Set aside', icon: Archive, keys: 'g u', count: (counts: Counts) => counts.set_aside, isHot: false },
] as const;

/** The place that a screen belongs to: a customer's page is under Customers. */
export function placeOf(route: string): string {
  const parents: Record<string, string> = { customer: 'customers', duplicates: 'customers', vehicle: 'inventory' };
  return parents[route] ?? route;
}
