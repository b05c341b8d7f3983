// Many causes, one effect: a function that runs once, a little after it was last asked for.

// 250 ms: the changes of one import batch arrive closer together than this.
const WAIT_MS = 250;
// 2 s: a stream of changes that never pauses must not starve the screen.
const AT_LATEST_MS = 2_000;

export function soon(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let first: number | null = null;
  return () => {
    const now = performance.now();
    first ??= now;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        first = null;
        run();
      },
      Math.max(0, Math.min(WAIT_MS, first + AT_LATEST_MS - now)),
    );
  };
}
