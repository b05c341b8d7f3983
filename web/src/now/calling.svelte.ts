// How does this device call its person? By a sound, and by a notice over other windows: both off until somebody wants them here.
import { undo } from '../undo.svelte';

type Way = 'sound' | 'notices';

const stored = (way: Way): string => `headlight.${way}`;
const isOn = (way: Way): boolean => localStorage.getItem(stored(way)) === 'on';

// Two tones, the second a fifth higher: heard across a desk, over before anybody looks up.
const TONES_HZ = [660, 990];
const TONE_S = 0.14;
const LOUD = 0.2;
// Nothing at all is no loudness that a fall can end at.
const SILENT = 0.001;

class Calling {
  #sound = $state(isOn('sound'));
  #notices = $state(isOn('notices'));
  #speaker: AudioContext | null = null;

  get sound(): boolean {
    return this.#sound;
  }

  /** On, and still allowed by the browser. */
  get notices(): boolean {
    return this.#notices && this.mayNotice && Notification.permission === 'granted';
  }

  /** Browsers show notices of pages under https only, and of the computer itself. */
  get mayNotice(): boolean {
    return isSecureContext && 'Notification' in globalThis;
  }

  /** Heard at once by whoever switches it on. */
  setSound(on: boolean): void {
    this.#sound = on;
    keep('sound', on);
    if (on) this.ring();
  }

  async setNotices(on: boolean): Promise<void> {
    const isAllowed = !on || (await Notification.requestPermission()) === 'granted';
    this.#notices = on && isAllowed;
    keep('notices', this.#notices);
    if (!isAllowed) undo.problem('This browser does not let Headlight show notices. Its own settings for this address allow them.');
  }

  ring(): void {
    this.#speaker ??= new AudioContext();
    const { currentTime, destination } = this.#speaker;
    void this.#speaker.resume();
    for (const [at, hz] of TONES_HZ.entries()) {
      const begins = currentTime + at * TONE_S;
      const [tone, loudness] = [this.#speaker.createOscillator(), this.#speaker.createGain()];
      tone.frequency.value = hz;
      loudness.gain.setValueAtTime(LOUD, begins);
      loudness.gain.exponentialRampToValueAtTime(SILENT, begins + 2 * TONE_S);
      tone.connect(loudness).connect(destination);
      tone.start(begins);
      tone.stop(begins + 2 * TONE_S);
    }
  }

  /** One at a time: a newer notice takes the place of the last. */
  show(title: string, text: string, onopen: () => void): void {
    const notice = new Notification(title, { body: text, tag: 'headlight' });
    notice.onclick = () => {
      window.focus();
      notice.close();
      onopen();
    };
  }
}

function keep(way: Way, on: boolean): void {
  if (on) localStorage.setItem(stored(way), 'on');
  else localStorage.removeItem(stored(way));
}

export const calling = new Calling();
