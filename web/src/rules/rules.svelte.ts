// Which rules has the store, and how is one set? The list as it was read, with the one act that changes it.
import { get, post, Problem, put, sentence } from '../api';
import type { RuleList, RuleMatches, RuleSetting, RuleShape } from '../types';
import { undo } from '../undo.svelte';

const address = (rule: RuleShape): string => `/api/rules/${encodeURIComponent(rule.rule)}`;

export const countMatches = (rule: RuleShape, setting: RuleSetting): Promise<RuleMatches> =>
  post<RuleMatches>(`${address(rule)}/matches`, { ...setting, on: true });

class Rules {
  all = $state.raw<RuleShape[] | null>(null);
  problem = $state<string | null>(null);

  async read(): Promise<void> {
    this.problem = null;
    try {
      this.all = (await get<RuleList>('/api/rules')).items;
    } catch (thrown) {
      this.problem = sentence(thrown);
    }
  }

  /** Sets a rule over the version that was looked at, with an undo. Gives the problem of what was refused, or null. */
  async set(rule: RuleShape, setting: RuleSetting, done: string): Promise<Problem | null> {
    try {
      const after = await this.#put(rule, setting);
      undo.say(done, () => void this.#back(after, rule.setting));
      return null;
    } catch (thrown) {
      return thrown instanceof Problem ? thrown : new Problem(-1, '', sentence(thrown));
    }
  }

  async #back(rule: RuleShape, setting: RuleSetting): Promise<void> {
    try {
      await this.#put(rule, setting);
      undo.say('Taken back.');
    } catch (thrown) {
      undo.problem(sentence(thrown));
      await this.read();
    }
  }

  // What a rule counts is of the list; the answer has the same counts, read anew.
  async #put(rule: RuleShape, setting: RuleSetting): Promise<RuleShape> {
    const after = await put<RuleShape>(address(rule), setting, { 'If-Match': `"${rule.version}"` });
    this.all = this.all?.map((other) => (other.rule === after.rule ? after : other)) ?? null;
    return after;
  }
}

export const rules = new Rules();
