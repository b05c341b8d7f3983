// May the customer see this screen? Then no amount stands on it. Remembered on this device, as a tablet stays at its counter.
const STORED = 'headlight.service-money-hidden';

class Hiding {
  #isHidden = $state(localStorage.getItem(STORED) === 'yes');

  get isHidden(): boolean {
    return this.#isHidden;
  }

  toggle(): void {
    this.#isHidden = !this.#isHidden;
    localStorage.setItem(STORED, this.#isHidden ? 'yes' : 'no');
  }
}

export const hiding = new Hiding();
