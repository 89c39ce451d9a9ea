import { notUnderstood } from '../codes.js';
import type { Builtin } from './builtin.js';
import { test } from './condition.js';
import { bls, entry, submenu } from './menu.js';
import { FILE_COST, place, say, spend } from './scope.js';
import { assignment, loadEnvironment, search, searchFor, unset } from './variables.js';

const condition: Builtin = (scope, words, command) => {
  const { files } = scope.shared;
  const value = test(words, {
    sizeOf: (path) => {
      spend(scope, FILE_COST);
      return files.sizeOf(path);
    },
    isFolder: (path) => {
      spend(scope, FILE_COST);
      return files.isFolder(path);
    },
  });
  if (value === undefined) say(scope, notUnderstood(place(scope, command), `test ${words.join(' ')}`));
  return value ?? false;
};

/** GRUB's commands on which a menu depends, but for those that run a script. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['set', assignment],
  ['unset', unset],
  [
    '[',
    (scope, words, command) =>
      condition(scope, words.slice(0, words.at(-1) === ']' ? -1 : undefined), command),
  ],
  ['test', condition],
  ['menuentry', entry],
  ['submenu', submenu],
  ['blscfg', bls],
  ['load_env', loadEnvironment],
  ['search', search],
  ['search.fs_uuid', searchFor('uuid')],
  ['search.fs_label', searchFor('label')],
  ['search.file', searchFor('file')],
]);
