// How does the page talk to the store computer? Reads, and writes that may be repeated without doing their work twice.
import type { ProblemBody } from './types';

const UNREACHABLE = 'The store computer could not be reached. Nothing was lost; try again in a moment.';

// 10 s: a Wi-Fi hand-over between two access points takes a few seconds, an outage takes longer.
const KEEP_TRYING_MS = 10_000;

/** Why a request was not carried out. `status` 0 means that no answer came at all. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    /** The whole answer, where it says more than a sentence. */
    readonly body: unknown = null,
  ) {
    super(detail);
    this.name = 'Problem';
  }
}

let whenSignedOut: (code: string) => void = () => {};

/** Says who is told when an answer is 401, whichever request met it first. */
export function onSignedOut(listener: (code: string) => void): void {
  whenSignedOut = listener;
}

export function get<Answer>(path: string, options: { signal?: AbortSignal } = {}): Promise<Answer> {
  // no-cache asks the server each time, but lets it answer "unchanged" by the ETag that the browser kept.
  return answer<Answer>(path, { cache: 'no-cache', signal: options.signal ?? null });
}

export function post<Answer>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return write<Answer>('POST', path, body, headers);
}

export function put<Answer>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return write<Answer>('PUT', path, body, headers);
}

/** Sends a file as it is; its name goes along for showing. */
export function upload<Answer>(path: string, file: File): Promise<Answer> {
  const headers = { 'Content-Type': 'application/octet-stream', 'X-File-Name': encodeURIComponent(file.name) };
  return send<Answer>({ method: 'POST', headers, body: file }, path);
}

export function remove<Answer>(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return write<Answer>('DELETE', path, {}, headers);
}

/** Takes something away on the way out: the browser sends it even when the page is gone, and nobody hears what came of it. */
export function removeInPassing(path: string): void {
  const headers = { 'Content-Type': 'application/json' };
  void fetch(path, { method: 'DELETE', credentials: 'same-origin', keepalive: true, headers, body: '{}' }).catch(() => {});
}

/** The sentence to show for anything that was thrown. */
export function sentence(thrown: unknown): string {
  return thrown instanceof Problem ? thrown.detail : 'Something went wrong on this device. Reload the page to go on.';
}

export function wasAborted(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}

/** 32 hex digits. crypto.randomUUID is withheld on a plain http LAN address, getRandomValues is not. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function write<Answer>(method: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return send<Answer>({ method, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) }, path);
}

const underway = new Set<Promise<unknown>>();

/** Whether the store has yet to answer a write. */
export function isWriting(): boolean {
  return underway.size > 0;
}

/** Resolves when every write that is underway has its answer, and whoever sent it has said what came of it. */
export async function written(): Promise<void> {
  await Promise.allSettled(underway);
  await new Promise((wake) => setTimeout(wake, 0));
}

function send<Answer>(said: RequestInit & { headers: Record<string, string> }, path: string): Promise<Answer> {
  const sent = keepSending<Answer>(said, path);
  const end = (): void => void underway.delete(sent);
  underway.add(sent);
  sent.then(end, end);
  return sent;
}

async function keepSending<Answer>(said: RequestInit & { headers: Record<string, string> }, path: string): Promise<Answer> {
  const request: RequestInit = { ...said, headers: { 'Idempotency-Key': newKey(), ...said.headers } };
  const giveUpAt = performance.now() + KEEP_TRYING_MS;
  for (let wait = 500; ; wait *= 2) {
    try {
      return await answer<Answer>(path, request);
    } catch (thrown) {
      // The same key goes along again, so an answer lost on the way back does no harm.
      if (!(thrown instanceof Problem) || thrown.status !== 0 || performance.now() + wait > giveUpAt) throw thrown;
      await new Promise((wake) => setTimeout(wake, wait));
    }
  }
}

async function answer<Answer>(path: string, request: RequestInit): Promise<Answer> {
  const response = await reach(path, request);
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as Answer;
  const problem = await readProblem(response);
  if (problem.status === 401) whenSignedOut(problem.code);
  throw problem;
}

async function reach(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { credentials: 'same-origin', ...request });
  } catch (thrown) {
    if (wasAborted(thrown)) throw thrown;
    throw new Problem(0, 'unreachable', UNREACHABLE);
  }
}

async function readProblem(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Partial<ProblemBody>;
    return new Problem(response.status, body.code ?? '', body.detail ?? body.title ?? UNREACHABLE, body);
  } catch {
    return new Problem(response.status, '', `The store computer answered with error ${response.status}. Try again.`);
  }
}
