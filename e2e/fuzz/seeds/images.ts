import { readSetupHeader, SetupHeader, setupCodeSize } from '@kexec-kit/linux-boot';
import {
  bzImage,
  I386,
  MEMTEST,
  MEMTEST_32,
  old,
  elfKernels,
  multiboot1,
  multiboot2,
  pvhKernels,
  xenFile,
} from '../insides.js';
import { peFile } from '../../../tools/pe-file.mjs';
import { elfFile } from '../../../tools/elf-file.mjs';
import { fieldsAt, usable } from '../fields.js';
import type { Seed, Sources } from '../target.js';
import { elfSeed, trimmedElf } from './elf.js';

/** Of a real kernel's protected-mode code so many bytes are kept: a multiple of a paragraph. */
const CODE_KEPT = 4096;

/** A real kernel with its own setup code and header, which tell of the code that is left, and without certificates. */
function trimmedBzImage(file: Uint8Array): Uint8Array {
  const header = readSetupHeader(file);
  const bytes = file.slice(0, setupCodeSize(header) + CODE_KEPT);
  const view = new DataView(bytes.buffer);
  const put = (field: 'syssize' | 'payload_length', value: number) => {
    view.setUint32(SetupHeader.at[field].offset, value, true);
  };
  put('syssize', CODE_KEPT / 16);
  if ((header.payload_length ?? 0) > 0) put('payload_length', CODE_KEPT - (header.payload_offset ?? 0));
  const lfanew = view.getUint32(0x3c, true);
  // PE Format, optional header of PE32+, 144: where the certificates that are gone lie.
  if (lfanew + 176 <= bytes.length) view.setBigUint64(lfanew + 24 + 144, 0n, true);
  return bytes;
}

function bzImageSeed(name: string, bytes: Uint8Array): Seed {
  const lfanew = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0x3c, true);
  const fields = [
    ...fieldsAt(SetupHeader, 0),
    ...[0, 4, 24, 24 + 108, 24 + 144, 24 + 148].map((offset) => ({
      name: 'pe',
      offset: lfanew + offset,
      size: 4,
    })),
    { name: 'e_lfanew', offset: 0x3c, size: 4 },
  ];
  return { name, bytes, fields: usable(fields, bytes) };
}

export function bzImageSeeds(sources: Sources): Seed[] {
  const real = ['linux-6.12-cloud', 'linux-6.1', 'linux-6.1-686-pae', 'memtest86+x64', 'memtest86+ia32'];
  const made = {
    linux: {},
    memtest: MEMTEST,
    memtest32: MEMTEST_32,
    i386: I386,
    v201: old(0x201),
    v204: old(0x204),
    v20b: old(0x20b),
  };
  return [
    ...real.map((name) => bzImageSeed(name, trimmedBzImage(sources.image(name)))),
    ...Object.entries(made).map(([name, shape]) => bzImageSeed(name, bzImage(shape))),
  ];
}

export function elfSeeds(sources: Sources): Seed[] {
  const { KERNEL64, KERNEL32, MOVABLE64, MOVABLE32, VMLINUX, VMLINUX32 } = elfKernels;
  const made = { KERNEL64, KERNEL32, MOVABLE64, MOVABLE32, VMLINUX, VMLINUX32 };
  return [
    ...Object.entries(made).map(([name, shape]) => elfSeed(name, elfFile(shape))),
    real(sources, 'busybox-i386'),
  ];
}

export function pvhSeeds(sources: Sources): Seed[] {
  const { VMLINUX_6_12, VMLINUX_6_1, VMLINUX_686 } = pvhKernels;
  const made = Object.entries({ VMLINUX_6_12, VMLINUX_6_1, VMLINUX_686 });
  return [...made.map(([name, shape]) => elfSeed(name, elfFile(shape))), real(sources, 'grub-i386-xen_pvh')];
}

export function multibootSeeds(sources: Sources): Seed[] {
  const { ELF, DYN, VIDEO, FLAT } = multiboot1;
  const made = Object.entries({ ELF, DYN, VIDEO, FLAT }).map(([name, bytes]) => elfSeed(name, bytes));
  const example = elfSeed('multiboot-example', sources.image('multiboot-example'));
  return [...made, example, real(sources, 'tboot')];
}

export function multiboot2Seeds(sources: Sources): Seed[] {
  const { ELF, HIGH, FLAT, kernel, WISHES } = multiboot2;
  const made = {
    ELF,
    HIGH,
    FLAT,
    wishes: kernel(WISHES),
    screen: kernel({ type: 5, data: [1024, 768, 32] }),
  };
  return [
    ...Object.entries(made).map(([name, bytes]) => elfSeed(name, bytes)),
    real(sources, 'tboot'),
    real(sources, 'xen-4.17'),
  ];
}

export function xenSeeds(sources: Sources): Seed[] {
  const made = { both: xenFile(), one: xenFile({ multiboot2: false }), two: xenFile({ multiboot: false }) };
  return [
    ...Object.entries(made).map(([name, bytes]) => elfSeed(name, bytes)),
    elfSeed('xen-4.17', trimmedElf(sources.image('xen-4.17'), 'Xen version %d.%d%s')),
  ];
}

function real(sources: Sources, name: string): Seed {
  return elfSeed(name, trimmedElf(sources.image(name)));
}

/** Made-up images around made-up kernels; the section table is where a lie tells. */
export function ukiSeeds(): Seed[] {
  const parts = [
    ['.osrel', 'ID=debian\nPRETTY_NAME="Debian GNU/Linux"\n'],
    ['.cmdline', 'root=/dev/sda1 quiet'],
    ['.uname', '6.12.0-1-amd64'],
    ['.ucode', 'microcode'],
    ['.initrd', 'an initrd'],
    ['.linux', bzImage()],
  ] as const;
  const made = {
    plain: parts,
    profiles: [
      ...parts,
      ['.profile', 'ID=regular'],
      ['.profile', 'ID=other'],
      ['.cmdline', 'single'],
      ['.linux', bzImage(I386)],
    ],
  } as const;
  return Object.entries(made).map(([name, sections]) => ukiSeed(name, peFile({ sections })));
}

/** PE Format, "COFF File Header" and "Section Table (Section Headers)", from where tools/pe-file.mjs has them. */
function ukiSeed(name: string, bytes: Uint8Array): Seed {
  const coff = 0x84;
  const table = coff + 20 + 240;
  const count = new DataView(bytes.buffer).getUint16(coff + 2, true);
  const sections = Array.from({ length: count }, (_, index) => table + 40 * index);
  const linux = bytes.length - bzImage(name === 'profiles' ? I386 : {}).length;
  const fields = [
    { name: 'e_lfanew', offset: 0x3c, size: 4 },
    { name: 'machine', offset: coff, size: 2 },
    { name: 'number_of_sections', offset: coff + 2, size: 2 },
    { name: 'size_of_optional_header', offset: coff + 16, size: 2 },
    ...sections.flatMap((at) => [
      { name: 'name', offset: at, size: 8 },
      ...[8, 16, 20].map((offset) => ({ name: 'section', offset: at + offset, size: 4 })),
    ]),
    ...fieldsAt(SetupHeader, linux - (linux % 0x200)),
  ];
  return { name, bytes, fields: usable(fields, bytes) };
}
