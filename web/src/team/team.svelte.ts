// Who works here just now, and what is said of them? One list for the settings and for one's own account.
import { get, put, remove, sentence } from '../api';
import { live } from '../live.svelte';
import { soon } from '../parts/soon';
import { session } from '../session.svelte';
import type { Away, SetWork, Team, TeamMember } from '../types';
import { undo } from '../undo.svelte';
import { shortName } from '../words';
import { awaySaid, handedOn } from './team';

class Members {
  all = $state.raw<TeamMember[] | null>(null);
  problem = $state<string | null>(null);

  of(id: number): TeamMember | null {
    return this.all?.find(({ person }) => person.id === id) ?? null;
  }

  async read(): Promise<void> {
    this.problem = null;
    try {
      this.all = (await get<Team>('/api/team')).people;
    } catch (thrown) {
      this.problem = sentence(thrown);
    }
  }

  /** Reads again whenever somebody comes, goes or is changed, until the returned function is called. */
  listen(): () => void {
    void this.read();
    const again = soon(() => void this.read());
    const stops = [live.on('staff', again), live.on('alert', again), live.onResync(again)];
    return () => stops.forEach((stop) => stop());
  }

  /** Gives the sentence of what was refused, or null. */
  async sayAway(member: TeamMember, away: Away): Promise<string | null> {
    const now = live.serverNow();
    const zone = session.me.store.zone;
    const gone = handedOn(member.open_cards);
    const then = away.from_ms > now ? ' Whatever is open then goes to others.' : gone === null ? '' : ` ${gone}.`;
    const done = `${named(member)}: ${lower(awaySaid(away, now, zone))}.${then}`;
    return this.#change(member, () => this.#putAway(member, away), done, () => this.#awayAsBefore(member));
  }

  async sayBack(member: TeamMember): Promise<string | null> {
    const done = member.person.id === session.me.user.id ? 'You are back.' : `${named(member)} is back.`;
    return this.#change(member, () => this.#dropAway(member), done, () => this.#awayAsBefore(member));
  }

  async setWork(member: TeamMember, work: SetWork): Promise<string | null> {
    const { schedule, skills } = member;
    const send = (said: SetWork): Promise<Team> => put<Team>(`/api/team/${member.person.id}/work`, said);
    return this.#change(member, () => send(work), `Hours and skills of ${named(member)} are set.`, () => send({ schedule, skills }));
  }

  #awayAsBefore(member: TeamMember): Promise<Team> {
    const { away } = member;
    return away !== null && away.until_ms > live.serverNow() ? this.#putAway(member, away) : this.#dropAway(member);
  }

  #putAway({ person }: TeamMember, away: Away): Promise<Team> {
    return put<Team>(`/api/team/${person.id}/away`, away);
  }

  #dropAway({ person }: TeamMember): Promise<Team> {
    return remove<Team>(`/api/team/${person.id}/away`);
  }

  async #change(member: TeamMember, send: () => Promise<Team>, done: string, back: () => Promise<Team>): Promise<string | null> {
    try {
      this.all = (await send()).people;
    } catch (thrown) {
      return sentence(thrown);
    }
    undo.say(done, () => void this.#takeBack(member, back));
    return null;
  }

  async #takeBack(member: TeamMember, back: () => Promise<Team>): Promise<void> {
    try {
      this.all = (await back()).people;
      // The store hands cards on once; whoever has them now may be on the phone already.
      const fewer = (this.of(member.person.id)?.open_cards ?? 0) < member.open_cards;
      undo.say(fewer ? 'Taken back. Cards that went to others stay with them.' : 'Taken back.');
    } catch (thrown) {
      undo.problem(sentence(thrown));
    }
  }
}

function named({ person }: TeamMember): string {
  return person.id === session.me.user.id ? 'You' : shortName(person.name);
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

export const members = new Members();
