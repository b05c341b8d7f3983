// Whom does a note speak to? An at sign and the beginning of a name, picked from the people who work here.
import type { Person } from '../types';

/** The name being typed at `caret`, and where its at sign stands; null when none is. */
export function typing(text: string, caret: number): { from: number; letters: string } | null {
  const found = /(?:^|[\s(])@([\p{L}'’-]*)$/u.exec(text.slice(0, caret));
  if (!found) return null;
  const letters = found[1] ?? '';
  return { from: caret - letters.length - 1, letters };
}

// A list longer than this is not read while typing.
const OFFERED_MOST = 6;

/** Who may be meant: a first or last name that begins so. */
export function offered(people: readonly Person[], letters: string): Person[] {
  const wanted = letters.toLocaleLowerCase();
  const fits = (person: Person): boolean => person.name.toLocaleLowerCase().split(' ').some((word) => word.startsWith(wanted));
  return people.filter(fits).toSorted((a, b) => a.name.localeCompare(b.name)).slice(0, OFFERED_MOST);
}

/** The text with the name put in, and where the caret stands then. */
export function put(text: string, from: number, caret: number, person: Person): { text: string; caret: number } {
  const name = `@${person.name} `;
  return { text: text.slice(0, from) + name + text.slice(caret).replace(/^ /, ''), caret: from + name.length };
}

/** Of those who were picked, whose names still stand in the text. */
export function spokenTo(text: string, picked: readonly Person[]): number[] {
  const there = picked.filter((person) => text.includes(`@${person.name}`));
  return [...new Set(there.map((person) => person.id))];
}
