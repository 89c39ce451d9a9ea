import type { Option } from '@kexec-kit/loader-api';
import type { Context } from './context.js';
import type { ExitCode } from './exit.js';

/** What a command is given once its arguments are parsed. */
export interface Invocation {
  readonly operands: readonly string[];
  readonly values: Values;
}

/** Option values by long name, as typed on the command line. */
export type Values = ReadonlyMap<string, readonly string[]>;

export interface Command {
  readonly name: string;
  readonly summary: string;
  /** The operands in a usage line; `[X]` is optional. */
  readonly operands: readonly string[];
  readonly options: readonly Option[];
  /** Takes the options of every installed loader, too. */
  readonly loaderOptions?: true;
  /** More sentences for `COMMAND --help`. */
  readonly about: readonly string[];
  readonly examples: readonly { readonly line: string; readonly does: string }[];
  readonly run: () => Promise<(context: Context, invocation: Invocation) => Promise<ExitCode>>;
}

const json: Option = {
  type: 'flag',
  name: 'json',
  summary: 'Print one JSON document on stdout (its shape is stable)',
};
const help: Option = { type: 'flag', name: 'help', short: 'h', summary: 'Show this help' };

const type: Option = {
  type: 'string',
  name: 'type',
  short: 't',
  placeholder: 'LOADER',
  summary: 'Use this loader instead of choosing by looking at the file',
};

const machine: readonly Option[] = [
  {
    type: 'file',
    name: 'machine',
    placeholder: 'SNAPSHOT',
    summary: 'Plan for a machine recorded with "kexec-kit machine -o SNAPSHOT" (default: this machine)',
  },
];

const guest: readonly Option[] = [
  {
    type: 'address',
    name: 'memory',
    placeholder: 'SIZE',
    summary: 'Plan for a QEMU guest with so much RAM, e.g. 512M or 6G',
  },
  {
    type: 'choice',
    name: 'model',
    placeholder: 'MODEL',
    choices: ['q35', 'microvm'],
    summary: 'The guest: q35 (default) or microvm',
  },
  {
    type: 'choice',
    name: 'paging',
    placeholder: 'LEVELS',
    choices: ['4', '5'],
    summary: 'Paging levels in force at hand-over: 4 (default) or 5',
  },
  {
    type: 'choice',
    name: 'architecture',
    placeholder: 'ARCH',
    choices: ['x86_64', 'i386'],
    summary: 'The running kernel that the guest plays: x86_64 (default) or i386',
  },
  {
    type: 'choice',
    name: 'firmware',
    placeholder: 'FIRMWARE',
    choices: ['none', 'seabios'],
    summary: 'What ran before in the guest: none, or seabios (default: what the image needs)',
  },
];

const policy: readonly Option[] = [
  { type: 'address', name: 'mem-min', placeholder: 'ADDRESS', summary: 'Place nothing below this address' },
  {
    type: 'address',
    name: 'mem-max',
    placeholder: 'ADDRESS',
    summary: 'Place nothing at or above this address',
  },
  { type: 'flag', name: 'no-efi', aliases: ['noefi'], summary: 'Do not hand EFI on to the next kernel' },
  { type: 'flag', name: 'no-video', summary: 'Do not hand the running screen on to the next kernel' },
  {
    type: 'flag',
    name: 'reset-vga',
    summary: 'Before the next kernel, bring the VGA to 80x25 text, and say so to it',
  },
  {
    type: 'flag',
    name: 'reset-pic',
    summary: 'Before the next kernel, set the 8259 interrupt controllers up as a BIOS does',
  },
  {
    type: 'flag',
    name: 'console-vga',
    summary: 'Between the kernels, say how it goes on the VGA text screen',
  },
  {
    type: 'flag',
    name: 'console-serial',
    summary: 'Between the kernels, say how it goes on a serial port (default: only what goes wrong)',
  },
  {
    type: 'string',
    name: 'serial',
    placeholder: 'PORT',
    summary: 'That serial port: ttyS0 (default), ttyS1, or an I/O port such as 0x3e8',
  },
  {
    type: 'choice',
    name: 'serial-baud',
    placeholder: 'BAUD',
    choices: ['9600', '11520', '12800', '14400', '19200', '23040', '28800', '38400', '57600', '115200'],
    summary: 'Its speed, a divisor of 115200 from 9600 on (default: as it is set)',
  },
  {
    type: 'flag',
    name: 'no-checks',
    summary: 'Do not verify what was loaded before it is entered: faster, and blind',
  },
];

const removeArg: Option = {
  type: 'string',
  name: 'remove-arg',
  placeholder: 'NAME',
  multiple: true,
  summary: "With --reuse-cmdline: leave NAME and NAME=… out of the running kernel's command line",
};

const method: Option = {
  type: 'choice',
  name: 'method',
  placeholder: 'METHOD',
  choices: ['auto', 'segments', 'file'],
  summary:
    'segments: kexec_load; file: kexec_file_load; auto (default): the latter where it can, else the former',
};

/** What loads, or would. */
const loading: readonly Option[] = [
  {
    type: 'choice',
    name: 'kernel-flag',
    placeholder: 'FLAG',
    choices: ['debug', 'no-cma', 'force-dtb'],
    multiple: true,
    summary: 'Ask the running kernel for this too; one that does not know it loads without',
  },
  {
    type: 'flag',
    name: 'dry-run',
    short: 'n',
    summary: 'Check everything and say what would be loaded where and why; load nothing',
  },
  { type: 'flag', name: 'and-exec', summary: 'Then start it, as "kexec-kit exec" does' },
  { type: 'flag', name: 'now', summary: 'With --and-exec: at once, without stopping services' },
  { type: 'flag', name: 'verbose', short: 'v', summary: 'Show what went where, and why' },
];

const crash: Option = {
  type: 'flag',
  name: 'crash',
  short: 'p',
  summary: 'Mean the kernel that starts when the running one crashes',
};

/** Every command, in the order of `--help`. The only place where commands and their options are written down. */
export const commands: readonly Command[] = [
  {
    name: 'inspect',
    summary: 'Show what an image says of itself',
    operands: ['FILE'],
    options: [type, json, help],
    about: ['Reads the headers of FILE by their specification and prints every field under its own name.'],
    examples: [
      { line: 'kexec-kit inspect /boot/vmlinuz', does: 'the setup header of a kernel, field by field' },
      { line: 'kexec-kit inspect vmlinuz --json', does: 'the same for a program: {"loader": …, "facts": …}' },
    ],
    run: async () => (await import('./commands/inspect.js')).inspect,
  },
  {
    name: 'probe',
    summary: 'Say which loader would take a file, and what every other one says of it',
    operands: ['FILE'],
    options: [json, help],
    about: ['Asks every installed loader. Nothing is loaded.'],
    examples: [{ line: 'kexec-kit probe vmlinuz', does: 'the verdict of each loader, with its reason' }],
    run: async () => (await import('./commands/probe.js')).probe,
  },
  {
    name: 'extract',
    summary: 'Unpack what an image carries inside itself: the vmlinux of a bzImage',
    operands: ['FILE'],
    options: [
      type,
      {
        type: 'file',
        name: 'output',
        short: 'o',
        placeholder: 'OUT',
        summary:
          'Write to this file; it appears when all went well (default: stdout, if that is no terminal)',
      },
      json,
      help,
    ],
    about: [
      'Knows every compression that kernels use: gzip, xz, lzma, bzip2, lz4, lzo and zstd, and verifies their checksums and the size that the image tells.',
      'A file that is only compressed, such as vmlinux.gz, is decompressed. What it was, its size and its SHA-256 go to stderr.',
      'With --json, -o is needed: stdout has the document.',
    ],
    examples: [
      {
        line: 'kexec-kit extract /boot/vmlinuz -o vmlinux',
        does: 'the ELF file in a kernel, e.g. for a debugger',
      },
      { line: 'kexec-kit extract vmlinuz.gz | sha256sum', does: 'the same for a pipe' },
    ],
    run: async () => (await import('./commands/extract.js')).extract,
  },
  {
    name: 'plan',
    summary: 'Work out what would go where in memory, and draw it',
    operands: ['FILE'],
    options: [
      type,
      ...machine,
      ...guest,
      ...policy,
      crash,
      removeArg,
      {
        type: 'file',
        name: 'output',
        short: 'o',
        placeholder: 'OUT',
        summary:
          'Save the plan; whoever can write OUT decides what runs next, so it is readable by its owner only',
      },
      { type: 'flag', name: 'embed', summary: 'With -o: keep copies of the input files beside OUT' },
      { type: 'file', name: 'svg', placeholder: 'FILE', summary: 'Also draw the memory map as a picture' },
      {
        type: 'flag',
        name: 'verbose',
        short: 'v',
        summary: 'Show every hole that was looked at, and why it was refused',
      },
      json,
      help,
    ],
    loaderOptions: true,
    about: [
      'Nothing is loaded and nothing is changed: a plan is data. It can be printed, drawn, compared, saved and booted in QEMU.',
      'Without --machine or --memory it is made for this machine, whose memory map only root can read.',
    ],
    examples: [
      { line: 'kexec-kit plan vmlinuz --initrd initrd.img --reuse-cmdline', does: 'for this machine' },
      {
        line: 'kexec-kit plan vmlinuz --memory 512M --svg map.svg',
        does: 'for a QEMU guest, with a picture',
      },
      {
        line: 'kexec-kit plan vmlinuz --machine server.json -o plan.json',
        does: 'for a machine recorded earlier, kept for later',
      },
      {
        line: 'kexec-kit plan vmlinuz --initrd kdump.img --crash --reuse-cmdline',
        does: 'for the memory that crashkernel= has reserved',
      },
    ],
    run: async () => (await import('./commands/plan.js')).plan,
  },
  {
    name: 'boot',
    summary: 'Boot an image, or a saved plan, in QEMU: from the very state in which Linux hands over',
    operands: ['FILE'],
    options: [
      type,
      ...guest,
      ...policy,
      {
        type: 'string',
        name: 'until',
        placeholder: 'TEXT',
        summary: 'Stop with success as soon as the guest prints TEXT',
      },
      {
        type: 'string',
        name: 'timeout',
        placeholder: 'SECONDS',
        summary: 'Give up after so many seconds (default 120)',
      },
      {
        type: 'flag',
        name: 'strict-map',
        summary:
          'Map the segments and declared ranges only at hand-over, as Xen does (default: RAM, as Linux does)',
      },
      {
        type: 'flag',
        name: 'quiet',
        short: 'q',
        summary: 'Do not tell on stderr what is done before the guest starts',
      },
      json,
      help,
    ],
    loaderOptions: true,
    about: [
      'What the guest prints on its serial port goes to stdout as it comes. No kernel runs before it, and this machine is not touched.',
      'Exit status 0 only if TEXT was seen; without --until, if the guest ended by itself.',
    ],
    examples: [
      {
        line: 'kexec-kit boot vmlinuz --initrd initrd.img --command-line "console=ttyS0" --until "login:"',
        does: 'until its prompt',
      },
      {
        line: 'kexec-kit boot plan.json --until login:',
        does: 'a plan saved with "plan --memory 512M -o plan.json"',
      },
    ],
    run: async () => (await import('./commands/boot.js')).boot,
  },
  {
    name: 'doctor',
    summary: 'Say whether kexec can work on this machine, and what stands in the way',
    operands: ['[FILE]'],
    options: [type, ...machine, ...policy, crash, method, removeArg, json, help],
    loaderOptions: true,
    about: [
      'Looks at what the kernel allows and at what it was built with, at memory, firmware and screen. Nothing is loaded and nothing is changed.',
      'With FILE, plans the load of it, too: with the same options, "kexec-kit load" does what is said here.',
      'Exit status 0 if it can work, whatever warnings there are; 4 if it cannot.',
    ],
    examples: [
      { line: 'kexec-kit doctor', does: 'the machine, by itself' },
      {
        line: 'kexec-kit doctor /boot/vmlinuz --initrd /boot/initrd.img --reuse-cmdline',
        does: 'whether this can be loaded, and by which system call',
      },
      {
        line: 'kexec-kit doctor /boot/vmlinuz --initrd kdump.img --crash',
        does: 'whether it fits into the memory for crash kernels',
      },
    ],
    run: async () => (await import('./commands/doctor.js')).doctor,
  },
  {
    name: 'load',
    summary: 'Load an image into this machine, to be started later',
    operands: ['FILE'],
    options: [type, ...policy, crash, method, removeArg, ...loading, json, help],
    loaderOptions: true,
    about: [
      'Needs root. Nothing starts: the loaded kernel waits for "kexec-kit exec", or for the next reboot where that looks for one.',
      'Loading again replaces what was loaded.',
    ],
    examples: [
      {
        line: 'kexec-kit load /boot/vmlinuz --initrd /boot/initrd.img --reuse-cmdline',
        does: 'the same system again, without its firmware',
      },
      {
        line: 'kexec-kit load /boot/vmlinuz --initrd /boot/initrd.img --reuse-cmdline --remove-arg quiet --dry-run',
        does: 'say what would be loaded, and load nothing',
      },
    ],
    run: async () => (await import('./commands/load.js')).load,
  },
  {
    name: 'boot-entry',
    summary: "List what this machine's boot loader could start, or load one of it",
    operands: ['ACTION', '[ENTRY]'],
    options: [
      ...policy,
      crash,
      method,
      {
        type: 'string',
        name: 'append',
        placeholder: 'TEXT',
        multiple: true,
        summary: "Add this to the command line of the entry's kernel",
      },
      {
        type: 'string',
        name: 'remove-arg',
        placeholder: 'NAME',
        multiple: true,
        summary: "Leave NAME and NAME=… out of the command line of the entry's kernel",
      },
      ...loading,
      json,
      help,
    ],
    about: [
      'ACTION is list or load. list takes no other option than --json.',
      "Reads GRUB's configuration, with what it includes; Boot Loader Specification entries and unified kernel images, as systemd-boot does; and xen.cfg beside a xen.efi. ENTRY is an ID or a title; without it, the default is loaded.",
      'Below Xen, "the kernel" is that of the first domain. What GRUB would hand over and kexec-kit does not is said.',
    ],
    examples: [
      { line: 'kexec-kit boot-entry list', does: 'titles, IDs, files and command lines' },
      { line: 'kexec-kit boot-entry load --and-exec', does: 'reboot into the default, without the firmware' },
      {
        line: 'kexec-kit boot-entry load "Debian GNU/Linux" --remove-arg quiet --append single --dry-run',
        does: 'say what would be loaded, and load nothing',
      },
    ],
    run: async () => (await import('./commands/boot-entry.js')).bootEntry,
  },
  {
    name: 'exec',
    summary: 'Start the loaded kernel: services are stopped first',
    operands: [],
    options: [
      { type: 'flag', name: 'now', summary: 'At once: services are not stopped, file systems not unmounted' },
      json,
      help,
    ],
    about: [
      'Through systemd, which stops services and unmounts file systems. Without systemd, --now is needed.',
    ],
    examples: [
      { line: 'kexec-kit exec', does: 'shut down, then start the loaded kernel' },
      { line: 'kexec-kit exec --now', does: 'start it this very moment; disks are synced' },
    ],
    run: async () => (await import('./commands/exec.js')).exec,
  },
  {
    name: 'unload',
    summary: 'Forget the loaded kernel',
    operands: [],
    options: [crash, json, help],
    about: ['That none is loaded is no error.'],
    examples: [{ line: 'kexec-kit unload --crash', does: 'forget the crash kernel' }],
    run: async () => (await import('./commands/unload.js')).unload,
  },
  {
    name: 'status',
    summary: 'Say what is loaded, and when it was',
    operands: [],
    options: [json, help],
    about: [
      'The kernel says whether something is loaded; what it is, kexec-kit has noted when it loaded it.',
    ],
    examples: [{ line: 'kexec-kit status', does: 'for reboots and for crashes' }],
    run: async () => (await import('./commands/status.js')).status,
  },
  {
    name: 'apply',
    summary: 'Load a saved plan',
    operands: ['PLAN'],
    options: [...loading, json, help],
    about: [
      'The memory map is read again: a plan for another one is refused, and the difference shown. So is a file that changed.',
      'Whoever can write PLAN decides what runs next: it must be writable by root or by you alone.',
    ],
    examples: [
      {
        line: 'kexec-kit apply plan.json',
        does: 'what "kexec-kit plan FILE -o plan.json" made on this machine',
      },
      { line: 'kexec-kit apply plan.json --dry-run', does: 'check that it still fits' },
    ],
    run: async () => (await import('./commands/apply.js')).apply,
  },
  {
    name: 'bundle',
    summary: 'Make one file of an image or a saved plan, which a boot loader starts with no kernel before it',
    operands: ['FILE'],
    options: [
      type,
      ...machine,
      ...guest,
      ...policy,
      {
        type: 'file',
        name: 'output',
        short: 'o',
        placeholder: 'OUT',
        summary: 'Write to this file; its owner only can read it',
      },
      {
        type: 'choice',
        name: 'boot-protocol',
        placeholder: 'PROTOCOL',
        choices: ['multiboot', 'multiboot2', 'pvh'],
        multiple: true,
        summary: 'A boot protocol by which it can be started: multiboot, multiboot2 or pvh (default: all)',
      },
      {
        type: 'flag',
        name: 'as-module',
        summary:
          'Make what a boot loader leaves in memory, at any page, to be entered later: for a crash kernel',
      },
      json,
      help,
    ],
    loaderOptions: true,
    about: [
      'OUT holds everything that the plan places, and a program that puts it in place and enters purgatory, which verifies it and starts the kernel.',
      'GRUB, Syslinux, QEMU and Xen start it. It refuses a machine whose memory is not RAM where the plan needs it, and says where.',
      'A plan is for one machine: make it for the one that will boot, as its firmware tells of it. For a QEMU guest (--memory), that is SeaBIOS.',
      'The kernel is told what the plan says, not what the boot loader is given: command line and initrd belong here.',
    ],
    examples: [
      {
        line: 'kexec-kit bundle vmlinuz --initrd initrd.img --command-line "console=ttyS0" --memory 512M -o image.elf',
        does: 'for qemu-system-x86_64 -machine q35 -m 512M -cpu max -kernel image.elf',
      },
      {
        line: 'kexec-kit bundle plan.json --boot-protocol multiboot2 -o image.elf',
        does: 'a saved plan, for "multiboot2 /image.elf" in GRUB',
      },
      {
        line: 'kexec-kit bundle plan.json --as-module -o crash.kkb',
        does: 'the same for a boot loader that loads two kernels, of which one waits',
      },
    ],
    run: async () => (await import('./commands/bundle.js')).bundle,
  },
  {
    name: 'last-words',
    summary: 'Say how the hand-over to this kernel went',
    operands: [],
    options: [json, help],
    about: [
      'Between two kernels purgatory notes how far it got: what it verified, what differed, when it jumped.',
      'Linux keeps that note for the kernel that was started; here it is read.',
    ],
    examples: [
      { line: 'kexec-kit last-words', does: 'after a start by kexec-kit, in the kernel that was started' },
    ],
    run: async () => (await import('./commands/last-words.js')).lastWords,
  },
  {
    name: 'machine',
    summary: 'Record this machine: memory map, firmware, command line',
    operands: [],
    options: [
      {
        type: 'file',
        name: 'output',
        short: 'o',
        placeholder: 'SNAPSHOT',
        summary: 'Write the snapshot to a file',
      },
      { type: 'flag', name: 'redact', summary: 'Leave out what could identify or betray: for bug reports' },
      json,
      help,
    ],
    about: [
      'A snapshot is all that a plan needs to know of a machine: attach it to a bug report, plan for it elsewhere.',
    ],
    examples: [
      { line: 'kexec-kit machine --redact -o machine.json', does: 'a snapshot fit for a bug report' },
    ],
    run: async () => (await import('./commands/machine.js')).machine,
  },
  {
    name: 'loaders',
    summary: 'List the installed loaders, their options, and what was skipped',
    operands: [],
    options: [json, help],
    about: ['Loaders are packages beside this one: install one, and it is there.'],
    examples: [{ line: 'kexec-kit loaders', does: 'name, version, what it loads, where it comes from' }],
    run: async () => (await import('./commands/loaders.js')).loaders,
  },
  {
    name: 'explain',
    summary: 'Explain a diagnostic code: its cause and its cure',
    operands: ['[CODE]'],
    options: [json, help],
    about: ['Without CODE, lists them all.'],
    examples: [{ line: 'kexec-kit explain LINK_NO_PLACE', does: 'what it means, and what to do' }],
    run: async () => (await import('./commands/explain.js')).explain,
  },
  {
    name: 'completion',
    summary: 'Print a completion script for bash, zsh or fish',
    operands: ['SHELL'],
    options: [help],
    about: [],
    examples: [
      {
        line: 'kexec-kit completion bash > /etc/bash_completion.d/kexec-kit',
        does: 'for everybody on this machine',
      },
    ],
    run: async () => (await import('./commands/completion.js')).completion,
  },
];
