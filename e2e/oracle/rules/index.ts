import type { Comparison, Difference } from '../judge.js';
import { crashRules } from './crash.js';
import { linuxRules } from './linux.js';
import { memoryMapRules } from './memory-map.js';
import { multibootRules } from './multiboot.js';
import { outcomeRules } from './outcome.js';
import { placeRules } from './places.js';
import type { Rule } from './rule.js';

export type { Rule } from './rule.js';

/** Everything in which we differ from kexec-tools on purpose. The first rule that explains a difference has it. */
export const rules: readonly Rule[] = [
  ...outcomeRules,
  ...placeRules,
  ...crashRules,
  ...memoryMapRules,
  ...linuxRules,
  ...multibootRules,
];

/** What is said of a case. */
export interface Verdict {
  readonly kind: 'equal' | 'explained' | 'disagreement';
  /** By name, in the order in which they were needed. */
  readonly rules: readonly string[];
  /** What no rule explains. */
  readonly unexplained: readonly Difference[];
}

export function judge({ differences, evidence }: Comparison, by: readonly Rule[] = rules): Verdict {
  const needed = new Set<string>();
  const unexplained: Difference[] = [];
  for (const difference of differences) {
    const rule = by.find(
      ({ items, explains }) => items.test(difference.item) && explains(difference, evidence),
    );
    if (rule === undefined) unexplained.push(difference);
    else needed.add(rule.name);
  }
  const kind = unexplained.length > 0 ? 'disagreement' : needed.size > 0 ? 'explained' : 'equal';
  return { kind, rules: [...needed], unexplained };
}
