// Whose answer counts? Of questions that overtake each other the last one; and none while the store is being told something.
import { sentence } from '../api';

export class Turns {
  #writing = 0;
  #asked = 0;

  /** Tells the store. What it said before is not shown meanwhile; `then` asks it anew, whether it agreed or not. */
  async write<Answer>(send: () => Promise<Answer>, then: () => void): Promise<Answer> {
    this.#writing += 1;
    this.#asked += 1;
    try {
      return await send();
    } finally {
      this.#writing -= 1;
      then();
    }
  }

  /** Asks the store. Neither an answer nor a refusal is heard that something newer has overtaken. */
  async read<Answer>(ask: () => Promise<Answer>, take: (answer: Answer) => unknown, refused: (problem: string) => void): Promise<void> {
    // While something is under way here, the store may not have heard of it; it is read when that is done.
    if (this.#writing > 0) return;
    const asked = ++this.#asked;
    try {
      const answer = await ask();
      if (asked === this.#asked) await take(answer);
    } catch (thrown) {
      if (asked === this.#asked) refused(sentence(thrown));
    }
  }
}
