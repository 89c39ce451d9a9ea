import type { Spelling } from './getopt.js';

/** What an option asks for. */
export type Action =
  'load' | 'load-panic' | 'unload' | 'exec' | 'force' | 'status' | 'help' | 'version' | 'print-ckr-size';

/** How a value of kexec(8) is written for us: `number` as C reads one, `last-byte` the same, counted in. */
export type Conversion = 'number' | 'last-byte';

/** What becomes of an option. */
export type Meaning =
  | { readonly action: Action }
  /** Which system call. */
  | { readonly method: 'auto' | 'segments' | 'file' }
  /** An option of `kexec-kit load` that takes the same value, under this name. */
  | { readonly own: string; readonly as?: Conversion }
  /** Options of `kexec-kit load`, with these values. */
  | { readonly sets: Readonly<Record<string, string>> }
  /** A step before the start that is left out. */
  | { readonly without: 'sync' | 'ifdown' }
  /** An option of the loader that takes the image, under this name; with this value, where it takes none here. */
  | { readonly loader: string; readonly value?: string }
  /** Accepted, and nothing has to be done: `differs` says why. */
  | { readonly nothing: true }
  /** An error: `differs` says why. */
  | { readonly refused: true };

/** One option of kexec(8) on x86. */
export interface KexecOption extends Spelling {
  readonly group: Group;
  /** One line for help: imperative, in our words. */
  readonly does: string;
  readonly meaning: Meaning;
  /** Given again it adds to the first; of other options the last counts. */
  readonly repeats?: true;
  /** How it differs from kexec(8), and the reason. */
  readonly differs?: string;
}

/** The headings of help, in their order. */
export const groups = [
  'What to do',
  'By which system call',
  'What to start',
  'How to load it',
  'Between the two kernels',
  'For a crash kernel',
  'Refused',
] as const;
export type Group = (typeof groups)[number];

const noReturn =
  'No image format here can return to the kernel that started it: nothing would bring its devices back. Use suspend to disk.';
const xenOnly = 'It is a request to the Xen hypervisor, of which no released version takes it.';

/** Every option of kexec(8) for x86, and what it means here: the parser, the help and the reference read this table. */
export const kexecOptions: readonly KexecOption[] = [
  {
    name: 'load',
    short: 'l',
    group: 'What to do',
    does: 'Load FILE, to be started later; with -S or -u: mean the kernel for reboots',
    meaning: { action: 'load' },
    differs: 'Together with -e it loads and then starts, in either order; the last of the two won.',
  },
  {
    name: 'load-panic',
    short: 'p',
    group: 'What to do',
    does: 'Load FILE, to be started when this kernel crashes; with -S or -u: mean that one',
    meaning: { action: 'load-panic' },
    differs:
      'Its place on the command line does not matter: "-u -p" is "-p -u". With -e or -f it is an error.',
  },
  {
    name: 'exec',
    short: 'e',
    group: 'What to do',
    does: 'Start what is loaded, at once: nothing is shut down, disks are synced, network interfaces go down',
    meaning: { action: 'exec' },
  },
  {
    name: 'force',
    short: 'f',
    group: 'What to do',
    does: 'Load FILE and start it at once: -l and -e in one',
    meaning: { action: 'force' },
  },
  {
    name: 'unload',
    short: 'u',
    group: 'What to do',
    does: 'Forget what is loaded; with -p: the crash kernel',
    meaning: { action: 'unload' },
    differs: 'With -e or -f it is an error: there would be nothing to start.',
  },
  {
    name: 'status',
    short: 'S',
    group: 'What to do',
    does: 'Exit with 1 if a crash kernel (with -l: a kernel for reboots) is loaded, with 0 if not; do nothing else',
    meaning: { action: 'status' },
  },
  {
    name: 'print-ckr-size',
    group: 'What to do',
    does: 'Print how much memory is reserved for a crash kernel, in bytes',
    meaning: { action: 'print-ckr-size' },
    differs: 'Works wherever it stands; kexec(8) did what stood before it first.',
  },
  {
    name: 'help',
    short: 'h',
    group: 'What to do',
    does: 'Show this help',
    meaning: { action: 'help' },
    differs: '-? is not taken.',
  },
  {
    name: 'version',
    short: 'v',
    group: 'What to do',
    does: 'Print the version',
    meaning: { action: 'version' },
    differs: 'It is the version of kexec-kit.',
  },
  {
    name: 'kexec-syscall-auto',
    short: 'a',
    group: 'By which system call',
    does: 'Use kexec_file_load where it can load FILE, kexec_load otherwise (the default)',
    meaning: { method: 'auto' },
    differs:
      'Every image loads so: a format that kexec_file_load does not know goes to kexec_load without a try. kexec(8) fails on most of them.',
  },
  {
    name: 'kexec-syscall',
    short: 'c',
    group: 'By which system call',
    does: 'Use kexec_load only',
    meaning: { method: 'segments' },
  },
  {
    name: 'kexec-file-syscall',
    short: 's',
    group: 'By which system call',
    does: 'Use kexec_file_load only: the running kernel reads and verifies FILE itself',
    meaning: { method: 'file' },
    differs:
      'An image or an option that the kernel cannot take this way is refused before the call, and what stands in the way is named.',
  },
  {
    name: 'type',
    short: 't',
    placeholder: 'TYPE',
    group: 'What to start',
    does: 'Take FILE for this type, instead of finding out',
    meaning: { own: 'type' },
    differs: 'It holds for -s and -a as well; kexec(8) forgets it there.',
  },
  {
    name: 'command-line',
    placeholder: 'TEXT',
    group: 'What to start',
    does: 'Set the command line',
    meaning: { loader: 'command-line' },
    differs: 'No option behind or before it can undo it: --noefi and two others did.',
  },
  {
    name: 'append',
    placeholder: 'TEXT',
    group: 'What to start',
    does: 'Set the command line, or what follows the reused one; the last of the two counts',
    meaning: { loader: 'command-line' },
    differs: 'As --command-line.',
  },
  {
    name: 'reuse-cmdline',
    group: 'What to start',
    does: "Begin with the running kernel's command line, without BOOT_IMAGE= and, with -p, every crashkernel=",
    meaning: { loader: 'reuse-cmdline' },
    differs:
      'Only whole words are taken out, a quoted value is one word, and Multiboot 2 kernels get it too: kexec(8) dropped it there.',
  },
  {
    name: 'initrd',
    placeholder: 'FILE',
    repeats: true,
    group: 'What to start',
    does: 'Hand over this initrd; several are joined in the order given',
    meaning: { loader: 'initrd' },
    differs: 'May be repeated; kexec(8) took the last and dropped the others.',
  },
  {
    name: 'ramdisk',
    placeholder: 'FILE',
    repeats: true,
    group: 'What to start',
    does: 'The same as --initrd',
    meaning: { loader: 'initrd' },
    differs: 'As --initrd.',
  },
  {
    name: 'module',
    placeholder: '"FILE [TEXT]"',
    repeats: true,
    group: 'What to start',
    does: 'Hand over this module with its own command line; may be repeated',
    meaning: { loader: 'module' },
  },
  {
    name: 'real-mode',
    group: 'What to start',
    does: 'Enter the kernel in real mode; needs a BIOS',
    meaning: { loader: 'real-mode' },
    differs: 'With -a it goes to kexec_load; kexec(8) failed.',
  },
  {
    name: 'entry-32bit',
    group: 'What to start',
    does: 'Enter the kernel in 32-bit mode',
    meaning: { loader: 'entry-32bit' },
    differs: 'With -a it goes to kexec_load; kexec(8) failed.',
  },
  {
    name: 'args-elf',
    group: 'What to start',
    does: 'Hand over ELF boot notes',
    meaning: { loader: 'args', value: 'elf' },
    differs: 'Not the default for a Linux kernel: that is recognised, and gets its own arguments.',
  },
  {
    name: 'args-linux',
    group: 'What to start',
    does: 'Hand over what a Linux kernel wants',
    meaning: { loader: 'args', value: 'linux' },
  },
  {
    name: 'args-none',
    group: 'What to start',
    does: 'Hand over nothing',
    meaning: { loader: 'args', value: 'none' },
  },
  {
    name: 'mem-min',
    placeholder: 'ADDRESS',
    group: 'How to load it',
    does: 'Place nothing below this address',
    meaning: { own: 'mem-min', as: 'number' },
  },
  {
    name: 'mem-max',
    placeholder: 'ADDRESS',
    group: 'How to load it',
    does: 'Place nothing above this address',
    meaning: { own: 'mem-max', as: 'last-byte' },
  },
  {
    name: 'noefi',
    group: 'How to load it',
    does: 'Do not hand EFI on to the next kernel',
    meaning: { sets: { 'no-efi': 'true' } },
    differs: 'It is no usage error beside -u and -e, and does not undo --append.',
  },
  {
    name: 'reuse-video-type',
    group: 'How to load it',
    does: "Hand the running kernel's screen on, as always",
    meaning: { nothing: true },
    differs: 'The screen is handed on whole without it, its type included.',
  },
  {
    name: 'no-checks',
    short: 'i',
    group: 'How to load it',
    does: 'Do not verify what was loaded before it is started: faster, and blind',
    meaning: { sets: { 'no-checks': 'true' } },
  },
  {
    name: 'no-ifdown',
    short: 'x',
    group: 'How to load it',
    does: 'Leave network interfaces up, with -e and -f',
    meaning: { without: 'ifdown' },
  },
  {
    name: 'no-sync',
    short: 'y',
    group: 'How to load it',
    does: 'Do not sync disks, with -e and -f',
    meaning: { without: 'sync' },
    differs: 'A load alone syncs nothing: there is no reason to.',
  },
  {
    name: 'debug',
    short: 'd',
    group: 'How to load it',
    does: 'Tell on stderr what goes where, and why; ask the kernel to log what it does',
    meaning: { sets: { verbose: 'true', 'kernel-flag': 'debug' } },
    differs:
      'A kernel that does not know the flag loads without it, and its place before or behind -p does not matter.',
  },
  {
    name: 'console-vga',
    group: 'Between the two kernels',
    does: 'Tell on the text screen how the hand-over goes',
    meaning: { sets: { 'console-vga': 'true' } },
  },
  {
    name: 'console-serial',
    group: 'Between the two kernels',
    does: 'Tell on the serial port how the hand-over goes',
    meaning: { sets: { 'console-serial': 'true' } },
  },
  {
    name: 'serial',
    placeholder: 'PORT',
    group: 'Between the two kernels',
    does: 'The serial port: ttyS0 (the default), ttyS1, or an I/O port such as 0x3f8',
    meaning: { own: 'serial' },
  },
  {
    name: 'serial-baud',
    placeholder: 'RATE',
    group: 'Between the two kernels',
    does: 'Its speed, from 9600 to 115200 (default: as it is)',
    meaning: { own: 'serial-baud' },
    differs: '0 is refused; kexec(8) divided by it and died.',
  },
  {
    name: 'reset-vga',
    group: 'Between the two kernels',
    does: 'Bring the VGA to text mode, and hand that screen on',
    meaning: { sets: { 'reset-vga': 'true' } },
  },
  {
    name: 'elf64-core-headers',
    group: 'For a crash kernel',
    does: 'Describe the crashed kernel in ELF64, as always',
    meaning: { nothing: true },
    differs: 'It is so without it.',
  },
  {
    name: 'elf32-core-headers',
    group: 'For a crash kernel',
    does: 'Describe the crashed kernel in ELF64 all the same',
    meaning: { nothing: true },
    differs: 'kexec(8) for x86_64 takes it and does nothing, too: ELF32 cannot name memory above 4 GiB.',
  },
  {
    name: 'pass-memmap-cmdline',
    group: 'For a crash kernel',
    does: 'Tell the crash kernel its memory on its command line',
    meaning: { refused: true },
    differs:
      'It serves kernels older than 3.7, which took no memory map for a crash; a command line of 2047 bytes does not hold the maps of today.',
  },
  {
    name: 'hotplug',
    group: 'For a crash kernel',
    does: 'Let the kernel keep its description current as CPUs and memory come and go',
    meaning: { refused: true },
    differs:
      'The description is verified before the crash kernel starts, and would be found changed. Load again after each change, as udev rules for kdump do; kexec_file_load (-s) keeps it current by itself.',
  },
  {
    name: 'dtb',
    placeholder: 'FILE',
    group: 'Refused',
    does: 'Hand over a device tree',
    meaning: { refused: true },
    differs: 'Only boards with the Intel CE4100 of 2010 start from a device tree on x86.',
  },
  {
    name: 'reuseinitrd',
    group: 'Refused',
    does: "Hand over the running kernel's initrd",
    meaning: { refused: true },
    differs: 'kexec(8) has it for no x86 kernel either: give the file with --initrd.',
  },
  {
    name: 'load-preserve-context',
    group: 'Refused',
    does: 'Load FILE so that it can return to this kernel',
    meaning: { refused: true },
    differs: noReturn,
  },
  {
    name: 'load-jump-back-helper',
    group: 'Refused',
    does: 'Load what returns to the kernel that started this one',
    meaning: { refused: true },
    differs: noReturn,
  },
  {
    name: 'entry',
    placeholder: 'ADDRESS',
    group: 'Refused',
    does: 'Where to return to',
    meaning: { refused: true },
    differs: noReturn,
  },
  {
    name: 'load-live-update',
    group: 'Refused',
    does: 'Load FILE for a live update of Xen',
    meaning: { refused: true },
    differs: xenOnly,
  },
  {
    name: 'exec-live-update',
    group: 'Refused',
    does: 'Start a live update of Xen',
    meaning: { refused: true },
    differs: xenOnly,
  },
  {
    name: 'no-cma',
    group: 'How to load it',
    does: 'Ask the kernel, with -s, to load nothing into memory that is set aside for devices',
    meaning: { sets: { 'kernel-flag': 'no-cma' } },
    differs: 'A kernel that does not know the flag loads without it.',
  },
  {
    name: 'force-dtb',
    group: 'How to load it',
    does: 'Ask the kernel, with -s, to hand its device tree on',
    meaning: { sets: { 'kernel-flag': 'force-dtb' } },
    differs: 'A kernel that does not know the flag loads without it.',
  },
];
