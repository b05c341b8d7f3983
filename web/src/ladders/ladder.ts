// Who is asked, and who after them? A ladder in words, and what may be changed of it.
import type { Ladder, RungTo, TeamMember } from '../types';
import { list, plural, shortName } from '../words';

export const RUNGS_MOST = 6;
export const MINUTES_MOST = 1_440;

export const TO: Record<RungTo, string> = { rep: 'Another rep', bdc: 'BDC', manager: 'A manager' };

/** "Cars.com", or the name of what all other sources have. */
export function sourceName(source: string): string {
  return source === '' ? 'Every other source' : source;
}

// Sources are told apart as the store does: by their words, in small letters.
function key(source: string): string {
  return source.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Sources that came lately and have no ladder of their own. */
export function freeSources(sources: readonly string[], ladders: readonly Pick<Ladder, 'source'>[]): string[] {
  const own = new Set(ladders.map(({ source }) => key(source)));
  return sources.filter((source) => !own.has(key(source)));
}

type Staff = Pick<TeamMember, 'person' | 'skills'>;

function takesLeads({ person }: Staff): boolean {
  return person.role === 'rep' || person.role === 'bdc';
}

function whoIs(people: readonly Staff[], otherwise: string): string {
  const [only] = people;
  return only && people.length === 1 ? shortName(only.person.name) : otherwise;
}

/** Whoever is asked at a further step, by name where there is only one to ask. */
function asked(to: RungTo, team: readonly Staff[]): string {
  if (to === 'manager') return whoIs(team.filter(({ person }) => person.role === 'manager'), 'a manager');
  if (to === 'bdc') return whoIs(team.filter(({ person }) => person.role === 'bdc'), 'the BDC');
  return 'a second rep';
}

/** What will happen: "Whoever’s turn it is has 5 minutes of store hours, then a second rep 5 minutes, then Sam R. 10 minutes." */
export function ladderSaid({ first, minutes, rungs, skill }: Ladder, team: readonly Staff[]): string {
  const takers = team.filter(takesLeads);
  const able = takers.filter(({ skills }) => skill !== '' && skills.includes(skill.trim().toLowerCase()));
  const turn = whoIs(takers, 'Whoever’s turn it is');
  const begins = first === 'claim' ? 'Everybody who takes leads' : able.length > 0 ? `${list(able.map(({ person }) => shortName(person.name)))}, for ${skill},` : turn;
  const has = begins.includes(' and ') ? 'have' : 'has';
  const then = rungs.map(({ to, minutes: more }) => `then ${asked(to, team)} ${plural(more, 'minute')}`);
  const taking = first === 'claim' ? ' to take it' : '';
  return `${[`${begins} ${has} ${plural(minutes, 'minute')} of store hours${taking}`, ...then].join(', ')}.`;
}

/** Said of a skill that nobody has: the ladder works as without it. */
export function skillProblem(skill: string, team: readonly Staff[]): string | null {
  const wanted = skill.trim().toLowerCase();
  if (wanted === '' || team.some((each) => takesLeads(each) && each.skills.includes(wanted))) return null;
  return `Nobody who takes leads has “${wanted}” yet; until then it goes in turn.`;
}

/** What is wrong with a ladder, or null. */
export function ladderProblem({ source, minutes, rungs }: Ladder, isNew: boolean): string | null {
  if (isNew && source.trim() === '') return 'Say which source it is for.';
  const fits = (n: number | null): boolean => n !== null && Number.isInteger(n) && n >= 1 && n <= MINUTES_MOST;
  if (![minutes, ...rungs.map((rung) => rung.minutes)].every(fits)) return `Each step has 1 to ${MINUTES_MOST.toLocaleString('en-US')} whole minutes.`;
  return rungs.at(-1)?.to === 'manager' ? null : 'The last step is a manager, so that no lead is left with nobody.';
}
