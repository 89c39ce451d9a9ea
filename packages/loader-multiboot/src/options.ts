import type { OptionSpec } from '@kexec-kit/loader-api';

export const options = {
  commandLine: {
    type: 'string',
    name: 'command-line',
    aliases: ['append'],
    placeholder: 'TEXT',
    summary: "Set the kernel's command line, which begins with the image's name",
  },
  reuseCommandLine: {
    type: 'flag',
    name: 'reuse-cmdline',
    summary: "Begin the command line with the running kernel's own",
  },
  module: {
    type: 'file',
    name: 'module',
    placeholder: '"FILE [ARGUMENTS]"',
    multiple: true,
    arguments: true,
    summary: 'Add a module with its own command line',
  },
} as const satisfies OptionSpec;
