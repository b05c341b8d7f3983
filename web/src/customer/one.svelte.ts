// Who is this customer, and what has happened? One customer at a time, with as much of the story as was read.
import { get, Problem, sentence, wasAborted } from '../api';
import { live } from '../live.svelte';
import { mergeNewest, Pages } from '../parts/pages.svelte';
import type { Shown } from '../pipeline/acts';
import { afterwards } from '../pipeline/pipeline';
import type { CustomerPage, RoadCounts, StoryPage, StoryRow } from '../types';
import { holds, type RoadFilter } from './story';

const STORY_PAGE = 50;

function keyOf(row: StoryRow): string {
  return row.id;
}

export class OneCustomer {
  page = $state.raw<CustomerPage | null>(null);
  problem = $state<string | null>(null);
  isMissing = $state(false);
  readonly story = new Pages<StoryRow>();
  /** The number by which the page was asked for; a customer joined to another is shown under the other's. */
  askedFor = $state('');
  #storyOf = '';
  #asked = new AbortController();

  async open(id: string): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.problem = null;
    this.isMissing = false;
    if (this.page && String(this.page.id) !== id) this.page = null;
    try {
      this.page = await get<CustomerPage>(`/api/customers/${encodeURIComponent(id)}`, { signal: this.#asked.signal });
      this.askedFor = id;
    } catch (thrown) {
      if (wasAborted(thrown)) return;
      this.isMissing = thrown instanceof Problem && [400, 403, 404].includes(thrown.status);
      this.problem = sentence(thrown);
    }
  }

  /** How many lines there are on each road, once the story is read. */
  get roads(): RoadCounts | null {
    return (this.story.answer as StoryPage | null)?.roads ?? null;
  }

  async openStory(id: string, road: RoadFilter, words = ''): Promise<void> {
    const address = `/api/customers/${encodeURIComponent(id)}/story?road=${road}&q=${encodeURIComponent(words)}`;
    if (this.#storyOf !== id) this.story.items = [];
    this.#storyOf = id;
    if (!this.story.shows(address)) await this.story.open({ address, cursor: 'before', key: keyOf, size: STORY_PAGE });
  }

  /** Reads again what is on screen; what is new takes its place in the story by its time. */
  async refresh(): Promise<void> {
    if (!this.page) return;
    await Promise.all([
      this.open(String(this.page.id)),
      this.story.refreshNewest((loaded, page, isComplete) => mergeNewest(loaded, page, keyOf, isComplete)),
    ]);
  }

  /** Shows the page as the store answered with it. */
  replace(page: CustomerPage): void {
    if (!this.page || this.page.id !== page.id) return;
    this.#asked.abort();
    this.#asked = new AbortController();
    this.page = page;
  }

  /** This page as the place where the customer's sale stands. */
  readonly sale: Shown = {
    show: (change) => {
      const { page } = this;
      if (!page) return () => {};
      const before = page.opportunity;
      this.replace({ ...page, opportunity: afterwards(before, change, live.serverNow()) });
      return () => this.page?.id === page.id && this.replace({ ...this.page, opportunity: before });
    },
    write: async (send) => {
      const answer = await send();
      // What is said of a sale is answered with the page of its customer.
      await this.refresh();
      return answer;
    },
  };

  /** Shows a record that this page has just made, before the store tells of it. */
  add(row: StoryRow): void {
    this.story.items = mergeNewest(this.story.items, [row], keyOf, true);
  }

  /** Reads on until the record is there; false when the story ends without it. */
  async find(id: string): Promise<boolean> {
    const isThere = (): boolean => this.story.items.some((row) => holds(row, id));
    while (!isThere() && this.story.hasMore && this.story.status === 'ready') await this.story.more(200);
    return isThere();
  }
}
