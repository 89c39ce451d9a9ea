import { limit, notUnderstood, syntax } from '../codes.js';
import { loads, MOST_FILES, notTaken, nothingStarted } from './boot-files.js';
import type { Builtin, Simple } from './builtin.js';
import { builtins } from './builtins.js';
import type { Command, Script } from './command.js';
import { expandAll } from './expand.js';
import { succeed } from './harmless.js';
import {
  absolute,
  assign,
  BUDGET,
  DEEPEST,
  ENTRY_BUDGET,
  place,
  put,
  read,
  say,
  spend,
  Stopped,
  within,
  type Files,
  type Item,
  type Menu,
  type Scope,
} from './scope.js';
import { parseScript } from './syntax.js';

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
    shared: { files, budget: BUDGET, entries: BUDGET, items: 0, depth: 0 },
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
  const items = itemsOf(scope);
  if (scope.shared.entries <= 0) say(scope, limit(scope.file, 'its entries do more than any real ones'));
  return { items, variables: scope.variables, problems: scope.problems };
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

function itemsOf({ pending }: Scope, depth = 0): readonly Item[] {
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
    const granted = Math.min(ENTRY_BUDGET, scope.shared.entries);
    scope.shared.budget = granted;
    guarded(scope, () => {
      within(scope, () => run(scope, body));
    });
    scope.shared.entries -= granted - Math.max(0, scope.shared.budget);
    const { problems, boot, variables } = scope;
    const from = `${outer.file}:${String(line)}`;
    const item = { title, id, from, problems, started: boot.started, root: variables.get('root') ?? '' };
    if (!isSubmenu) return item;
    return { ...item, items: depth < DEEPEST ? itemsOf(scope, depth + 1) : [] };
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
      put(scope.functions, command.name, command.body);
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
  const builtin = builtins.get(name) ?? scripts.get(name);
  if (builtin !== undefined) return builtin(scope, words, command);
  const isHarmless = succeed.get(name);
  if (isHarmless !== undefined) return isHarmless;
  if (problem === undefined) say(scope, notUnderstood(at, name));
  return false;
}

const source: Builtin = (scope, [path = '']) => {
  const text = read(scope, absolute(scope, path));
  const { files } = scope.shared;
  return text !== undefined && runText({ ...scope, file: files.nameOf(absolute(scope, path)) }, text);
};

/** What runs a script. */
const scripts: ReadonlyMap<string, Builtin> = new Map(
  ['source', '.', 'configfile'].map((name) => [name, source] as const),
);
