import { chooseBootEntry, readBootEntries, type BootEntry } from '@kexec-kit/boot-entries';
import { withoutParameters } from '@kexec-kit/linux-boot';
import type { Diagnostic } from '@kexec-kit/loader-api';
import { join } from 'node:path';
import type { Invocation, Values } from '../commands.js';
import type { Context } from '../context.js';
import { didYouMean } from '../did-you-mean.js';
import type { ExitCode } from '../exit.js';
import { finish, report } from '../report.js';
import { printable } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { flag } from '../values.js';
import { load } from './load.js';

const actions = { list, load: loadEntry } as const;

export function bootEntry(context: Context, invocation: Invocation): Promise<ExitCode> {
  const [action = ''] = invocation.operands;
  if (action === 'list' || action === 'load') return actions[action](context, invocation);
  throw new UsageError(
    `boot-entry ${action}: there is no such action`,
    didYouMean(action, Object.keys(actions)) ?? 'it is list or load',
  );
}

function list(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  const [, name] = operands;
  if (name !== undefined) throw new UsageError(`"${name}" is one operand too many`, 'list shows them all');
  const [other] = [...values.keys()].filter((option) => option !== 'json');
  if (other !== undefined) throw new UsageError(`--${other} is for boot-entry load`);
  const json = flag(values, 'json');
  const found = readBootEntries({ root: context.system.root });
  if (!found.ok) return Promise.resolve(finish(context, json, undefined, found.diagnostics));
  if (!json) context.stdout.write(found.value.map((entry) => describe(context, entry)).join('\n'));
  return Promise.resolve(finish(context, json, { entries: found.value }, found.diagnostics));
}

function describe(context: Context, entry: BootEntry): string {
  const { id, title, version, tries, within, kernel, initrds, commandLine, hypervisor, modules } = entry;
  const { from, problems } = entry;
  const isDefault = entry.default === true ? ' (default)' : '';
  const rows: readonly (readonly [string, string])[] = [
    ['id', id],
    ...(version === undefined ? [] : [['version', version] as const]),
    ...(tries === undefined ? [] : [['tries', triesOf(tries)] as const]),
    ...(hypervisor === undefined
      ? []
      : [['hypervisor', `${hypervisor.file} ${hypervisor.arguments}`] as const]),
    ['kernel', `${kernel} ${commandLine}`],
    ...initrds.map((initrd) => ['initrd', initrd] as const),
    ...modules.map((module) => ['module', `${module.file} ${module.arguments}`] as const),
    ['from', from],
    ...problems.map(({ message }) => ['problem', message] as const),
  ];
  const lines = rows.map(([label, value]) => `  ${label.padEnd(11)} ${printable(value.trimEnd())}`);
  const name = printable([...within, title].join(' > '));
  return `${context.stdout.colours.bold(name)}${isDefault}\n${lines.join('\n')}\n`;
}

function triesOf({ left, done }: NonNullable<BootEntry['tries']>): string {
  const failed = `${String(done)} failed`;
  return left === 0 ? `${failed}, none left: it counts as bad` : `${failed}, ${String(left)} left`;
}

async function loadEntry(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const { root } = context.system;
  const found = readBootEntries({ root });
  if (!found.ok) return finish(context, json, undefined, found.diagnostics);
  const chosen = chooseBootEntry(found.value, operands[1]);
  if (!chosen.ok) return finish(context, json, undefined, [...chosen.diagnostics, ...found.diagnostics]);
  const entry = chosen.value;
  const unfit = entry.problems.filter(({ code }) => unfitCodes.has(code)).map(asError);
  if (unfit.length > 0) return finish(context, json, undefined, unfit);
  report(context, entry.problems);
  if (!json) context.stdout.write(`boot entry: ${printable(entry.title)} (${printable(entry.id)})\n`);
  return load(
    context,
    asLoad(entry, values, (path) => join(root, path)),
  );
}

/** Without these files, something else would be started than the entry says. */
const unfitCodes: ReadonlySet<string> = new Set([
  'BOOT_ENTRIES_FILE_MISSING',
  'BOOT_ENTRIES_PATH_BLANK',
  'BOOT_ENTRIES_XEN_EFI',
]);

function asError(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'error' };
}

/** The command line of "kexec-kit load" that does the same: options by the names that every loader gives them. */
function asLoad(entry: BootEntry, values: Values, pathOf: (path: string) => string): Invocation {
  const { kernel, initrds, hypervisor, modules } = entry;
  const commandLine = changed(entry.commandLine, values);
  const all = hypervisor === undefined ? modules : [{ file: kernel, arguments: commandLine }, ...modules];
  const own = hypervisor?.arguments ?? commandLine;
  // An image may have a command line of its own, which would come back if nothing were said.
  const isSaid = own !== '' || (hypervisor === undefined && entry.commandLine !== '');
  const options: readonly (readonly [string, readonly string[]])[] = [
    ['command-line', isSaid ? [own] : []],
    ['initrd', initrds.map(pathOf)],
    ['module', all.map((module) => `${pathOf(module.file)} ${module.arguments}`.trimEnd())],
    ...Object.entries(entry.options ?? {}).map(([name, value]) => [name, [value]] as const),
  ];
  const kept = [...values].filter(([name]) => name !== 'append' && name !== 'remove-arg');
  const given = options.filter(([, texts]) => texts.length > 0);
  return { operands: [pathOf(hypervisor?.file ?? kernel)], values: new Map([...kept, ...given]) };
}

/** The kernel's command line without what `--remove-arg` names, and with what `--append` adds. */
function changed(commandLine: string, values: Values): string {
  const kept = withoutParameters(commandLine, values.get('remove-arg') ?? []);
  return [kept, ...(values.get('append') ?? [])].filter((part) => part !== '').join(' ');
}
