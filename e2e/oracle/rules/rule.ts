import type { Difference, Evidence } from '../judge.js';

/**
 * Where we differ from kexec-tools on purpose: one named reason, with a test that shows it at work. A difference that no rule
 * explains is a disagreement. The table in the documentation is made of these.
 */
export interface Rule {
  readonly name: string;
  /** Of what: for people, e.g. `boot_params of every Linux kernel`. */
  readonly of: string;
  /** Which items it can explain. */
  readonly items: RegExp;
  /** For people. */
  readonly theirs: string;
  readonly ours: string;
  readonly reason: string;
  /** What of kexec-tools is wrong, where something is: as it is known there or to us. */
  readonly defect?: string;
  /** Whether it explains that difference: from what is known of the case it says what each side must have. */
  readonly explains: (difference: Difference, evidence: Evidence) => boolean;
}

/** Identity: gives the functions of rules their types. */
export function defineRules(rules: readonly Rule[]): readonly Rule[] {
  return rules;
}
