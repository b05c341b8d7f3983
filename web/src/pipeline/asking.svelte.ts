// What is to be said of which sale?
import { Question } from '../parts/question.svelte';
import type { Shown } from './acts';
import type { OpenStage, Sale } from './pipeline';

export type Asked = { sale: Sale; shown: Shown } & ({ what: 'stage'; to: OpenStage } | { what: 'follow_up' } | { what: 'lost' });

export const asking = new Question<Asked>(() => import('./Ask.svelte'));
