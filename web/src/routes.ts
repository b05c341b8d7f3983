// Which screens are there, and at which addresses? The whole site on one page.
import type { Component } from 'svelte';
import Now from './now/Now.svelte';

export type Params = Record<string, string>;
/** A screen that takes nothing from its address declares no params. */
export type Screen = Component<{ params: Params }>;

export type Route = {
  name: string;
  /** `:word` takes one part of the path; `:word?` may be missing. */
  path: string;
  title: string;
  /** Now is in the first file, every other screen is fetched when it is first opened. */
  screen?: Screen;
  load?: () => Promise<{ default: Screen | Component }>;
  /** Choosing another row of the same screen is no navigation, so focus stays where it is. */
  staysPut?: boolean;
  /** A sheet of paper or a board on the wall: without the frame of the other screens. */
  bare?: boolean;
};

export const routes: Route[] = [
  { name: 'now', path: '/now/:id?', title: 'Now', screen: Now, staysPut: true },
  { name: 'customers', path: '/customers', title: 'Customers', load: () => import('./customers/Customers.svelte') },
  { name: 'customer', path: '/customers/:id', title: 'Customer', load: () => import('./customer/Customer.svelte') },
  { name: 'inventory', path: '/inventory', title: 'Inventory', load: () => import('./inventory/Inventory.svelte') },
  { name: 'wanted', path: '/inventory/wanted', title: 'Wanted, not here', load: () => import('./inventory/InVain.svelte') },
  { name: 'vehicle', path: '/inventory/:id', title: 'Vehicle', load: () => import('./vehicle/Vehicle.svelte') },
  { name: 'floor', path: '/floor', title: 'Floor', load: () => import('./floor/Floor.svelte') },
  { name: 'service', path: '/service', title: 'Service drive', load: () => import('./service/Service.svelte') },
  { name: 'pipeline', path: '/pipeline', title: 'Pipeline', load: () => import('./pipeline/Pipeline.svelte') },
  { name: 'void', path: '/pipeline/void', title: 'The void', load: () => import('./pipeline/Void.svelte') },
  { name: 'opportunities', path: '/opportunities/:kind?', title: 'Opportunities', load: () => import('./opportunities/Opportunities.svelte'), staysPut: true },
  { name: 'wallboard', path: '/wallboard', title: 'Wallboard', load: () => import('./wallboard/Wallboard.svelte'), bare: true },
  { name: 'find', path: '/find', title: 'Find', load: () => import('./find/Find.svelte') },
  { name: 'settings', path: '/settings', title: 'Settings', load: () => import('./settings/Settings.svelte') },
  { name: 'rules', path: '/settings/rules/:rule?', title: 'Rules', load: () => import('./rules/Rules.svelte'), staysPut: true },
  { name: 'team', path: '/settings/team', title: 'Team', load: () => import('./team/Team.svelte') },
  { name: 'ladders', path: '/settings/ladders', title: 'Ladders', load: () => import('./ladders/Ladders.svelte') },
  { name: 'feeds', path: '/settings/feeds', title: 'Feeds', load: () => import('./feeds/Feeds.svelte') },
  { name: 'fields', path: '/settings/fields', title: 'Fields of the store', load: () => import('./fields/Fields.svelte') },
  { name: 'duplicates', path: '/duplicates', title: 'Duplicates', load: () => import('./duplicates/Duplicates.svelte') },
  { name: 'imports', path: '/imports', title: 'Imports', load: () => import('./imports/Imports.svelte') },
  { name: 'import', path: '/imports/:id', title: 'Import', load: () => import('./imports/OneImport.svelte') },
  { name: 'appraisal', path: '/appraisals/:id', title: 'Appraisal', load: () => import('./appraisals/Appraisal.svelte') },
  { name: 'printedappraisal', path: '/print/appraisal/:id', title: 'Appraisal on paper', load: () => import('./print/Appraisal.svelte'), bare: true },
  { name: 'brief', path: '/print/brief/:id', title: 'Brief', load: () => import('./print/Brief.svelte'), bare: true },
  { name: 'setaside', path: '/set-aside', title: 'Set aside', load: () => import('./setaside/SetAside.svelte') },
  { name: 'showing', path: '/set-aside/:id', title: 'Show how to read it', load: () => import('./setaside/Showing.svelte') },
];
