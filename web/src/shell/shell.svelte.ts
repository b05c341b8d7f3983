// What of the shell is open or folded? Kept here so that keys, buttons and the palette agree.
import { MediaQuery } from 'svelte/reactivity';

const STORED = 'headlight.nav-folded';

class Shell {
  #folded = $state(localStorage.getItem(STORED) === 'yes');
  #narrow = new MediaQuery('max-width: 1180px');
  /** The "all keys" sheet. */
  keysOpen = $state(false);
  paletteOpen = $state(false);
  /** My settings; on a phone also the screens that have no tab. */
  accountOpen = $state(false);

  get isBoxOpen(): boolean {
    return this.keysOpen || this.accountOpen;
  }

  /** Icons only: on a tablet always, on a desk by choice. */
  get isRail(): boolean {
    return this.#folded || this.#narrow.current;
  }

  toggleFold(): void {
    this.#folded = !this.#folded;
    localStorage.setItem(STORED, this.#folded ? 'yes' : 'no');
  }
}

export const shell = new Shell();
