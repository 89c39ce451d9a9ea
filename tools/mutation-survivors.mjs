// @ts-check
/**
 * Which surviving mutants are accepted, and why: by a rule for all packages, or one by one in `packages/NAME/test/survivors.json`,
 * which groups them under the reason that they share.
 */

/**
 * @typedef {{ line: number, column: number }} Position From 1.
 * @typedef {{ status: string, mutatorName: string, replacement?: string, location: { start: Position, end: Position } }} Mutant
 * @typedef {{ files: Record<string, { source: string, mutants: readonly Mutant[] }> }} Report What Stryker's JSON reporter writes.
 * @typedef {{ why: string, survivors: string[] }} Accepted
 * @typedef {{ mutants: number, killed: number, words: number, accepted: number, open: string[], stale: string[] }} Judged
 */

/**
 * Every mutant that was tried has one place: killed, accepted as words, accepted by name, or open. `stale` is what was accepted
 * by name and is not among the survivors any more.
 *
 * @param {Report} report
 * @param {readonly Accepted[]} accepted
 * @returns {Judged}
 */
export function judge(report, accepted) {
  const tried = Object.entries(report.files).flatMap(([file, { source, mutants }]) =>
    mutants
      .filter(({ status }) => isKilled(status) || isSurvivor(status))
      .map((mutant) => ({ file, source, mutant })),
  );
  const survived = tried.filter(({ mutant }) => isSurvivor(mutant.status));
  const logic = survived.filter(({ source, mutant }) => !isWords(source, mutant));
  const keys = logic.map(({ file, source, mutant }) => keyOf(file, source, mutant));
  const names = new Set(accepted.flatMap(({ survivors }) => survivors));
  const open = keys.filter((key) => !names.has(key));
  return {
    mutants: tried.length,
    killed: tried.length - survived.length,
    words: survived.length - logic.length,
    accepted: keys.length - open.length,
    open: [...new Set(open)].sort(),
    stale: [...names].filter((name) => !keys.includes(name)).sort(),
  };
}

/**
 * Its file in the package, the line that it is on, and what was changed there into what: an edit elsewhere moves no key.
 *
 * @param {string} file
 * @param {string} source
 * @param {Mutant} mutant
 */
function keyOf(file, source, mutant) {
  const line = source.split('\n')[mutant.location.start.line - 1]?.trim() ?? '';
  const to = brief(mutant.replacement ?? '');
  return `${file.replace(/^packages\/[^/]+\/src\//, '')}: ${line}  ⟦${brief(textOf(source, mutant))}⟧ → ⟦${to}⟧`;
}

/** @param {string} text */
function brief(text) {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

/**
 * @param {string} source
 * @param {Mutant} mutant
 */
function textOf(source, { location: { start, end } }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last]?.slice(0, end.column - 1) ?? '';
  lines[0] = lines[0]?.slice(start.column - 1) ?? '';
  return lines.join('\n');
}

/**
 * A changed sentence is nothing that a test should notice: the promise is the code, the place and the values. Only what reads
 * like words: more than one, or one with a value in it. A single word may be a kind or a name, and is judged like logic.
 *
 * @param {string} source
 * @param {Mutant} mutant
 */
function isWords(source, mutant) {
  return mutant.mutatorName === 'StringLiteral' && /[^\s'"`]\s|\s[^\s'"`]|\$\{/.test(textOf(source, mutant));
}

/** @param {string} status */
function isKilled(status) {
  return status === 'Killed' || status === 'Timeout';
}

/** @param {string} status */
function isSurvivor(status) {
  return status === 'Survived' || status === 'NoCoverage';
}
