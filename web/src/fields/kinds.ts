// Which kinds of fields are there, and how does a name become the key that stays?
import type { FieldKind, OwnField } from '../types';

export const KINDS: readonly { value: FieldKind; label: string }[] = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'money', label: 'Money' },
  { value: 'date', label: 'Date' },
  { value: 'yes_no', label: 'Yes or no' },
  { value: 'choice', label: 'One of a list' },
];

const KEY_MOST_CHARS = 60;

export function kindName(kind: FieldKind): string {
  return KINDS.find((each) => each.value === kind)?.label ?? '';
}

/** One a line; empty lines and what stands there twice are left out. */
export function choicesOf(lines: string): string[] {
  const all = lines.split('\n').map((line) => line.trim()).filter(Boolean);
  return [...new Set(all)];
}

/** The key of a new field, as the store makes it of a name: "Spouse’s name" is `spouse-s-name`. Null when nothing of it is left. */
export function freeKey(label: string, known: readonly Pick<OwnField, 'key'>[]): string | null {
  const dashed = label.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
  if (dashed === '') return null;
  const key = dashed.slice(0, KEY_MOST_CHARS - 3).replace(/-$/, '');
  // A second field of a name must not write over the first.
  for (let n = 1; ; n += 1) {
    const tried = n === 1 ? key : `${key}-${n}`;
    if (!known.some((field) => field.key === tried)) return tried;
  }
}
