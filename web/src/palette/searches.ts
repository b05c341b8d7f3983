// What did this person search for lately on this device? Words only; they never leave it.

const AT_MOST = 10;
// A pasted page is no search to come back to.
const MOST_CHARS = 80;

export function readSearches(user: number): string[] {
  const stored = localStorage.getItem(name(user));
  return stored === null ? [] : (JSON.parse(stored) as string[]);
}

/** The newest first. A search that only went on from an earlier one takes its place: "whit" gives way to "whitfield". */
export function rememberSearch(user: number, text: string): void {
  const said = text.trim().replace(/\s+/g, ' ');
  if (said.length < 2 || said.length > MOST_CHARS) return;
  const low = said.toLowerCase();
  const others = readSearches(user).filter((other) => !low.startsWith(other.toLowerCase()));
  localStorage.setItem(name(user), JSON.stringify([said, ...others].slice(0, AT_MOST)));
}

export function forgetSearches(user: number): void {
  localStorage.removeItem(name(user));
}

function name(user: number): string {
  return `headlight.searches.${user}`;
}
