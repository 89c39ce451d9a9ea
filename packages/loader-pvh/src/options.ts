import type { OptionSpec } from '@kexec-kit/loader-api';

export const options = {
  commandLine: {
    type: 'string',
    name: 'command-line',
    aliases: ['append'],
    placeholder: 'TEXT',
    summary: "Set the kernel's command line",
  },
  reuseCommandLine: {
    type: 'flag',
    name: 'reuse-cmdline',
    summary: "Begin the command line with the running kernel's own",
  },
  initrd: {
    type: 'file',
    name: 'initrd',
    aliases: ['ramdisk'],
    placeholder: 'FILE',
    multiple: true,
    summary: 'Add an initrd; several are concatenated in the order given, as the first module',
  },
  module: {
    type: 'file',
    name: 'module',
    placeholder: '"FILE [ARGUMENTS]"',
    multiple: true,
    arguments: true,
    summary: 'Add a module with its own command line, behind the initrd',
  },
} as const satisfies OptionSpec;
