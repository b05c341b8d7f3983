// What do we call it? The words for a person's role and for how the line to the store computer stands.
import type { Net } from '../live.svelte';
import type { Role } from '../types';

const ROLES: Record<Role, string> = {
  rep: 'Sales',
  bdc: 'BDC',
  advisor: 'Service',
  finance: 'Finance',
  manager: 'Manager',
  owner: 'Owner',
  unknown: 'Staff',
};

export const NET: Record<Net, string> = {
  connecting: 'Connecting',
  live: 'Live',
  reconnecting: 'Reconnecting',
  offline: 'Offline',
};

/** A role that this page does not know yet is shown as the server spells it. */
export function roleName(role: Role): string {
  return ROLES[role] ?? role;
}
