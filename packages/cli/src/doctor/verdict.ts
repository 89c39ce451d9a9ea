import type { DoctorCode } from './codes.js';
import type { Situation, Way } from './situation.js';

/** How bad it is, the worst first. `unknown`: it could not be looked at. */
export const levels = ['failure', 'warning', 'unknown', 'note', 'ok'] as const;
export type Level = (typeof levels)[number];

/** What a check came to. */
export interface Verdict {
  /** Of what stops a way, `failure` here means "unless another way remains". */
  readonly level: Level;
  /** A clause: what is the case. */
  readonly finding: string;
  /** A clause: what that means for a load. */
  readonly consequence?: string;
  /** What to do about it, as a sentence; default: the cure of the check's code. */
  readonly cure?: string;
  /** The ways that cannot be gone. */
  readonly stops?: readonly Way[];
}

/** One thing that is looked at. */
export interface Check {
  readonly code: DoctorCode;
  /** In a word or two. */
  readonly title: string;
  /** Where it makes sense; default: always. */
  readonly when?: (situation: Situation) => boolean;
  readonly judge: (situation: Situation) => Verdict;
}

export const both: readonly Way[] = ['file', 'segments'];

export function fine(finding: string): Verdict {
  return { level: 'ok', finding };
}

export function note(finding: string, consequence?: string): Verdict {
  return { level: 'note', finding, ...(consequence !== undefined && { consequence }) };
}

export function unknown(finding: string): Verdict {
  return { level: 'unknown', finding };
}

export function warning(finding: string, consequence: string, cure?: string): Verdict {
  return { level: 'warning', finding, consequence, ...(cure !== undefined && { cure }) };
}

/** These ways cannot be gone. */
export function stops(ways: readonly Way[], finding: string, consequence: string, cure?: string): Verdict {
  return { level: 'failure', finding, consequence, stops: ways, ...(cure !== undefined && { cure }) };
}
