import { describe, expect, test } from 'vitest';
import type { Ladder, Role, TeamMember } from '../types';
import { freeSources, ladderProblem, ladderSaid, skillProblem } from './ladder';

const member = (name: string, role: Role, skills: string[] = []): TeamMember =>
  ({ person: { id: name.length, name, initials: '', role, available: true }, skills }) as unknown as TeamMember;

const priya = member('Priya Nair', 'rep');
const jo = member('Jo Lindqvist', 'rep', ['trucks']);
const bea = member('Bea Ortiz', 'bdc');
const sam = member('Sam Rourke', 'manager', ['trucks']);
const team = [priya, jo, bea, sam];

const ladder = (change: Partial<Ladder> = {}): Ladder => ({
  source: 'Cars.com',
  first: 'turn',
  minutes: 5,
  rungs: [{ to: 'rep', minutes: 5 }, { to: 'manager', minutes: 10 }],
  skill: '',
  ...change,
});
const said = (change: Partial<Ladder>, people = team): string => ladderSaid(ladder(change), people).replaceAll('\u00A0', ' ');

describe('what a ladder will do', () => {
  test('is one sentence, with a name where there is only one to ask', () => {
    expect(said({})).toBe('Whoever’s turn it is has 5 minutes of store hours, then a second rep 5 minutes, then Sam R. 10 minutes.');
    expect(said({ minutes: 1, rungs: [{ to: 'bdc', minutes: 2 }, { to: 'manager', minutes: 10 }] }, [priya, bea, member('Ann Wu', 'manager'), sam])).toBe(
      'Whoever’s turn it is has 1 minute of store hours, then Bea O. 2 minutes, then a manager 10 minutes.',
    );
    expect(said({}, [priya, sam])).toBe('Priya N. has 5 minutes of store hours, then a second rep 5 minutes, then Sam R. 10 minutes.');
  });

  test('says so when it is for whoever takes it first', () => {
    expect(said({ first: 'claim', rungs: [{ to: 'manager', minutes: 3 }] })).toBe('Everybody who takes leads has 5 minutes of store hours to take it, then Sam R. 3 minutes.');
  });

  test('names those with its skill, of those who take leads', () => {
    expect(said({ skill: 'trucks' })).toMatch(/^Jo L\., for trucks, has 5 minutes/);
    expect(said({ skill: 'Spanish' })).toMatch(/^Whoever’s turn it is has/);
    expect(skillProblem('trucks', team)).toBeNull();
    expect(skillProblem('', team)).toBeNull();
    expect(skillProblem('Spanish', team)).toBe('Nobody who takes leads has “spanish” yet; until then it goes in turn.');
  });
});

test('a source that has a ladder is not offered again, however it is written', () => {
  expect(freeSources(['Website', 'cars.com', 'CarGurus'], [{ source: '' }, { source: 'Cars.com ' }])).toEqual(['Website', 'CarGurus']);
});

describe('a ladder', () => {
  test.each<[Partial<Ladder>, string | null]>([
    [{}, null],
    [{ source: ' ' }, 'Say which source it is for.'],
    [{ minutes: 0 }, 'Each step has 1 to 1,440 whole minutes.'],
    [{ rungs: [{ to: 'manager', minutes: 1.5 }] }, 'Each step has 1 to 1,440 whole minutes.'],
    [{ rungs: [] }, 'The last step is a manager, so that no lead is left with nobody.'],
    [{ rungs: [{ to: 'manager', minutes: 5 }, { to: 'rep', minutes: 5 }] }, 'The last step is a manager, so that no lead is left with nobody.'],
  ])('%o is wrong by: %s', (change, problem) => {
    expect(ladderProblem(ladder(change), true)).toBe(problem);
  });
});
