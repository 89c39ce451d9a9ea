import type { Range } from '@kexec-kit/loader-api';
import { contains, findHole } from '@kexec-kit/memory';
import type { BzImageShape, Image } from '../case.js';
import type { Evidence } from '../judge.js';
import { neededMemory } from './facts.js';
import { defineRules } from './rule.js';

const OUTCOME = /^outcome$/;
const MIB = 0x100000n;
const FOUR_GIB = 1n << 32n;

function mayMove(image: Image): boolean {
  if (image.format === 'multiboot2')
    return image.multiboot2.relocatable !== undefined || image.multiboot2.elf.movable;
  return image.format === 'elf'
    ? image.elf.movable
    : image.format === 'multiboot' && image.multiboot.elf.movable;
}

/** What an i386 kernel maps directly ends here. */
const I386_END = 0x38000000n;

/** Whether the memory that a kernel needs is free where an i386 kernel may lie. */
function hasRoom(shape: BzImageShape, usable: readonly Range[]): boolean {
  const isFixed = !shape.relocatable || shape.version < 0x205;
  const wanted = shape.version >= 0x20a && shape.prefAddress > MIB ? shape.prefAddress : MIB;
  const within = { start: wanted, end: I386_END };
  const size = BigInt(neededMemory(shape));
  if (isFixed) return contains(usable, { start: wanted, end: wanted + size }) && wanted + size <= I386_END;
  return findHole({ holes: usable, size, within, align: 0x1000n, from: 'bottom' }).ok;
}

function usesLowMemory({ theirs }: Evidence): boolean {
  if (!theirs.ok) return false;
  const pieces = [...theirs.scene.pieces, ...(theirs.purgatory === undefined ? [] : [theirs.purgatory])];
  return pieces.some(({ start }) => start < MIB);
}

export const outcomeRules = defineRules([
  {
    name: 'narrower-bounds',
    of: 'what finds no place',
    items: OUTCOME,
    theirs: 'refuses: within its bounds there is no place',
    ours: 'loads: its own bounds are wider, and its pieces smaller',
    reason:
      'kexec-tools keeps purgatory and boot_params of 32-bit entries below 640 KiB, and gives every small piece its own pages',
    explains: ({ theirs }, { predicted, ourView }) =>
      theirs === 'refused' && predicted === undefined && ourView !== undefined,
  },
  {
    name: 'below-4-gib',
    of: 'what finds no place, 32-bit entries',
    items: OUTCOME,
    theirs: 'loads information, modules or purgatory above 4 GiB, and hands over half of their addresses',
    ours: 'refuses: all that 32-bit code reads and runs lies below 4 GiB',
    reason: 'such code can reach none of it',
    defect: 'the search for a place has no upper bound',
    explains: ({ ours }, { ourRefusal = '', theirView, forced, made: { image } }) => {
      const theirs = [...(theirView?.places ?? [])].map(([name, { start }]) => [name, start] as const);
      return (
        ours === 'refused' &&
        (image.format.startsWith('multiboot') || (image.format === 'elf' && image.elf.bits === 32)) &&
        ourRefusal.startsWith('LINK_NO_PLACE') &&
        [...theirs, ...(forced ?? [])].some(
          ([name, start]) => /^(load|module|multiboot|purgatory)/.test(name) && start >= FOUR_GIB,
        )
      );
    },
  },
  {
    name: 'preferred-address',
    of: 'what finds no place, 64-bit entry',
    items: OUTCOME,
    theirs: 'loads the kernel below its pref_address',
    ours: 'refuses: a relocatable kernel lies at pref_address or above',
    reason: 'below it a kernel moves itself there before it looks whether that is free RAM',
    defect: 'fixed upstream by 07a6217',
    explains: ({ ours }, { ourRefusal = '', theirView, forced, made: { image } }) => {
      if (ours !== 'refused' || image.format !== 'bzimage64' || !ourRefusal.startsWith('LINK_NO_PLACE'))
        return false;
      const starts = [theirView?.places.get('kernel.0')?.start, forced?.get('kernel.0')];
      return starts.some((start) => start !== undefined && start < image.bzimage.prefAddress);
    },
  },
  {
    name: 'above-1-mib',
    of: 'what finds no place',
    items: OUTCOME,
    theirs: 'loads: it uses memory below 1 MiB like any other',
    ours: 'refuses: nothing but purgatory and real-mode code lies below 1 MiB',
    reason:
      'a kernel takes memory there for its own start-up without asking; and what is asked for is the memory that the image says it needs',
    explains: ({ ours }, evidence) => {
      const { ourRefusal = '', forced, made } = evidence;
      const wouldBeLow = [...(forced?.values() ?? [])].some((start) => start < MIB);
      const isTight = wouldBeLow || usesLowMemory(evidence) || made.image.format === 'bzimage32';
      return ours === 'refused' && forced !== undefined && ourRefusal.startsWith('LINK_NO_PLACE') && isTight;
    },
  },
  {
    name: 'always-a-purgatory',
    of: 'ELF without arguments',
    items: OUTCOME,
    theirs: 'enters the image directly, without purgatory',
    ours: 'refuses where there is no place for purgatory',
    reason: 'what was loaded is verified before it is entered, and the registers are what was said',
    explains: ({ ours }, { ourRefusal = '', made: { image } }) =>
      ours === 'refused' &&
      image.format === 'elf' &&
      image.args === 'none' &&
      ourRefusal.startsWith('LINK_NO_PLACE: there is no place for purgatory'),
  },
  {
    name: 'memory-not-used',
    of: 'what finds no place',
    items: OUTCOME,
    theirs: 'loads into RAM that the running kernel does not use',
    ours: 'refuses',
    reason: 'the running kernel was told not to use it, and had a reason',
    explains: ({ ours }, { ourRefusal = '', expected, machine, predicted }) =>
      ours === 'refused' &&
      expected === undefined &&
      (machine === undefined ? ourRefusal.startsWith('MACHINE_NO_RAM') : predicted !== undefined),
  },
  {
    name: 'killed-by-its-own-memory',
    of: 'Multiboot 2 with modules',
    items: OUTCOME,
    theirs: 'dies of a signal (SIGSEGV, SIGABRT)',
    ours: 'loads',
    reason: 'a block of memory is as large as what is written into it',
    defect:
      'the end of the information block is written behind its buffer; 17 segments overrun a table on the stack',
    explains: ({ theirs: outcome }, { theirs, made: { options, image } }) =>
      outcome === 'refused' &&
      image.format === 'multiboot2' &&
      options.modules.length > 0 &&
      !theirs.ok &&
      ['SIGSEGV', 'SIGABRT'].includes(theirs.status),
  },
  {
    name: 'overlap-after-zero',
    of: 'Multiboot',
    items: OUTCOME,
    theirs: 'refuses: its own segments overlap',
    ours: 'loads',
    reason: 'they need not',
    defect:
      'a range of RAM that it made begin at 0 is no longer the one from which it took what is placed already',
    explains: ({ theirs: outcome }, { theirs, made: { image } }) =>
      outcome === 'refused' &&
      image.format.startsWith('multiboot') &&
      !theirs.ok &&
      theirs.said.includes('Overlapping memory segments'),
  },
  {
    name: 'span-in-whole-pages',
    of: 'images that may be moved',
    items: OUTCOME,
    theirs: 'refuses, or finds a place that its own check refuses',
    ours: 'loads: it looks for whole pages',
    reason: 'memory is loaded by pages',
    defect:
      'the hole is looked for by the exact size of the image, of which the last page may lie outside of RAM',
    explains: ({ theirs: outcome }, { theirs, made: { image } }) =>
      outcome === 'refused' && mayMove(image) && !theirs.ok && theirs.said.includes('Invalid memory segment'),
  },
  {
    name: 'i386-limit',
    of: 'what finds no place, 32-bit entry',
    items: OUTCOME,
    theirs: 'loads: it asks for the memory of the file alone',
    ours: 'refuses: the memory that the kernel needs is not there below 896 MiB',
    reason: 'a kernel that unpacks itself over what it has not asked for destroys it',
    defect: 'fixed upstream by ec3e4df',
    explains: ({ ours }, { ourRefusal = '', machine, made: { image } }) =>
      ours === 'refused' &&
      ourRefusal.startsWith('BZIMAGE_I386_LIMIT') &&
      image.format === 'bzimage32' &&
      machine !== undefined &&
      !hasRoom(image.bzimage, machine.usable),
  },
  {
    name: 'no-bss',
    of: 'Multiboot with load addresses',
    items: OUTCOME,
    theirs: 'refuses a bss_end_addr of 0',
    ours: 'takes it for no bss',
    reason:
      'Multiboot 0.6.96, 3.1.3: "If this field is zero the boot loader assumes that no bss segment is present"',
    defect: 'bss_end_addr 0 is compared with load_end_addr like an address',
    explains: ({ theirs: outcome }, { theirs, made: { image } }) =>
      outcome === 'refused' &&
      image.format === 'multiboot' &&
      image.multiboot.kludge &&
      !theirs.ok &&
      theirs.said.includes('bss end address < load end address'),
  },
]);
