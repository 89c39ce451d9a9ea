import type { OptionSpec } from '@kexec-kit/loader-api';

export const options = {
  args: {
    type: 'choice',
    name: 'args',
    choices: ['elf', 'linux', 'none'],
    placeholder: 'STYLE',
    summary:
      'Hand over ELF boot notes, Linux boot parameters or nothing; a Linux kernel gets its own by itself',
  },
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
} as const satisfies OptionSpec;
