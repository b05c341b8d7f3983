// Whose call is to be taken down?
import type { Whom } from '../floor/meeting.svelte';
import { Question } from '../parts/question.svelte';

export const taking = new Question<Whom>(() => import('./Take.svelte'));
