// What can be set for the store? The pages of the settings, in the order of the index.
import ListChecks from '@lucide/svelte/icons/list-checks';
import ListPlus from '@lucide/svelte/icons/list-plus';
import Rss from '@lucide/svelte/icons/rss';
import Signpost from '@lucide/svelte/icons/signpost';
import UsersRound from '@lucide/svelte/icons/users-round';

export const PAGES = [
  { name: 'rules', href: '/settings/rules', label: 'Rules', says: 'What makes a card, how early, for whom, and what comes of it.', icon: ListChecks },
  { name: 'team', href: '/settings/team', label: 'Team', says: 'Who works when, who is away, and what each is good at.', icon: UsersRound },
  { name: 'ladders', href: '/settings/ladders', label: 'Ladders', says: 'Who is asked for the leads of a source, and who after them.', icon: Signpost },
  { name: 'feeds', href: '/settings/feeds', label: 'Feeds', says: 'Who lists the cars of the lot, what they said last, and what was refused.', icon: Rss },
  { name: 'fields', href: '/settings/fields', label: 'Fields of the store', says: 'What only your store keeps of a customer.', icon: ListPlus },
] as const;
