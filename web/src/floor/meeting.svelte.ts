// Whom is a visit to be opened for?
import { Question } from '../parts/question.svelte';

/** The customer at hand; null when the box has to ask who it is. */
export type Whom = { customer: { id: number; name: string } | null };

export const meeting = new Question<Whom>(() => import('./Meet.svelte'));
