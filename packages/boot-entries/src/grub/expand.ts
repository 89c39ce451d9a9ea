import { spend, type Scope } from './scope.js';
import type { Part, Word } from './words.js';

/** The words that a script's words become. */
export function expandAll(scope: Scope, words: readonly Word[]): readonly string[] {
  return words.flatMap((word) => expand(scope, word));
}

/** As a shell does: a variable without quotes may become several words, or none. */
function expand(scope: Scope, { parts }: Word): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const part of parts) {
    const text = 'text' in part ? part.text : valueOf(scope, part);
    spend(scope, 1 + text.length);
    if ('text' in part || part.isQuoted) {
      word = (word ?? '') + text;
      continue;
    }
    const [first = '', ...more] = text.split(/[ \t\n]+/);
    if (first !== '') word = (word ?? '') + first;
    for (const another of more) {
      if (word !== undefined) words.push(word);
      word = another === '' ? undefined : another;
    }
  }
  return word === undefined ? words : [...words, word];
}

function valueOf(scope: Scope, part: Exclude<Part, { text: string }>): string {
  const { variable } = part;
  if (variable === '@' || variable === '*') return scope.arguments.join(' ');
  if (variable === '#') return String(scope.arguments.length);
  if (/^[0-9]+$/.test(variable)) return scope.arguments[Number(variable) - 1] ?? '';
  return scope.variables.get(variable) ?? '';
}
