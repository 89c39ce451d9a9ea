import type { Builtin } from './builtin.js';
import { FOLDER_COST, MOST_ITEMS, spend, Stopped } from './scope.js';
import { parseScript } from './syntax.js';

export const entry: Builtin = (scope, words, { block, line }) => {
  if (block === undefined) return false;
  if (++scope.shared.items > MOST_ITEMS) throw new Stopped('it has too many entries');
  const { title, id } = entryNames(words);
  scope.pending.push({ scope, title, id, line, body: block, isSubmenu: false });
  return true;
};

export const submenu: Builtin = (scope, words, command) => {
  const isDone = entry(scope, words, command);
  const last = scope.pending.pop();
  if (last !== undefined) scope.pending.push(isDone ? { ...last, isSubmenu: true } : last);
  return isDone;
};

export const bls: Builtin = (scope) => {
  spend(scope, FOLDER_COST);
  for (const { name, id, title, device, text } of scope.shared.files.blsScripts(scope.variables)) {
    if (++scope.shared.items > MOST_ITEMS) throw new Stopped('it has too many entries');
    const { script } = parseScript(text);
    scope.pending.push({
      scope: { ...scope, file: name },
      title,
      id,
      line: 1,
      body: script,
      isSubmenu: false,
      device,
    });
  }
  return true;
};

/** Options of `menuentry` that have a value of their own. */
const withValue = new Set(['--class', '--users', '--hotkey', '--source']);

function entryNames(words: readonly string[]): { readonly title: string; readonly id: string } {
  let title: string | undefined;
  let id: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--id') id = words[++at];
    else if (word.startsWith('--id=')) id = word.slice('--id='.length);
    else if (withValue.has(word)) at++;
    else if (!word.startsWith('--')) title ??= word;
  }
  return { title: title ?? '', id: id ?? title ?? '' };
}
