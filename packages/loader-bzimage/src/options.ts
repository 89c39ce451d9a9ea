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
    summary: 'Add an initrd; several are concatenated in the order given',
  },
  entry: {
    type: 'choice',
    name: 'entry',
    choices: ['64', '32', '16'],
    placeholder: 'MODE',
    summary: 'Enter the kernel in this mode; by itself the best that both kernels allow',
  },
  entry32bit: {
    type: 'flag',
    name: 'entry-32bit',
    summary: 'Enter at the 32-bit entry, whatever --entry says',
  },
  realMode: {
    type: 'flag',
    name: 'real-mode',
    summary: 'Enter at the 16-bit entry, whatever --entry says; needs a BIOS',
  },
} as const satisfies OptionSpec;
