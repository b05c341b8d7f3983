// Which tags does this store use? Read when somebody begins to type one.
import { get } from '../api';
import type { TagList } from '../types';

class TagsInUse {
  all = $state.raw<string[]>([]);

  async read(): Promise<void> {
    try {
      this.all = (await get<TagList>('/api/tags')).tags.map((each) => each.tag);
    } catch {
      // Suggestions only: without them a tag is typed whole.
    }
  }

  /** One that was just made. */
  note(tag: string): void {
    if (!this.all.includes(tag)) this.all = [...this.all, tag];
  }
}

export const tagsInUse = new TagsInUse();
