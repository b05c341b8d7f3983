// Whom and what did this person look up last on this device? The rows that answer before the store does.
import type { Hit } from '../types';

export type Recent = Pick<Hit, 'kind' | 'id' | 'title' | 'sub'>;

const AT_MOST = 8;

export function readRecents(user: number): Recent[] {
  const stored = localStorage.getItem(name(user));
  return stored === null ? [] : (JSON.parse(stored) as Recent[]);
}

export function remember(user: number, { kind, id, title, sub }: Recent): void {
  const others = readRecents(user).filter((other) => other.kind !== kind || other.id !== id);
  localStorage.setItem(name(user), JSON.stringify([{ kind, id, title, sub }, ...others].slice(0, AT_MOST)));
}

/** Every word typed must begin a word of the row: "dan whi" finds Dana Whitfield. */
export function fits(typed: string, text: string): boolean {
  const words = text.toLowerCase().split(/[\s#()·,-]+/);
  const wanted = typed.toLowerCase().split(/[\s#]+/).filter(Boolean);
  return wanted.every((want) => words.some((word) => word.startsWith(want)));
}

function name(user: number): string {
  return `headlight.recents.${user}`;
}
