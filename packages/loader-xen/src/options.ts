import type { OptionSpec } from '@kexec-kit/loader-api';

export const options = {
  commandLine: {
    type: 'string',
    name: 'command-line',
    aliases: ['append'],
    placeholder: 'TEXT',
    summary: "Set Xen's own command line",
  },
  reuseCommandLine: {
    type: 'flag',
    name: 'reuse-cmdline',
    summary: "Begin Xen's command line with the running kernel's own",
  },
  dom0: {
    type: 'file',
    name: 'dom0',
    placeholder: 'FILE',
    summary: "Start this kernel in Xen's first domain: the first module",
  },
  dom0Arguments: {
    type: 'string',
    name: 'dom0-args',
    placeholder: 'TEXT',
    summary: "Set the command line of dom0's kernel",
  },
  dom0Initrd: {
    type: 'file',
    name: 'dom0-initrd',
    placeholder: 'FILE',
    summary: "Hand dom0's kernel this initrd: the second module",
  },
  module: {
    type: 'file',
    name: 'module',
    placeholder: '"FILE [ARGUMENTS]"',
    multiple: true,
    arguments: true,
    summary:
      'Add a module with its own command line, behind those of dom0; without --dom0 the first is its kernel',
  },
  protocol: {
    type: 'choice',
    name: 'protocol',
    choices: ['1', '2'],
    placeholder: '1|2',
    summary: 'Start it by this version of Multiboot, by itself 2 when the image has it',
  },
  bios: {
    type: 'choice',
    name: 'bios',
    choices: ['present', 'absent'],
    placeholder: 'present|absent',
    summary: 'Say whether this machine has a BIOS, instead of what its description tells',
  },
} as const satisfies OptionSpec;
