/**
 * The names closest to a misspelt one, best first: at most two edits away (one for short names), or beginning with it.
 *
 * @example
 * ```ts
 * nearest('initd', ['initrd', 'append']); // ['initrd']
 * ```
 */
export function nearest(wrong: string, names: readonly string[]): string[] {
  const allowed = wrong.length < 5 ? 1 : 2;
  return names
    .map((name) => ({
      name,
      distance: wrong.length > 1 && name.startsWith(wrong) ? 0 : editDistance(wrong, name),
    }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Levenshtein's distance, case folded. Names are short; longer ones are simply far. */
function editDistance(a: string, b: string): number {
  if (a.length > 64 || b.length > 64) return Infinity;
  const target = letters(b);
  let row = [0, ...target.map((_, index) => index + 1)];
  for (const [index, letter] of letters(a).entries()) {
    const next = [index + 1];
    for (const [column, other] of target.entries()) {
      const replace = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replace, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function letters(name: string): string[] {
  return Array.from(name.toLowerCase());
}
