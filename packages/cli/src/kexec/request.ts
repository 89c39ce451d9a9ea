import type { LoaderManifest, Option, Purpose } from '@kexec-kit/loader-api';
import type { Values } from '../commands.js';
import type { Method } from '../load/method.js';
import { UsageError } from '../usage-error.js';
import { convert } from './convert.js';
import { getopt, written, type Given } from './getopt.js';
import { kexecOptions, type Action, type KexecOption } from './table.js';

/** What is to be done. */
export type Deed =
  | 'help'
  | 'version'
  | 'print-ckr-size'
  | 'status'
  | 'unload'
  | 'load'
  | 'exec'
  | 'load-and-exec'
  | 'load-and-shut-down';

/** A command line of kexec(8), understood: the order of its options is gone. */
export interface Request {
  readonly deed: Deed;
  readonly purpose: Purpose;
  readonly method: Method;
  readonly operands: readonly string[];
  /** As `kexec-kit load` and `exec` take them: the loaders' options among them, whichever loader it will be. */
  readonly values: Values;
  /** Before a start: whether disks are synced, whether network interfaces go down. */
  readonly sync: boolean;
  readonly ifdown: boolean;
}

export type Row = Omit<KexecOption, 'group' | 'does'>;

/**
 * Reads a command line of kexec(8).
 *
 * @param manifests - Of the installed loaders, whose further options are taken too.
 * @throws UsageError for what cannot be understood, is refused, or contradicts itself.
 */
export function readRequest(argv: readonly string[], manifests: readonly LoaderManifest[]): Request {
  const { options, operands } = getopt<Row>(argv, kexecOptions, furtherOptions(manifests));
  const actions = new Set(options.flatMap(({ option }) => actionOf(option)));
  const deed = deedOf(actions);
  const without = new Set(
    options.flatMap(({ option: { meaning } }) => ('without' in meaning ? meaning.without : [])),
  );
  if (deed !== 'help' && deed !== 'version') refuse(options);
  return {
    deed,
    purpose: purposeOf(deed, actions),
    method: methodOf(options),
    operands,
    values: valuesOf(options),
    sync: !without.has('sync'),
    ifdown: !without.has('ifdown'),
  };
}

/** Options of loaders that kexec(8) does not know. Where it knows the name, its meaning stands. */
function furtherOptions(manifests: readonly LoaderManifest[]): readonly Row[] {
  const known = new Set(kexecOptions.map(({ name }) => name));
  const further = manifests
    .flatMap(({ options }) => Object.values(options))
    .flatMap((option) => spelledOut(option))
    .filter(({ name }) => !known.has(name));
  return [...new Map(further.map((row) => [row.name, row])).values()];
}

function spelledOut({ type, name, aliases = [], placeholder = 'VALUE', multiple }: Option): readonly Row[] {
  return [name, ...aliases].map((each) => ({
    name: each,
    meaning: { loader: name },
    ...(type !== 'flag' && { placeholder }),
    ...(multiple === true && { repeats: true }),
  }));
}

function actionOf({ meaning }: Row): readonly Action[] {
  return 'action' in meaning ? [meaning.action] : [];
}

/** What several actions come to: none depends on the order in which they stand. */
function deedOf(actions: ReadonlySet<Action>): Deed {
  for (const alone of ['help', 'version', 'print-ckr-size', 'status'] as const) {
    if (actions.has(alone)) return alone;
  }
  const starts = (['exec', 'force'] as const).find((action) => actions.has(action));
  if (starts !== undefined && actions.has('unload'))
    throw new UsageError(`--unload and --${starts} contradict each other`, 'unload, or start what is loaded');
  if (starts !== undefined && actions.has('load-panic'))
    throw new UsageError(
      `--load-panic and --${starts} contradict each other`,
      'a crash kernel starts by itself when the running one crashes',
    );
  if (actions.has('unload')) return 'unload';
  if (actions.has('force') || (actions.has('exec') && actions.has('load'))) return 'load-and-exec';
  if (actions.has('exec')) return 'exec';
  return actions.has('load') || actions.has('load-panic') ? 'load' : 'load-and-shut-down';
}

/** `--status` alone asks for the crash kernel, as it always did. */
function purposeOf(deed: Deed, actions: ReadonlySet<Action>): Purpose {
  if (actions.has('load-panic')) return 'crash';
  return deed === 'status' && !actions.has('load') ? 'crash' : 'normal';
}

/** The last one counts, as that of any option which is given twice. */
function methodOf(options: readonly Given<Row>[]): Method {
  const methods = options.flatMap(({ option: { meaning } }) => ('method' in meaning ? [meaning.method] : []));
  return methods.at(-1) ?? 'auto';
}

function refuse(options: readonly Given<Row>[]): void {
  const refused = options.find(({ option }) => 'refused' in option.meaning)?.option;
  if (refused !== undefined) throw new UsageError(`${written(refused)} is not supported`, refused.differs);
}

function valuesOf(options: readonly Given<Row>[]): Values {
  const values = new Map<string, readonly string[]>();
  for (const { option, value } of options) {
    for (const [name, given] of means(option, value)) {
      const before = option.repeats === true || name === 'kernel-flag' ? (values.get(name) ?? []) : [];
      values.set(name, [...before, given]);
    }
  }
  return values;
}

/** What an option says in the words of `kexec-kit load`. */
function means(option: Row, value: string): readonly (readonly [string, string])[] {
  const { meaning } = option;
  if ('sets' in meaning) return Object.entries(meaning.sets);
  if ('loader' in meaning) return [[meaning.loader, meaning.value ?? value]];
  if (!('own' in meaning)) return [];
  const given = meaning.as === undefined ? value : convert(option, meaning.as, value);
  return given === undefined ? [] : [[meaning.own, given]];
}
