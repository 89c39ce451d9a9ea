import { limit, notUnderstood, syntax } from '../codes.js';
import { loads, MOST_FILES, notTaken, nothingStarted } from './boot-files.js';
import { test } from './condition.js';
import { parseEnvironment } from './environment.js';
import { expandAll } from './expand.js';
import { succeed } from './harmless.js';
import {
  absolute,
  assign,
  BUDGET,
  ENTRY_BUDGET,
  MOST_ITEMS,
  place,
  say,
  spend,
  Stopped,
  within,
  type Files,
  type Item,
  type Menu,
  type Scope,
} from './scope.js';
import { parseScript, type Command, type Script } from './syntax.js';

/**
 * Runs a GRUB script as far as its menu depends on it. Never throws, and ends soon whatever the script says.
 *
 * @param name - What the script's places are called by.
 */
export function runGrub(
  text: string,
  name: string,
  variables: ReadonlyMap<string, string>,
  files: Files,
): Menu {
  const scope: Scope = {
    shared: { files, budget: BUDGET, items: 0, depth: 0 },
    file: name,
    variables: new Map(variables),
    functions: new Map(),
    pending: [],
    problems: [],
    arguments: [],
    boot: { started: nothingStarted },
  };
  guarded(scope, () => {
    runText(scope, text);
  });
  return { items: itemsOf(scope), variables: scope.variables, problems: scope.problems };
}

function guarded(scope: Scope, run: () => void): void {
  const { depth } = scope.shared;
  try {
    run();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    say(scope, limit(scope.file, error.message));
  }
  scope.shared.depth = depth;
}

function itemsOf({ pending }: Scope): readonly Item[] {
  return pending.map((one) => {
    const { title, id, line, scope: outer, isSubmenu, body, device } = one;
    const scope: Scope = {
      ...outer,
      variables: new Map(outer.variables),
      functions: new Map(outer.functions),
      pending: [],
      problems: [],
      boot: { started: nothingStarted },
    };
    if (device !== undefined) scope.variables.set('root', device);
    scope.shared.budget = ENTRY_BUDGET;
    guarded(scope, () => {
      within(scope, () => run(scope, body));
    });
    const { problems, boot, variables } = scope;
    const from = `${outer.file}:${String(line)}`;
    const item = { title, id, from, problems, started: boot.started, root: variables.get('root') ?? '' };
    return isSubmenu ? { ...item, items: itemsOf(scope) } : item;
  });
}

function runText(scope: Scope, text: string): boolean {
  const { script, error } = parseScript(text);
  const isDone = run(scope, script);
  if (error !== undefined) say(scope, syntax(`${scope.file}:${String(error.line)}`, error.what));
  return isDone;
}

/** Whether the last command succeeded. */
function run(scope: Scope, script: Script): boolean {
  let isDone = true;
  for (const command of script) isDone = runOne(scope, command);
  return isDone;
}

function runOne(scope: Scope, command: Command): boolean {
  spend(scope, 1);
  switch (command.kind) {
    case 'simple':
      return within(scope, () => runSimple(scope, command));
    case 'function':
      scope.functions.set(command.name, command.body);
      return true;
    case 'if':
      return within(scope, () => {
        const chosen = command.branches.find(({ condition }) => run(scope, condition));
        return run(scope, chosen?.body ?? command.otherwise);
      });
    case 'for':
      for (const word of expandAll(scope, command.words)) {
        assign(scope, command.name, word);
        within(scope, () => run(scope, command.body));
      }
      return true;
    case 'while':
      while (within(scope, () => run(scope, command.condition)) !== command.isUntil) {
        spend(scope, 1);
        within(scope, () => run(scope, command.body));
      }
      return true;
  }
}

type Simple = Extract<Command, { kind: 'simple' }>;
type Builtin = (scope: Scope, words: readonly string[], command: Simple) => boolean;

function runSimple(scope: Scope, command: Simple): boolean {
  const [name, ...words] = expandAll(scope, command.words);
  if (name === undefined) return true;
  if (name === '!') return !runWords(scope, words[0] ?? 'true', words.slice(1), command);
  return runWords(scope, name, words, command);
}

function runWords(scope: Scope, name: string, words: readonly string[], command: Simple): boolean {
  const at = place(scope, command);
  const body = scope.functions.get(name);
  if (body !== undefined) return run({ ...scope, arguments: words }, body);
  const problem = notTaken(at, name, words);
  if (problem !== undefined) say(scope, problem);
  const load = loads.get(name);
  if (load !== undefined) {
    const started = load(scope.boot.started, words);
    if (started.modules.length + started.initrds.length > MOST_FILES) throw new Stopped('too many files');
    scope.boot.started = started;
    return true;
  }
  const assigned = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(name);
  if (assigned !== null && words.length === 0) return assign(scope, assigned[1] ?? '', assigned[2] ?? '');
  const builtin = builtins.get(name);
  if (builtin !== undefined) return builtin(scope, words, command);
  const isHarmless = succeed.get(name);
  if (isHarmless !== undefined) return isHarmless;
  if (problem === undefined) say(scope, notUnderstood(at, name));
  return false;
}

const assignment: Builtin = (scope, words) => {
  for (const word of words) {
    const equals = word.indexOf('=');
    if (equals > 0) assign(scope, word.slice(0, equals), word.slice(equals + 1));
  }
  return true;
};

const unset: Builtin = (scope, words) => {
  for (const word of words) scope.variables.delete(word);
  return true;
};

const condition: Builtin = (scope, words, command) => {
  const value = test(words, scope.shared.files);
  if (value === undefined) say(scope, notUnderstood(place(scope, command), `test ${words.join(' ')}`));
  return value ?? false;
};

const source: Builtin = (scope, [path = '']) => {
  const { files } = scope.shared;
  const text = files.read(absolute(scope, path));
  return text !== undefined && runText({ ...scope, file: files.nameOf(absolute(scope, path)) }, text);
};

const entry: Builtin = (scope, words, { block, line }) => {
  if (block === undefined) return false;
  if (++scope.shared.items > MOST_ITEMS) throw new Stopped('it has too many entries');
  const { title, id } = entryNames(words);
  scope.pending.push({ scope, title, id, line, body: block, isSubmenu: false });
  return true;
};

const submenu: Builtin = (scope, words, command) => {
  const isDone = entry(scope, words, command);
  const last = scope.pending.pop();
  if (last !== undefined) scope.pending.push(isDone ? { ...last, isSubmenu: true } : last);
  return isDone;
};

const bls: Builtin = (scope) => {
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

const loadEnvironment: Builtin = (scope, words) => {
  const at = words.findIndex((word) => word === '-f' || word === '--file');
  const path = at < 0 ? `${scope.variables.get('prefix') ?? ''}/grubenv` : (words[at + 1] ?? '');
  const text = scope.shared.files.read(absolute(scope, path));
  if (text === undefined) return false;
  for (const [name, value] of parseEnvironment(text)) assign(scope, name, value);
  return true;
};

/** Which device it finds is told by what is searched for: the device is then called so. */
const search: Builtin = (scope, words) => {
  const variable = words.find((word) => word.startsWith('--set'))?.slice('--set='.length) ?? '';
  const kind = words.includes('--label') || words.includes('-l') ? 'label' : undefined;
  const what = kind ?? (words.includes('--file') || words.includes('-f') ? 'file' : 'uuid');
  const wanted = words.filter((word) => !word.startsWith('-')).at(-1);
  return wanted === undefined || assign(scope, variable === '' ? 'root' : variable, `${what}=${wanted}`);
};

const searchFor =
  (what: string): Builtin =>
  (scope, [wanted = '', variable = 'root']) =>
    assign(scope, variable, `${what}=${wanted}`);

const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['set', assignment],
  ['unset', unset],
  [
    '[',
    (scope, words, command) =>
      condition(scope, words.slice(0, words.at(-1) === ']' ? -1 : undefined), command),
  ],
  ['test', condition],
  ['source', source],
  ['.', source],
  ['configfile', source],
  ['menuentry', entry],
  ['submenu', submenu],
  ['blscfg', bls],
  ['load_env', loadEnvironment],
  ['search', search],
  ['search.fs_uuid', searchFor('uuid')],
  ['search.fs_label', searchFor('label')],
  ['search.file', searchFor('file')],
]);

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
