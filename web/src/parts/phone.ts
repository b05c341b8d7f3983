// Is this a phone's screen? The same line as in the style sheets, for what a style sheet cannot decide.
import { MediaQuery } from 'svelte/reactivity';

export const phone = new MediaQuery('(max-width: 640px)');
