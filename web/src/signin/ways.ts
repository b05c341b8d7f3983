// How does a person come in? Fetched by a page that needs it: whoever is in already waits for none of it.
export { default as AskAgain } from './AskAgain.svelte';
export { default as Claim } from './Claim.svelte';
export { default as SignIn } from './SignIn.svelte';
