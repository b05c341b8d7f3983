// What does this device remember of the service drive? A tablet stays at its counter.
import { Remembered } from '../parts/remembered.svelte';

/** The customer may see this screen: then no amount stands on it. */
export const hidesMoney = new Remembered('headlight.service-money-hidden');

/** All cars below each other instead of in lanes, for days with many. */
export const isList = new Remembered('headlight.service-list');
