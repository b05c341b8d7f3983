// What did somebody choose for this device? A yes or no that is found again when the page is opened anew.

export class Remembered {
  readonly #key: string;
  #is: boolean;

  constructor(key: string) {
    this.#key = key;
    this.#is = $state(localStorage.getItem(key) === 'yes');
  }

  get is(): boolean {
    return this.#is;
  }

  toggle(): void {
    this.#is = !this.#is;
    localStorage.setItem(this.#key, this.#is ? 'yes' : 'no');
  }
}
