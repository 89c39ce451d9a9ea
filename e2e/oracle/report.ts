import type { Disagreement, Report, Tally } from './bulk.js';
import type { Difference } from './judge.js';

/** The figures of a run as text: what is equal item by item, what rules explain, and every disagreement by name. */
export function reportOf(report: Report, repeat: (found: Disagreement) => string): string {
  const lines = [...report.tallies].flatMap(([format, tally]) => [
    `\n${format}: ${verdicts(tally)}`,
    ...groups(tally),
  ]);
  return [
    ...lines,
    '\nexplained by rules (machines in which each was needed)',
    ...ruleLines(report),
    ...report.disagreements.flatMap((found) => disagreement(found, repeat)),
    `\n${summary(report)}`,
  ].join('\n');
}

/** The one line that counts. */
export function summary({ tallies, disagreements, seconds }: Report): string {
  const all = sum([...tallies.values()].flatMap(({ kinds }) => [...kinds.values()]));
  const loaded = sum([...tallies.values()].map((tally) => tally.loaded));
  const agreed = all - disagreements.length;
  return (
    `${agreed} of ${all} machines agree (${percent(agreed, all)}), ${disagreements.length} disagreements; ` +
    `on ${loaded} both load; ${seconds.toFixed(0)} s`
  );
}

function verdicts({ kinds, loaded }: Tally): string {
  const of = (kind: 'equal' | 'explained' | 'disagreement') => kinds.get(kind) ?? 0;
  return `${of('equal')} equal in everything, ${of('explained')} by rules, ${of('disagreement')} disagreements; both load ${loaded}`;
}

function groups({ counts }: Tally): string[] {
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([group, { equal, all }]) =>
        `  ${group.padEnd(24)} ${percent(equal, all).padStart(7)} equal, ${equal} of ${all}`,
    );
}

function ruleLines({ tallies }: Report): string[] {
  const total = new Map<string, number>();
  for (const { rules } of tallies.values()) {
    for (const [name, times] of rules) total.set(name, (total.get(name) ?? 0) + times);
  }
  return [...total]
    .sort((a, b) => b[1] - a[1])
    .map(([name, times]) => `  ${String(times).padStart(6)} ${name}`);
}

function disagreement(found: Disagreement, repeat: (found: Disagreement) => string): string[] {
  return [
    `\nDISAGREEMENT, ${found.format}, seed ${found.seed}; again by:`,
    `  ${repeat(found)}`,
    ...differenceLines(found.differences),
  ];
}

/** One line for each difference. */
export function differenceLines(differences: readonly Difference[]): string[] {
  return differences.map(({ item, theirs, ours }) => `  ${item}: kexec ${short(theirs)}, we ${short(ours)}`);
}

function short(value = 'nothing'): string {
  return value.length > 120 ? `${value.slice(0, 120)}…` : value;
}

function percent(part: number, all: number): string {
  // Never rounded up to 100: that says "all".
  const tenths = all === 0 ? 1000 : Math.floor((1000 * part) / all);
  return `${(tenths / 10).toFixed(1)} %`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
