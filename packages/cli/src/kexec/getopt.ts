// eslint-disable-next-line n/no-unsupported-features/node-builtins -- there since 18.3, called experimental until 20; tested on 18.20
import { parseArgs } from 'node:util';
import { didYouMean } from '../did-you-mean.js';
import { UsageError } from '../usage-error.js';

/** As much of an option as reading a command line needs. */
export interface Spelling {
  readonly name: string;
  /** One character. */
  readonly short?: string;
  /** It takes a value, and this stands for it in help. */
  readonly placeholder?: string;
}

/** One option as it was given. */
export interface Given<O extends Spelling> {
  readonly option: O;
  /** Empty for an option that takes none. */
  readonly value: string;
}

export interface Line<O extends Spelling> {
  /** In the order given. */
  readonly options: readonly Given<O>[];
  readonly operands: readonly string[];
}

/**
 * Reads a command line as getopt_long(3) does: letters together (`-lf`), the value of an option joined to it or behind it,
 * long names cut short as long as only one fits, options behind operands, and `--` to end them.
 *
 * @param more - Options that are taken too, and never make a short form of the table's ambiguous.
 * @throws UsageError for what is no option, fits several, lacks its value or takes none.
 * @example
 * ```ts
 * getopt(['kernel', '--init', 'rd'], [{ name: 'initrd', placeholder: 'FILE' }]).operands; // ['kernel']
 * ```
 */
export function getopt<O extends Spelling>(
  argv: readonly string[],
  table: readonly O[],
  more: readonly O[] = [],
): Line<O> {
  const spelled = spellings(table, more);
  const options: Given<O>[] = [];
  const operands: string[] = [];
  for (const token of tokenize(argv, spelled)) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind === 'option') options.push(take(token, spelled, [...table, ...more]));
  }
  return { options, operands };
}

/** Every long way to write an option. A whole name stands for itself, though others begin with it. */
function spellings<O extends Spelling>(table: readonly O[], more: readonly O[]): ReadonlyMap<string, O> {
  const whole = [...more, ...table].map((option) => [option.name, option] as const);
  return new Map([...shortForms(more, [...table, ...more]), ...shortForms(table, table), ...whole]);
}

/** The beginnings of each option's name that begin no other's. */
function shortForms<O extends Spelling>(options: readonly O[], among: readonly O[]) {
  return options.flatMap((option) =>
    beginnings(option.name)
      .filter((short) => among.filter(({ name }) => name.startsWith(short)).length === 1)
      .map((short) => [short, option] as const),
  );
}

function beginnings(name: string): readonly string[] {
  return Array.from({ length: name.length - 1 }, (_, index) => name.slice(0, index + 1));
}

interface Token {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

function tokenize<O extends Spelling>(argv: readonly string[], spelled: ReadonlyMap<string, O>) {
  const options: Record<string, { type: 'boolean' | 'string'; short?: string; multiple: true }> = {};
  for (const [spelling, { name, short, placeholder }] of spelled) {
    options[spelling] = {
      type: placeholder === undefined ? 'boolean' : 'string',
      multiple: true,
      ...(short !== undefined && spelling === name && { short }),
    };
  }
  return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function take<O extends Spelling>(
  token: Token,
  spelled: ReadonlyMap<string, O>,
  table: readonly O[],
): Given<O> {
  const option = spelled.get(token.name);
  if (option === undefined || !isWritten(token, option)) throw unknown(token, table);
  const { placeholder } = option;
  if (placeholder === undefined && token.value !== undefined)
    throw new UsageError(`${written(option)} takes no value`, `leave out "=${token.value}"`);
  if (placeholder !== undefined && token.value === undefined)
    throw new UsageError(`${written(option)} needs a value: ${written(option)} ${placeholder}`);
  return { option, value: token.value ?? '' };
}

/** parseArgs takes `-q` for an option whose whole name is "q"; here one dash is for letters. */
function isWritten({ rawName }: Token, { short }: Spelling): boolean {
  return rawName.startsWith('--') || rawName === `-${short ?? ''}`;
}

function unknown({ rawName }: Token, table: readonly Spelling[]): UsageError {
  const name = rawName.replace(/^-+/, '');
  const fitting = rawName.startsWith('--') ? table.filter((option) => option.name.startsWith(name)) : [];
  if (fitting.length > 1)
    return new UsageError(`${rawName} can be ${fitting.map(written).join(' or ')}`, 'write more of it');
  return new UsageError(
    `there is no option ${rawName}`,
    didYouMean(
      name,
      table.map((option) => option.name),
      '--',
    ),
  );
}

/** How an option is named in a sentence. */
export function written({ name }: Spelling): string {
  return `--${name}`;
}
