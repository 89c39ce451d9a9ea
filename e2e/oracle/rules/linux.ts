import { hex } from '@kexec-kit/loader-api';
import { composeCommandLine, readSetupHeader, SETUP_LAST_WORDS, XLF_EFI_KEXEC } from '@kexec-kit/linux-boot';
import { imageBytes } from '../images/index.js';
import type { Evidence } from '../judge.js';
import { bzImageOf, fileSize, isElfLinux, neededMemory } from './facts.js';
import { defineRules } from './rule.js';

const LINUX = 'boot_params';
/** Since when a kernel reads a setup_data list. */
const HAS_SETUP_DATA = 0x209;
const E820_INLINE = 128;

function versionOf({ made: { image } }: Evidence): number {
  return bzImageOf(image)?.version ?? 0x20c;
}

function hasScreen({ made: { machine } }: Evidence): boolean {
  return machine.bootParams !== undefined;
}

/** Bytes 0x20 to 0x23 within the field that begins at 0x12. */
const OLD_COMMAND_LINE = { from: 2 * (0x20 - 0x12), to: 2 * (0x24 - 0x12) };

/** A field of many bytes is shown without the zeros at its end. */
function fieldBytes(value: string | undefined): string {
  return (value === undefined || value === '0x0' ? '' : value).padEnd(2 * 0x2e, '0');
}

export const linuxRules = defineRules([
  {
    name: 'no-made-up-screen',
    of: LINUX,
    items: /^boot_params\.screen_info\.orig_video_(cols|lines|is_vga|points)$/,
    theirs: 'tells of a VGA text screen of 80 by 25 where it knows of none',
    ours: 'says that there is no screen',
    reason: 'on a machine without VGA a kernel would write to memory that is not there',
    explains: ({ theirs, ours }, evidence) =>
      !hasScreen(evidence) && ours === '0x0' && ['0x50', '0x19', '0x1', '0x10'].includes(theirs ?? ''),
  },
  {
    name: 'old-command-line-fields',
    of: LINUX,
    items: /^boot_params\.screen_info\.linear_frame_buffer$/,
    theirs: 'writes the command line fields of protocol 2.01 (cl_magic, cl_offset at 0x20) for every kernel',
    ours: 'writes them for kernels before 2.02, and leaves the running screen as it is',
    reason: 'since 2.02 the bytes belong to screen_info: with a framebuffer they are its size',
    defect: 'lfb_size of the running screen is overwritten',
    explains: ({ theirs, ours }) => {
      const [a, b] = [fieldBytes(theirs), fieldBytes(ours)];
      const { from, to } = OLD_COMMAND_LINE;
      return (
        a.slice(0, from) === b.slice(0, from) &&
        a.slice(to) === b.slice(to) &&
        a.slice(from, from + 4) === '3fa3'
      );
    },
  },
  {
    name: 'root-device',
    of: LINUX,
    items: /^boot_params\.root_(dev|flags)$/,
    theirs: 'says root_dev 0x0300 (/dev/hda) and root_flags 0xffff',
    ours: "keeps the image's own",
    reason: 'the image was built with them, and root= on the command line says what counts',
    explains: ({ item, theirs, ours }, { made: { image } }) => {
      const header = bzImageOf(image) && readSetupHeader(imageBytes(image));
      const own = { dev: hex(header?.root_dev ?? 0), flags: hex(header?.root_flags ?? 1) };
      return item.endsWith('dev')
        ? theirs === '0x300' && ours === own.dev
        : theirs === '0xffff' && ours === own.flags;
    },
  },
  {
    name: 'boot-flag',
    of: LINUX,
    items: /^boot_params\.boot_flag$/,
    theirs: 'clears the byte at 0x1ff, or has no boot_flag at all for an ELF kernel',
    ours: 'hands 0xaa55 on',
    reason: 'boot.rst, 0x1fe/2: the field is 0xaa55',
    defect: 'a field of old boot protocols (aux_device_info) is written over half of boot_flag',
    explains: ({ theirs, ours }, evidence) =>
      ours === '0xaa55' && theirs === (isElfLinux(evidence) ? '0x0' : '0x55'),
  },
  {
    name: 'least-alignment',
    of: LINUX,
    items: /^boot_params\.kernel_alignment$/,
    theirs: "hands the image's kernel_alignment on",
    ours: 'writes the least alignment that the kernel bears (min_alignment, at least a page)',
    reason:
      'boot.rst, 0x230/4: the loader writes what it used, so that the kernel does not move itself where nothing is free',
    explains: ({ theirs, ours }, { made: { image } }) => {
      const bz = bzImageOf(image);
      if (bz === undefined || bz.version < 0x20a || !bz.relocatable) return false;
      const least = 2 ** Math.min(bz.alignment, Math.max(bz.minAlignment, 12));
      return theirs === hex(2 ** bz.alignment) && ours === hex(least);
    },
  },
  {
    name: 'fields-of-the-protocol',
    of: LINUX,
    items: /^boot_params\.min_alignment$/,
    theirs: 'copies the header as far as its declared length reaches',
    ours: "copies the fields that the image's protocol version has",
    reason: 'a byte behind the last field of a version is not that field',
    explains: ({ ours }, { made: { image } }) => {
      const bz = bzImageOf(image);
      return bz !== undefined && bz.version < 0x20a && ours === '0x0';
    },
  },
  {
    name: 'last-words',
    of: 'setup_data',
    items: /^setup_data(, types|\.27499)$/,
    theirs: 'leaves no record of how far purgatory got',
    ours: 'adds a node of a type of its own (0x6b6b), which the next Linux keeps and shows',
    reason: 'a start that failed can be asked about',
    explains: ({ item, theirs, ours }, evidence) => {
      if (versionOf(evidence) < HAS_SETUP_DATA)
        return item === 'setup_data, types' ? false : theirs === undefined;
      const kept = (ours ?? '').split(' ').filter((type) => type !== String(SETUP_LAST_WORDS));
      return item === 'setup_data, types'
        ? kept.join(' ') === theirs && kept.join(' ') !== ours
        : theirs === undefined;
    },
  },
  {
    name: 'no-setup-data-before-2.09',
    of: 'setup_data',
    items: /^(setup_data.*|e820, entries|e820\[\d+\])$/,
    theirs: 'makes a setup_data list for every kernel',
    ours: 'makes none for a kernel before protocol 2.09, and says so if its memory map is cut',
    reason: 'such a kernel has no field for the list: what would point to it is something else there',
    explains: ({ item, theirs, ours }, evidence) => {
      if (versionOf(evidence) >= HAS_SETUP_DATA) return false;
      if (item === 'e820, entries') return ours === hex(E820_INLINE);
      const index = /\[(\d+)\]/.exec(item)?.[1];
      if (index !== undefined) return ours === undefined && Number(index) >= E820_INLINE;
      return item === 'setup_data, types' ? ours === '' : ours === undefined && theirs !== undefined;
    },
  },
  {
    name: 'blank-left-behind',
    of: 'command line',
    items: /^(command line|cmdline)$/,
    theirs: 'leaves blanks where it took a parameter out of the running command line',
    ours: 'leaves one blank between words',
    reason: 'nothing reads them',
    explains: ({ theirs, ours }, { made: { options } }) =>
      options.reuse && theirs !== undefined && theirs.trim().replace(/ {2,}/g, ' ') === ours,
  },
  {
    name: 'memory-of-the-kernel',
    of: 'size in memory, 32-bit entry',
    items: /^size of kernel/,
    theirs: 'asks for the memory of the file alone',
    ours: 'asks for init_size; for a kernel that does not say, for three times its file',
    reason: 'the kernel unpacks itself into that memory before it reads its memory map',
    defect: 'fixed upstream by ec3e4df',
    explains: ({ theirs, ours }, { made: { image } }) => {
      if (image.format !== 'bzimage32') return false;
      const pages = (size: number) => hex(Math.ceil(size / 4096) * 4096);
      return theirs === pages(fileSize(image.bzimage)) && ours === pages(neededMemory(image.bzimage));
    },
  },
  {
    name: 'elf-setup-header',
    of: 'boot_params of an ELF kernel',
    items: /^boot_params\.(version|initrd_addr_max|cmdline_size|pad9)$/,
    theirs: 'makes up a header of protocol 2.06, and puts the command line into the same page',
    ours: 'makes up one of 2.12; the command line has its own place',
    reason: 'before 2.12 a kernel does not look at the upper halves of the addresses that it is given',
    explains: ({ item, theirs, ours }, evidence) => {
      if (!isElfLinux(evidence)) return false;
      if (item.endsWith('pad9')) return ours === '0x0' && isCommandLine(theirs, evidence);
      const made: Readonly<Record<string, readonly [string, string]>> = {
        'boot_params.version': ['0x206', '0x20c'],
        'boot_params.initrd_addr_max': ['0x37ffffff', '0x0'],
        'boot_params.cmdline_size': ['0x800', '0x0'],
      };
      return made[item]?.[0] === theirs && made[item]?.[1] === ours;
    },
  },
  {
    name: 'elf-above-4-gib',
    of: 'command line of an ELF kernel',
    items: /^command line$/,
    theirs: 'puts boot_params above 4 GiB, and of the command line there half of its address',
    ours: 'writes both halves',
    reason: 'the kernel would read another page',
    defect: 'protocol 2.06 has no ext_cmd_line_ptr, and nothing keeps the page below 4 GiB',
    explains: ({ ours }, evidence) =>
      isElfLinux(evidence) &&
      ours === commandLineOf(evidence) &&
      (evidence.theirView?.places.get('boot-params')?.start ?? 0n) >> 32n > 0n,
  },
  {
    name: 'efi-at-the-32-bit-entry',
    of: 'EFI, 32-bit entry',
    items: /^(boot_params\.efi_info\..*|setup_data, types|setup_data\.4|EFI runtime map)$/,
    theirs: 'hands EFI on at the 64-bit entry only',
    ours: 'hands it on to every kernel that says it can take it (XLF_EFI_KEXEC)',
    reason: 'what a kernel can take over does not depend on how it is entered',
    explains: ({ item, theirs, ours }, evidence) => {
      const { image, machine, options } = evidence.made;
      const takes =
        image.format === 'bzimage32' && image.bzimage.version >= 0x20c && hasEfiKexec(image.bzimage);
      if (!takes || machine.efi === undefined || !options.efi) return false;
      if (item !== 'setup_data, types') return (theirs ?? '0x0') === '0x0' && ours !== undefined;
      return !(theirs ?? '').split(' ').includes('4') && (ours ?? '').split(' ').includes('4');
    },
  },
  {
    name: 'order-of-the-runtime-map',
    of: 'EFI runtime map',
    items: /^EFI runtime map$/,
    theirs: 'hands the descriptors on in whatever order it finds their directories',
    ours: 'hands them on in the order of their numbers',
    reason: 'the numbers are the order of the map that the firmware was given',
    explains: ({ theirs, ours }) => sorted(theirs) !== '' && sorted(theirs) === sorted(ours),
  },
  {
    name: 'no-stack-lent',
    of: 'registers',
    items: /^register\..sp$/,
    theirs: "leaves the stack pointer in purgatory's own stack",
    ours: 'sets it where the protocol asks for a stack, else to 0',
    reason: 'boot.rst asks for none, and purgatory is nobody any more when the kernel runs',
    explains: ({ theirs, ours }) => theirs === 'a stack' && ours === undefined,
  },
]);

/** Whether bytes in hexadecimal are what kexec(8) hands over as a command line. */
function isCommandLine(bytes: string | undefined, evidence: Evidence): boolean {
  const text = Buffer.from(bytes ?? '', 'hex').toString('latin1');
  const words = (line: string) =>
    line
      .split(' ')
      .filter((word) => word !== '')
      .join(' ');
  return text !== '' && words(text) === words(commandLineOf(evidence));
}

function hasEfiKexec({ xloadflags }: { readonly xloadflags: number }): boolean {
  return (xloadflags & XLF_EFI_KEXEC) !== 0;
}

/** Descriptors of 40 bytes, in an order of their own. */
function sorted(map: string | undefined): string {
  return ((map ?? '').match(/.{80}/g) ?? []).sort().join();
}

/** What a kernel's command line has to be. */
export function commandLineOf(
  { made: { options, machine, purpose } }: Evidence,
  reuse = options.reuse,
): string {
  return composeCommandLine({ text: options.commandLine, reuse, running: machine.commandLine, purpose });
}
