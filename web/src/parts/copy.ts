// How is text copied where the browser withholds its clipboard? By selecting it and asking for the old command.
import { plain } from '../words';

/** Copies what stands in the field. False when the browser refused; then the text is left selected for the person's own keys. */
export async function copyField(field: HTMLTextAreaElement): Promise<boolean> {
  if (window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(plain(field.value));
      return true;
    } catch {
      // Refused by a setting; the old way may still be allowed.
    }
  }
  field.focus();
  field.select();
  // Deprecated, and the only way on a plain http address.
  return document.execCommand('copy');
}

/** Copies a text that stands in no field, through one that nobody sees. */
export async function copyText(text: string): Promise<boolean> {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'vh';
  const before = document.activeElement;
  // An open dialog takes the focus back from everything outside it.
  (before?.closest('[role=dialog]') ?? document.body).append(field);
  const copied = await copyField(field);
  field.remove();
  if (before instanceof HTMLElement) before.focus();
  return copied;
}

/** Whatever is copied on the page leaves it with plain hyphens, by whichever keys or menu. */
export function copyPlainly(event: ClipboardEvent): void {
  const text = selected(event.target);
  if (plain(text) === text) return;
  event.clipboardData?.setData('text/plain', plain(text));
  event.preventDefault();
}

function selected(target: EventTarget | null): string {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) {
    return target.value.slice(target.selectionStart ?? 0, target.selectionEnd ?? 0);
  }
  return String(getSelection() ?? '');
}
