// When does somebody work, and who is away? Pure words and times for the team.
import { atHour } from '../now/snooze';
import type { Away, Hours, TeamMember } from '../types';
import { plural, until } from '../words';

export type Week = (Hours | null)[];

export const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const NBSP = '\u00A0';
const NINE: Hours = { opens: 9 * 60, closes: 17 * 60 };

/** A week to begin with: the weekdays from nine to five. */
export const USUAL_WEEK: Week = [NINE, NINE, NINE, NINE, NINE, null, null];

/** "9:00 am" of minutes after midnight. */
export function minuteSaid(minute: number): string {
  const hour = Math.floor(minute / 60) % 24;
  return `${hour % 12 === 0 ? 12 : hour % 12}:${String(minute % 60).padStart(2, '0')}${NBSP}${hour < 12 ? 'am' : 'pm'}`;
}

/** "09:30" of a time field, as minutes after midnight; null for what is no time. */
export function fromClock(text: string): number | null {
  const found = /^(\d{1,2}):(\d{2})/.exec(text);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}

export function toClock(minute: number): string {
  return `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** "Mon to Fri 9:00 am to 5:00 pm, Sat 10:00 am to 2:00 pm"; days on which nobody works are left out. */
export function weekSaid(week: Week | null): string {
  if (week === null) return 'Whenever the store is open';
  const runs: { from: number; to: number; hours: Hours }[] = [];
  for (const [day, hours] of week.entries()) {
    const last = runs.at(-1);
    if (hours === null) continue;
    if (last?.to === day - 1 && last.hours.opens === hours.opens && last.hours.closes === hours.closes) last.to = day;
    else runs.push({ from: day, to: day, hours });
  }
  if (runs.length === 0) return 'On no day';
  const days = (from: number, to: number): string => (from === to ? `${DAYS[from]}` : `${DAYS[from]} to ${DAYS[to]}`);
  return runs.map(({ from, to, hours }) => `${days(from, to)} ${minuteSaid(hours.opens)} to ${minuteSaid(hours.closes)}`).join(', ');
}

/** What is wrong with a week, or null. */
export function weekProblem(week: Week): string | null {
  const at = week.findIndex((hours) => hours !== null && hours.closes <= hours.opens);
  return at < 0 ? null : `${DAYS[at]} ends before it begins.`;
}

/** Away from now to the end of the day on the store's clock. */
export function restOfToday(now_ms: number, zone: string): Away {
  return { from_ms: now_ms, until_ms: atHour(now_ms, 24, zone) };
}

/** Away on the whole of the next day. */
export function tomorrow(now_ms: number, zone: string): Away {
  return { from_ms: atHour(now_ms, 24, zone), until_ms: atHour(now_ms, 48, zone) };
}

/** "Away until Thu 9:00 am", "Away from tomorrow 12:00 am until Fri 12:00 am". */
export function awaySaid(away: Away, now_ms: number, zone: string): string {
  const end = until(away.until_ms, now_ms, zone);
  return away.from_ms <= now_ms ? `Away until ${end}` : `Away from ${until(away.from_ms, now_ms, zone)} until ${end}`;
}

/** What becomes of the cards of whoever goes: "4 open cards go to others". Null when there are none. */
export function handedOn(openCards: number): string | null {
  if (openCards === 0) return null;
  return openCards === 1 ? '1 open card goes to others' : `${plural(openCards, 'open card')} go to others`;
}

export type Standing = { word: string; shape: 'check' | 'disc' | 'ring' };

/** How somebody stands just now, in a word. */
export function standing({ away, is_off, with_customer, available, present }: TeamMember, now_ms: number): Standing {
  if (away !== null && away.from_ms <= now_ms) return { word: 'Away', shape: 'ring' };
  if (is_off) return { word: 'Off', shape: 'ring' };
  if (with_customer) return { word: 'With a customer', shape: 'disc' };
  if (!available) return { word: 'Busy', shape: 'disc' };
  return present ? { word: 'Free', shape: 'check' } : { word: 'Free, no screen open', shape: 'ring' };
}

/** "trucks" of " Trucks "; skills are kept in small letters, each once. */
export function withSkill(skills: readonly string[], typed: string): string[] {
  const skill = typed.trim().replace(/\s+/g, ' ').toLowerCase();
  return skill === '' || skills.includes(skill) ? [...skills] : [...skills, skill];
}
