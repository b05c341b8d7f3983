// How does a file get to the store computer? In one piece, with its progress, and with a sentence when it breaks off.
import { Problem } from '../api';
import type { ImportDraft, ProblemBody } from '../types';

// What a browser may bring; the store computer refuses more in the same place. The command takes larger files.
export const MOST_BYTES = 128 * 1024 * 1024;

const BROKEN_OFF = 'The file did not arrive whole, and nothing of it was kept. Check the network and bring it again.';

/** Why a file need not be sent at all; null when it may. */
export function refusal(file: Pick<File, 'name' | 'size'>): string | null {
  if (file.size === 0) return `${file.name} is empty. Export it again with its rows.`;
  if (file.size <= MOST_BYTES) return null;
  return `${file.name} has ${mebibytes(file.size)} MB, and a browser may bring ${mebibytes(MOST_BYTES)} MB. Export it in parts, for instance a year at a time, or use the command “headlight import” at the store computer.`;
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / (1024 * 1024));
}

export type Upload = { brought: Promise<ImportDraft>; stop: () => void };

/** Sends a file. `onprogress` hears the share that has left, 0 to 1; the answer follows when the file was looked at. */
export function upload(file: File, onprogress: (share: number) => void): Upload {
  // fetch does not tell how much has left.
  const request = new XMLHttpRequest();
  const brought = new Promise<ImportDraft>((done, failed) => {
    request.open('POST', '/api/imports');
    request.responseType = 'json';
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
    request.upload.onprogress = (event) => onprogress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onload = () => {
      if (request.status < 300) done(request.response as ImportDraft);
      else failed(problem(request.status, request.response as Partial<ProblemBody> | null));
    };
    request.onerror = () => failed(new Problem(0, 'broken-off', BROKEN_OFF));
    request.onabort = () => failed(new DOMException('stopped', 'AbortError'));
  });
  // A file that was changed or taken away since it was chosen cannot be read; the request then fails like a broken line.
  request.send(file);
  return { brought, stop: () => request.abort() };
}

function problem(status: number, body: Partial<ProblemBody> | null): Problem {
  const said = body?.detail ?? body?.title;
  return new Problem(status, body?.code ?? '', said ?? `The store computer answered with error ${status}, and nothing was kept. Bring the file again.`);
}
