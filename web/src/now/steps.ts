// When is a step of the playbook due, and was it missed?
import type { Step } from '../types';
import { dayNumber, moment, time } from '../words';

export type StepTime = { text: string; isLate: boolean };

/** "8:43 am", "Mon 9:30 am", "Was due Sat 8:03 pm"; a step without a time says itself when it is: "Now". */
export function stepTime(step: Step, now: number, zone: string): StepTime {
  if (step.at_ms == null) return { text: step.label, isLate: false };
  const clock = time(step.at_ms, zone);
  const at = dayNumber(step.at_ms, zone) === dayNumber(now, zone) ? clock : `${moment(step.at_ms, now, zone)} ${clock}`;
  const isLate = !step.done && step.at_ms <= now;
  return { text: isLate ? `Was due ${at}` : at, isLate };
}
