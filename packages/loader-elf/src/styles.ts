import type { Diagnostic, OptionsOf } from '@kexec-kit/loader-api';
import { notHandedOver } from './codes.js';
import type { ElfKernel } from './image.js';
import type { options } from './options.js';

/** What a kernel is handed: ELF boot notes, Linux's boot_params, nothing. */
export type Style = (typeof options.args.choices)[number];

type Options = OptionsOf<typeof options>;

/** As asked for; by itself a Linux kernel gets Linux's arguments, every other kernel ELF boot notes. */
export function styleOf({ linux }: ElfKernel, { args }: Options): Style {
  return args ?? (linux ? 'linux' : 'elf');
}

/** What was given and would not reach the kernel is refused, never dropped. */
export function checkStyle(style: Style, given: Options): Diagnostic | undefined {
  if (style === 'linux') return undefined;
  if (given.initrd.length > 0) return notHandedOver(style, 'initrd');
  const hasCommandLine = given.commandLine !== undefined || given.reuseCommandLine;
  return style === 'none' && hasCommandLine ? notHandedOver(style, 'command line') : undefined;
}
