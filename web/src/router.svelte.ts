// Where are we, and how do we get elsewhere? Address to screen and back, with history and without reloads.

/** Params of `path` when it fits `pattern`, else null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = parts(pattern);
  const given = parts(path);
  if (given.length > wanted.length) return null;
  const params: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const part = given[index];
    if (part === undefined) return want.endsWith('?') ? params : null;
    if (want.startsWith(':')) params[want.slice(1).replace('?', '')] = part;
    else if (want !== part) return null;
  }
  return params;
}

/** The first of `table` that fits, with its params. */
export function resolve<R extends { path: string }>(
  table: readonly R[],
  path: string,
): { route: R; params: Record<string, string> } | null {
  for (const route of table) {
    const params = match(route.path, path);
    if (params) return { route, params };
  }
  return null;
}

function parts(path: string): string[] {
  return path.split('/').filter(Boolean).map(decode);
}

// A hand-typed "%" must not throw; it is then simply an address that isn't here.
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

class Router {
  #url = $state.raw(new URL(location.href));

  /** A name to use instead of the screen's own, such as the customer's; cleared by every navigation. */
  title = $state<string | null>(null);

  get path(): string {
    return this.#url.pathname;
  }

  get query(): URLSearchParams {
    return this.#url.searchParams;
  }

  /** Path and query, to come back to this very view. */
  get here(): string {
    return this.#url.pathname + this.#url.search;
  }

  go(href: string, options: { replace?: boolean } = {}): void {
    const next = new URL(href, location.origin);
    if (next.href === this.#url.href) return;
    if (options.replace) history.replaceState(history.state, '', next);
    else history.pushState({ steps: this.#steps + 1 }, '', next);
    this.#arrive(next);
  }

  /** Sets or (with null) drops query words, leaving the rest of the address as it is. */
  setQuery(changes: Record<string, string | null>, options: { replace?: boolean } = { replace: true }): void {
    const next = new URL(this.#url);
    for (const [word, value] of Object.entries(changes)) {
      if (value === null || value === '') next.searchParams.delete(word);
      else next.searchParams.set(word, value);
    }
    this.go(next.pathname + next.search, options);
  }

  /** Back to where the person came from, or to `otherwise` when this page was opened by a link. */
  back(otherwise: string): void {
    if (this.#steps > 0) history.back();
    else this.go(otherwise, { replace: true });
  }

  /** Starts listening to the back button and to plain clicks on our own links. */
  start(): void {
    window.addEventListener('popstate', () => this.#arrive(new URL(location.href)));
    document.addEventListener('click', (event) => this.#follow(event));
    if (this.path === '/') this.go('/now', { replace: true });
  }

  get #steps(): number {
    return (history.state as { steps?: number } | null)?.steps ?? 0;
  }

  #arrive(url: URL): void {
    if (url.pathname !== this.#url.pathname) this.title = null;
    this.#url = url;
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href]');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.pathname.startsWith('/api/') || link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    this.go(link.pathname + link.search, { replace: link.dataset['replace'] !== undefined });
  }
}

export const router = new Router();
