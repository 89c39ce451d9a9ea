import type { Diagnostic } from '@kexec-kit/loader-api';
import { notHandedOn } from '../codes.js';

/** What a menu entry's commands name to be started, by GRUB's paths. */
export interface Started {
  readonly kernel?: Image;
  readonly isMultiboot: boolean;
  readonly initrds: readonly string[];
  readonly modules: readonly Image[];
}
export interface Image {
  readonly path: string;
  readonly arguments: string;
}

export const nothingStarted: Started = { isMultiboot: false, initrds: [], modules: [] };

type Load = (started: Started, words: readonly string[]) => Started;

const linux: Load = (_, words) => ({ ...nothingStarted, kernel: imageOf(words) });
const initrd: Load = (started, words) => ({ ...started, initrds: withoutOptions(words) });
const multiboot: Load = (_, words) => ({ ...nothingStarted, kernel: imageOf(words), isMultiboot: true });
const module: Load = (started, words) => ({ ...started, modules: [...started.modules, imageOf(words)] });

/** GRUB's commands that load something for a kernel, by section 16.3 of its manual. */
export const loads: ReadonlyMap<string, Load> = new Map([
  ...['linux', 'linux16', 'linuxefi'].map((name) => [name, linux] as const),
  ...['initrd', 'initrd16', 'initrdefi'].map((name) => [name, initrd] as const),
  ...['multiboot', 'multiboot2', 'xen_hypervisor'].map((name) => [name, multiboot] as const),
  ...['module', 'module2', 'xen_module'].map((name) => [name, module] as const),
]);

/** More than this many modules or initrds, no kernel is handed. */
export const MOST_FILES = 256;

/** Commands that hand over what kexec-kit does not. */
const others: ReadonlyMap<string, string> = new Map([
  ['devicetree', 'a device tree'],
  ['acpi', 'an ACPI table of GRUB'],
  ['slaunch', 'a secure launch (TrenchBoot)'],
  ['slaunch_module', 'an authenticated code module'],
  ['slaunch_state', 'the state of a secure launch'],
]);

export function notTaken(at: string, command: string, words: readonly string[]): Diagnostic | undefined {
  const what = others.get(command);
  if (what !== undefined) return notHandedOn(at, what);
  const isNamed = loads.get(command) === initrd && words.some((word) => word.startsWith('newc:'));
  return isNamed ? notHandedOn(at, 'a file under a name of its own within the initrd (newc:)') : undefined;
}

function imageOf(words: readonly string[]): Image {
  const [path = '', ...rest] = withoutOptions(words);
  return { path, arguments: commandLine(rest) };
}

/** Options such as `--nounzip` stand before the file only. */
function withoutOptions(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !word.startsWith('--'));
  return first < 0 ? [] : words.slice(first);
}

/**
 * As GRUB writes it: an argument with a blank in quotes, quotes and backslashes behind a backslash. `placeholder`, which
 * scripts put first for a GRUB that dropped the first word, is left out: it means nothing to a kernel.
 */
function commandLine(words: readonly string[]): string {
  const rest = words[0] === 'placeholder' ? words.slice(1) : words;
  return rest
    .map((word) => word.replace(/[\\'"]/g, '\\$&'))
    .map((word) => (word.includes(' ') ? `"${word}"` : word))
    .join(' ');
}
