// Where can one go? The screens of the main navigation, with their pictures and keys.
import Archive from '@lucide/svelte/icons/archive';
import Car from '@lucide/svelte/icons/car';
import FileInput from '@lucide/svelte/icons/file-input';
import SquareKanban from '@lucide/svelte/icons/square-kanban';
import Store from '@lucide/svelte/icons/store';
import TrendingUp from '@lucide/svelte/icons/trending-up';
import Users from '@lucide/svelte/icons/users';
import Zap from '@lucide/svelte/icons/zap';
import type { Counts, Role } from '../types';

export const PLACES = [
  { name: 'now', href: '/now', label: 'Now', icon: Zap, keys: 'g n', count: (counts: Counts) => counts.mine, isHot: true, isForDesk: false },
  { name: 'customers', href: '/customers', label: 'Customers', icon: Users, keys: 'g c', count: () => 0, isHot: false, isForDesk: false },
  { name: 'inventory', href: '/inventory', label: 'Inventory', icon: Car, keys: 'g v', count: (counts: Counts) => counts.vehicles, isHot: false, isForDesk: false },
  { name: 'pipeline', href: '/pipeline', label: 'Pipeline', icon: SquareKanban, keys: 'g p', count: () => 0, isHot: false, isForDesk: true },
  { name: 'floor', href: '/floor', label: 'Floor', icon: Store, keys: 'g f', count: () => 0, isHot: false, isForDesk: true },
  { name: 'opportunities', href: '/opportunities', label: 'Opportunities', icon: TrendingUp, keys: 'g o', count: () => 0, isHot: false, isForDesk: true },
  { name: 'setaside', href: '/set-aside', label: 'Set aside', icon: Archive, keys: 'g u', count: (counts: Counts) => counts.set_aside, isHot: false, isForDesk: true },
  { name: 'imports', href: '/imports', label: 'Imports', icon: FileInput, keys: 'g i', count: (counts: Counts) => counts.drafts, isHot: false, isForDesk: true },
] as const;

/** Who brings files, takes lists out, and decides what holds for all of the store. */
export function manages(role: Role): boolean {
  return role === 'manager' || role === 'owner';
}

/** The places of this person: only who may bring files goes to the imports. */
export function placesOf(role: Role): (typeof PLACES)[number][] {
  return PLACES.filter((place) => place.name !== 'imports' || manages(role));
}

/** The place that a screen belongs to: a customer's page is under Customers. */
export function placeOf(route: string): string {
  const parents: Record<string, string> = {
    customer: 'customers', duplicates: 'customers', vehicle: 'inventory', void: 'pipeline', import: 'imports', showing: 'setaside',
    rules: 'settings', team: 'settings', ladders: 'settings', fields: 'settings',
  };
  return parents[route] ?? route;
}
