// Which words of a message are which? The marks of whoever shows it, found in its text as the store will look for them.
import type { Mark, TaughtWord } from '../types';
import { FIELDS } from './setaside';

export type Values = Partial<Record<TaughtWord, string>>;

/** Where words stand in a text, by its own characters. */
export type Place = { from: number; to: number };

/** A stretch of the text, with all that it was marked as. */
export type Piece = { from: number; text: string; fields: TaughtWord[] };

/** The first place of some words, or null. Spaces, empty lines and signs of quotation make no difference. */
export function find(text: string, words: string): Place | null {
  const [all, wanted] = [squeezed(text), squeezed(words)];
  if (wanted.text === '') return null;
  const at = all.text.indexOf(wanted.text);
  const [from, last] = [all.at[at], all.at[at + wanted.text.length - 1]];
  return from === undefined || last === undefined ? null : { from, to: last + 1 };
}

/** The text in stretches, so that what was marked can be shown in it. */
export function pieces(text: string, values: Values): Piece[] {
  const marked = FIELDS.flatMap(({ field }) => {
    const place = find(text, values[field] ?? '');
    return place ? [{ field, ...place }] : [];
  });
  const cuts = [...new Set([0, text.length, ...marked.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, at) => {
    const to = cuts[at + 1] ?? text.length;
    const fields = marked.filter((mark) => mark.from <= from && to <= mark.to).map((mark) => mark.field);
    return { from, text: text.slice(from, to), fields };
  });
}

/** What is sent: every field that says something. */
export function marksOf(values: Values): Mark[] {
  return FIELDS.flatMap(({ field }) => {
    const value = values[field]?.trim() ?? '';
    return value === '' ? [] : [{ field, value }];
  });
}

// Names of a sender's computers, not of the sender.
const HOSTS = ['www', 'mail', 'email', 'e', 'em', 'leads', 'lead', 'notify', 'notifications', 'smtp', 'mg', 'news', 'reply', 'noreply', 'no-reply'];
// "co" of "co.uk": no name is that short before a country.
const SECOND_LEVEL = ['co', 'com', 'net', 'org', 'gov', 'edu', 'ac'];

/** A name for a sender, from what tells its messages: "Auto Guru" of "mail.auto-guru.example". */
export function sourceOf(sender: string): string {
  const [local = '', domain] = sender.includes('@') ? sender.split('@') : ['', sender];
  const words = local !== '' ? local : named(domain ?? '');
  return words.split(/[\s._+-]+/).filter(Boolean).map(capital).join(' ');
}

function named(domain: string): string {
  // A key's own name is no domain.
  if (!/^[\w-]+(\.[\w-]+)+$/.test(domain)) return domain;
  const labels = domain.split('.').slice(0, -1);
  if (labels.length > 1 && SECOND_LEVEL.includes(labels.at(-1) ?? '')) labels.pop();
  return labels.findLast((label) => !HOSTS.includes(label)) ?? domain;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

// Lines without their signs of quotation, single spaces, no empty lines; beside every character its place in the text.
function squeezed(text: string): { text: string; at: number[] } {
  let words = '';
  const at: number[] = [];
  const put = (sign: string, place: number): void => {
    words += sign;
    at.push(place);
  };
  for (const line of text.matchAll(/[^\r\n]+/g)) {
    const quoted = /^[> ]*/.exec(line[0])?.[0].length ?? 0;
    const inner = line[0].slice(quoted);
    const begins = line.index + quoted;
    let between = words === '' ? '' : '\n';
    for (const word of inner.matchAll(/\S+/g)) {
      if (between !== '') put(between, begins + word.index - 1);
      for (let step = 0; step < word[0].length; step++) put(word[0].charAt(step), begins + word.index + step);
      between = ' ';
    }
  }
  return { text: words, at };
}
