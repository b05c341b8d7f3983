// Which files can be kept with a customer, and how large is one?
import { count } from '../words';

/** The store computer takes no more. */
export const FILE_MOST_BYTES = 20 * 1024 * 1024;

/** "48 KB", "2.4 MB"; never "0 KB". */
export function fileSize(bytes: number): string {
  const mb = bytes / (1024 * 1024);
  return mb >= 1 ? `${(Math.round(mb * 10) / 10).toFixed(1).replace(/\.0$/, '')}\u00A0MB` : `${count(Math.max(1, bytes / 1024))}\u00A0KB`;
}

/** Why a file cannot be kept, in a sentence; null when it can. */
export function whyNot(file: { name: string; size: number }): string | null {
  if (file.size === 0) return `${file.name} is empty.`;
  if (file.size > FILE_MOST_BYTES) return `${file.name} has ${fileSize(file.size)}; a file may have ${fileSize(FILE_MOST_BYTES)}.`;
  return null;
}
