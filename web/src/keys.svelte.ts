// Which key does what, here and now? One list feeds the keyboard, the "all keys" sheet, the tooltips and the palette.

export type Binding = {
  /** "j", "g n", "Mod+k", "Shift+j", "Escape", "Enter", "ArrowDown", "?" */
  keys: string;
  label: string;
  /** Heading in the "all keys" sheet. */
  group: string;
  run: () => void;
  /** Also while a text field has the focus; only for keys that type nothing. */
  inFields?: boolean;
  /** Holding the key down repeats the act. */
  repeats?: boolean;
  /** Left out of the sheet, for twins such as the arrow of J. */
  quiet?: boolean;
};

/** What single letters do: act, nothing, or only with Alt held (WCAG 2.1.4). */
export type Letters = 'on' | 'off' | 'alt';

type Layer = { modal: boolean; bindings: Binding[] };

// 1.2 s: long enough for two fingers, short enough that a stray G does not swallow a later N.
const SEQUENCE_MS = 1_200;
const STORED = 'headlight.letters';

const LETTERS: readonly string[] = ['on', 'off', 'alt'] satisfies Letters[];

/** The words of a key press, as bindings spell them. */
export function spell(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = letterUnderAlt(event) ?? (event.key.length === 1 ? event.key.toLowerCase() : event.key);
  const isLetter = key.length === 1 && key !== key.toUpperCase();
  // "?" is Shift and another key on most keyboards; only letters and named keys spell their Shift.
  const shift = event.shiftKey && (isLetter || key.length > 1) ? 'Shift+' : '';
  return (event.ctrlKey || event.metaKey ? 'Mod+' : '') + (event.altKey ? 'Alt+' : '') + shift + key;
}

// Alt and a letter type another character on a Mac, so the key itself is asked.
function letterUnderAlt(event: Pick<KeyboardEvent, 'code' | 'altKey'>): string | null {
  return event.altKey && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : null;
}

function isSingle(keys: string): boolean {
  return keys.split(' ').every((part) => part.replace('Shift+', '').length === 1);
}

function typesInto(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}

// Enter and Space belong to the focused control before they belong to the screen.
function pressesItself(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' && event.key !== ' ') return false;
  return event.target instanceof Element && event.target.closest('a[href],button,summary,[role=menuitem],[role=option]') !== null;
}

export class Keys {
  // The truth; what shows it follows. A clean-up that read a state would read it as it was before the flush in which it runs, and so
  // lose the keys that others added in the same flush.
  #held: Layer[] = [];
  #layers = $state.raw<Layer[]>([]);
  #letters = $state<Letters>(readLetters());
  #begun = '';
  #begunAt = 0;

  get letters(): Letters {
    return this.#letters;
  }

  set letters(choice: Letters) {
    this.#letters = choice;
    document.documentElement.dataset['letters'] = choice;
    localStorage.setItem(STORED, choice);
  }

  /** Everything that acts now, nearest layer first; what the sheet and the palette print. */
  get active(): Binding[] {
    const found: Binding[] = [];
    for (const layer of this.#layers.toReversed()) {
      for (const binding of layer.bindings) {
        if (!found.some((nearer) => nearer.keys === binding.keys)) found.push(binding);
      }
      if (layer.modal) break;
    }
    return found;
  }

  /**
   * Adds bindings until the returned function is called; made to be an effect's clean-up.
   * A `modal` layer silences those below it; one that goes `under` gives way to all others.
   */
  use(bindings: Binding[], options: { modal?: boolean; under?: boolean } = {}): () => void {
    const layer: Layer = { modal: options.modal ?? false, bindings };
    this.#hold(options.under ? [layer, ...this.#held] : [...this.#held, layer]);
    return () => this.#hold(this.#held.filter((other) => other !== layer));
  }

  #hold(layers: Layer[]): void {
    this.#held = layers;
    this.#layers = layers;
  }

  start(): void {
    document.documentElement.dataset['letters'] = this.#letters;
    document.addEventListener('keydown', (event) => this.press(event, performance.now()));
  }

  /** Runs what the press means. `at_ms` is any steady clock. */
  press(event: KeyboardEvent, at_ms: number): void {
    if (event.defaultPrevented || event.isComposing || pressesItself(event)) return;
    if (['Control', 'Meta', 'Alt', 'Shift'].includes(event.key)) return;
    const inField = typesInto(event.target);
    const spelled = spell(event);
    const begun = at_ms - this.#begunAt < SEQUENCE_MS ? this.#begun : '';
    const found = this.#find(begun ? `${begun} ${spelled}` : spelled, inField) ?? this.#find(spelled, inField);
    this.#begun = '';
    if (found) {
      event.preventDefault();
      if (!event.repeat || found.repeats) found.run();
    } else if (!inField && this.#begins(spelled)) {
      this.#begun = spelled;
      this.#begunAt = at_ms;
    }
  }

  #find(spelled: string, inField: boolean): Binding | undefined {
    return this.active.find((binding) => {
      if (inField && !binding.inFields) return false;
      if (!isSingle(binding.keys)) return binding.keys === spelled;
      if (this.#letters === 'off') return false;
      return this.#letters === 'alt' ? withAlt(binding.keys) === spelled : binding.keys === spelled;
    });
  }

  #begins(spelled: string): boolean {
    return this.active.some((binding) => {
      const keys = this.#letters === 'alt' ? withAlt(binding.keys) : binding.keys;
      return this.#letters !== 'off' && keys.startsWith(`${spelled} `);
    });
  }
}

// Only the first key of a sequence asks for Alt; the second follows at once.
function withAlt(keys: string): string {
  return `Alt+${keys}`;
}

function readLetters(): Letters {
  const stored = localStorage.getItem(STORED) ?? 'on';
  return LETTERS.includes(stored) ? (stored as Letters) : 'on';
}

const NAMES: Record<string, string> = {
  Mod: /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl',
  Escape: 'Esc',
  Enter: '↵',
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** The caps to draw: "g n" is two, ["G", "N"], "Mod+k" is one, ["Ctrl K"]. */
export function caps(keys: string): string[] {
  const name = (part: string): string => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  return keys.split(' ').map((press) => press.split('+').map(name).join(' '));
}

export const keys = new Keys();
