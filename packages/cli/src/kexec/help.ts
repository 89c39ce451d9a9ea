import type { LoaderManifest } from '@kexec-kit/loader-api';
import { table } from '../help.js';
import type { Colours } from '../terminal.js';
import { groups, kexecOptions, type KexecOption } from './table.js';

/** `kexec --help`. */
export function kexecHelp(manifests: readonly LoaderManifest[], colours: Colours): string {
  return [
    `${colours.bold('kexec')} starts another kernel from the running one, without the firmware between them.`,
    '',
    'Usage: kexec -l FILE [OPTION…]    load FILE; "kexec -e" starts it, or the next reboot does',
    '       kexec -e                   start what is loaded, now',
    '       kexec -p FILE [OPTION…]    load FILE for the moment when this kernel crashes',
    '       kexec -u | -S              unload; say whether anything is loaded',
    '       kexec FILE [OPTION…]       load FILE, then shut down and start it',
    '',
    ...groups.flatMap((group) => [colours.bold(group), table(rowsOf(group)), '']),
    `Types: ${typesOf(manifests)}.`,
    ...further(manifests),
    'Exit status: 0 done, 1 wrong usage or nothing to start, 253 kexec_file_load is not there (-s), 255 the load failed;',
    'with -S: 1 loaded, 0 not. "kexec-kit --help" knows more, such as plans.',
    '',
  ].join('\n');
}

function rowsOf(group: KexecOption['group']): readonly (readonly [string, string])[] {
  return kexecOptions
    .filter((option) => option.group === group)
    .map((option) => [`  ${spelled(option)}`, help(option)] as const);
}

/** How an option is written: `-t, --type=TYPE`. */
export function spelled({
  name,
  short,
  placeholder,
}: Omit<KexecOption, 'group' | 'does' | 'meaning'>): string {
  const letter = short === undefined ? '    ' : `-${short}, `;
  return `${letter}--${name}${placeholder === undefined ? '' : `=${placeholder}`}`;
}

function help({ does, meaning }: KexecOption): string {
  return 'refused' in meaning ? `${does}: refused` : does;
}

function typesOf(manifests: readonly LoaderManifest[]): string {
  const names = manifests.flatMap(({ name, aliases }) => [name, ...aliases.map((alias) => alias.name)]);
  return names.length === 0 ? 'none, no loader is installed' : names.join(', ');
}

/** What loaders take beyond kexec(8). */
function further(manifests: readonly LoaderManifest[]): readonly string[] {
  const known = new Set(kexecOptions.map(({ name }) => name));
  const names = manifests.flatMap(({ options }) => Object.values(options).map(({ name }) => name));
  const others = [...new Set(names)].filter((name) => !known.has(name));
  return others.length === 0
    ? []
    : [`Beyond kexec(8), for the types that have them: ${others.map((name) => `--${name}`).join(', ')}.`];
}
