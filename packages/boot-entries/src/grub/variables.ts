import type { Builtin } from './builtin.js';
import { parseEnvironment } from './environment.js';
import { absolute, assign, read } from './scope.js';

export const assignment: Builtin = (scope, words) => {
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) assign(scope, word.slice(0, equals), word.slice(equals + 1));
  }
  return true;
};

export const unset: Builtin = (scope, words) => {
  for (const word of words) scope.variables.delete(word);
  return true;
};

export const loadEnvironment: Builtin = (scope, words) => {
  const at = words.findIndex((word) => word === '-f' || word === '--file');
  const path = at < 0 ? `${scope.variables.get('prefix') ?? ''}/grubenv` : (words[at + 1] ?? '');
  const text = read(scope, absolute(scope, path));
  if (text === undefined) return false;
  for (const [name, value] of parseEnvironment(text)) assign(scope, name, value);
  return true;
};

/** Which device it finds is told by what is searched for: the device is then called so. */
export const search: Builtin = (scope, words) => {
  const variable = words.find((word) => word.startsWith('--set'))?.slice('--set='.length) ?? '';
  const kind = words.includes('--label') || words.includes('-l') ? 'label' : undefined;
  const what = kind ?? (words.includes('--file') || words.includes('-f') ? 'file' : 'uuid');
  const wanted = words.filter((word) => !word.startsWith('-')).at(-1);
  return wanted === undefined || assign(scope, variable === '' ? 'root' : variable, `${what}=${wanted}`);
};

export const searchFor =
  (what: string): Builtin =>
  (scope, [wanted = '', variable = 'root']) =>
    assign(scope, variable, `${what}=${wanted}`);
