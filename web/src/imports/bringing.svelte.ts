// Which file is on its way? One at a time; the page may be left meanwhile, not closed.
import { sentence, wasAborted } from '../api';
import { refusal, upload, type Upload } from './upload';

class Bringing {
  file = $state<string | null>(null);
  /** What has left, 0 to 1; at 1 the store computer looks at the file. */
  share = $state(0);
  problem = $state<string | null>(null);
  #under: Upload | null = null;

  /** Brings a file; the number of its import, or null when it was refused, stopped or broke off. */
  async bring(file: File): Promise<number | null> {
    if (this.#under) return null;
    this.problem = refusal(file);
    if (this.problem !== null) return null;
    this.file = file.name;
    this.share = 0;
    try {
      this.#under = upload(file, (share) => (this.share = share));
      return (await this.#under.brought).run.id;
    } catch (thrown) {
      this.problem = wasAborted(thrown) ? null : sentence(thrown);
      return null;
    } finally {
      this.#under = null;
      this.file = null;
    }
  }

  stop(): void {
    this.#under?.stop();
  }
}

export const bringing = new Bringing();
