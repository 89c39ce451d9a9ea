// eslint-disable-next-line n/no-unsupported-features/node-builtins -- there since 18.3, called experimental until 20; tested on 18.20
import { parseArgs } from 'node:util';
import type { Option } from '@kexec-kit/loader-api';
import type { Invocation } from './commands.js';
import { didYouMean } from './did-you-mean.js';
import { UsageError } from './usage-error.js';
import { parseAddress } from '@kexec-kit/core';

type Parsed = ReturnType<typeof tokenize>;

/**
 * Parses the arguments of one command against its option table.
 *
 * @throws UsageError for an unknown option (with the nearest known one), a missing or unwanted value, a wrong number of operands.
 */
export function parseArguments(
  argv: readonly string[],
  table: readonly Option[],
  operands: readonly string[],
): Invocation {
  const byName = namesOf(table);
  const values = new Map<string, string[]>();
  const found: string[] = [];
  for (const token of tokenize(argv, table).tokens) {
    if (token.kind === 'positional') found.push(token.value);
    if (token.kind === 'option') takeOption(token, byName, values);
  }
  checkOperands(found, operands);
  return { operands: found, values };
}

/** Every name of every option, aliases included, with the option it stands for. */
export function namesOf(table: readonly Option[]): ReadonlyMap<string, Option> {
  return new Map(
    table.flatMap((option) =>
      [option.name, ...(option.aliases ?? [])].map((name) => [name, option] as const),
    ),
  );
}

function tokenize(argv: readonly string[], table: readonly Option[]) {
  const options: Record<string, { type: 'boolean' | 'string'; short?: string; multiple: true }> = {};
  for (const [name, option] of namesOf(table)) {
    options[name] = {
      type: option.type === 'flag' ? 'boolean' : 'string',
      multiple: true,
      ...(option.short !== undefined && name === option.name ? { short: option.short } : {}),
    };
  }
  return parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true });
}

type OptionToken = Extract<Parsed['tokens'][number], { kind: 'option' }>;

function takeOption(
  token: OptionToken,
  byName: ReadonlyMap<string, Option>,
  values: Map<string, string[]>,
): void {
  const option = byName.get(token.name);
  if (option === undefined) throw unknownOption(token.rawName, [...byName.keys()]);
  const given = values.get(option.name) ?? [];
  if (option.type === 'flag') {
    if (token.value !== undefined) throw new UsageError(`--${token.name} takes no value`);
    values.set(option.name, ['true']);
    return;
  }
  if (token.value === undefined)
    throw new UsageError(`--${token.name} needs a value: --${token.name} ${option.placeholder ?? 'VALUE'}`);
  if (given.length > 0 && option.multiple !== true) {
    throw new UsageError(
      `--${option.name} was given twice ("${given[0] ?? ''}" and "${token.value}")`,
      'give it once',
    );
  }
  checkForm(option, token.value);
  values.set(option.name, [...given, token.value]);
}

function checkForm(option: Option, value: string): void {
  if (option.type === 'choice' && option.choices?.includes(value) !== true) {
    throw new UsageError(`--${option.name} is one of ${(option.choices ?? []).join(', ')}, not "${value}"`);
  }
  // Other programs mean stdin or stdout by it, and would be surprised by a file of that name.
  if (option.type === 'file' && value === '-')
    throw new UsageError(`--${option.name} takes the name of a file, not "-"`, './- is a file of that name.');
  if (option.type === 'address' && parseAddress(value) === undefined) {
    throw new UsageError(`--${option.name} takes a size or address such as 0x100000 or 512M, not "${value}"`);
  }
}

function unknownOption(rawName: string, known: readonly string[]): UsageError {
  return new UsageError(`there is no option ${rawName}`, didYouMean(rawName.replace(/^-+/, ''), known, '--'));
}

function checkOperands(found: readonly string[], wanted: readonly string[]): void {
  const required = wanted.filter((name) => !name.startsWith('['));
  const missing = required[found.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const extra = found[wanted.length];
  if (extra !== undefined)
    throw new UsageError(`"${extra}" is one operand too many`, 'put a value with blanks in quotes');
}
