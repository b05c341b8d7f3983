// What stands in the frame of every screen, and is not needed before the first screen stands?
export { arrivals } from '../now/arrivals';
export { default as Account } from './Account.svelte';
export { default as HintBar } from './HintBar.svelte';
export { default as KeySheet } from './KeySheet.svelte';
