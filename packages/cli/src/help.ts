import type { LoaderManifest, Option } from '@kexec-kit/loader-api';
import { commands, type Command } from './commands.js';
import { exitMeanings } from './exit.js';
import type { Colours } from './terminal.js';

const program = 'kexec-kit';

/** `kexec-kit --help`. */
export function generalHelp(colours: Colours): string {
  const rows = commands.map((command) => [`  ${command.name}`, command.summary] as const);
  return [
    `${colours.bold(program)} starts another kernel from a running one. It shows what it would do before it does it.`,
    '',
    `Usage: ${program} COMMAND [OPTION…]`,
    '',
    table(rows),
    '',
    `Try it, without touching this machine:`,
    `  ${program} inspect /boot/vmlinuz`,
    `  ${program} plan /boot/vmlinuz --memory 512M`,
    `  ${program} boot /boot/vmlinuz --command-line console=ttyS0 --until "Linux version"`,
    '',
    `"${program} COMMAND --help" says more. Exit status:`,
    table(exitMeanings.map(([code, meaning]) => [`  ${String(code)}`, meaning] as const)),
    '',
  ].join('\n');
}

/** `kexec-kit COMMAND --help`, with the options of every installed loader where the command takes them. */
export function commandHelp(
  command: Command,
  manifests: readonly LoaderManifest[],
  colours: Colours,
): string {
  const usage = [program, command.name, ...command.operands, '[OPTION…]'].join(' ');
  const sections = [
    `${colours.bold(command.summary)}.`,
    `Usage: ${usage}`,
    ...(command.about.length > 0 ? [command.about.join('\n')] : []),
    `Options:\n${optionTable(command.options)}`,
    ...(command.loaderOptions ? manifests.map(loaderSection) : []),
    `Examples:\n${command.examples.map((e) => `  ${e.line}\n      ${e.does}`).join('\n')}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function loaderSection(manifest: LoaderManifest): string {
  const options = Object.values(manifest.options);
  const title = `Options of the loader ${manifest.name} (${manifest.summary}):`;
  return options.length === 0 ? `${title}\n  none` : `${title}\n${optionTable(options)}`;
}

function optionTable(options: readonly Option[]): string {
  return table(options.map((option) => [`  ${spelling(option)}`, summaryOf(option)] as const));
}

/** How an option is written: `-o, --output OUT`. */
export function spelling(option: Option): string {
  const short = option.short === undefined ? '' : `-${option.short}, `;
  const value = option.type === 'flag' ? '' : ` ${option.placeholder ?? 'VALUE'}`;
  return `${short}--${option.name}${value}`;
}

/** The summary with what else there is to know: aliases, repetition. */
export function summaryOf(option: Option): string {
  const also = (option.aliases ?? []).map((alias) => `--${alias}`);
  const notes = [
    ...(also.length > 0 ? [`also ${also.join(', ')}`] : []),
    ...(option.multiple === true ? ['may be repeated'] : []),
  ];
  return notes.length === 0 ? option.summary : `${option.summary} (${notes.join('; ')})`;
}

/** Two columns; a left side that is too wide gets a line of its own. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(30, Math.max(...rows.map(([left]) => left.length)) + 2);
  return rows
    .map(([left, right]) =>
      left.length < width ? left.padEnd(width) + right : `${left}\n${' '.repeat(width)}${right}`,
    )
    .join('\n');
}
