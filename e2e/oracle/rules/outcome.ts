import type { Evidence } from '../judge.js';
import { defineRules } from './rule.js';

const OUTCOME = /^outcome$/;
const MIB = 0x100000n;

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
    name: 'multiboot-above-4-gib',
    of: 'what finds no place, Multiboot 2',
    items: OUTCOME,
    theirs: 'loads information and modules above 4 GiB, and hands over half of their addresses',
    ours: 'refuses: all that a 32-bit kernel reads lies below 4 GiB',
    reason: 'such a kernel can reach none of it',
    defect: 'the search for a place has no upper bound',
    explains: ({ ours }, { ourRefusal = '', theirView, made: { image } }) =>
      ours === 'refused' &&
      image.format === 'multiboot2' &&
      ourRefusal.startsWith('LINK_NO_PLACE') &&
      [...(theirView?.places ?? [])].some(
        ([name, { start }]) => /^(module|multiboot)/.test(name) && start >> 32n > 0n,
      ),
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
      const isTight = usesLowMemory(evidence) || made.image.format === 'bzimage32';
      return ours === 'refused' && forced !== undefined && ourRefusal.startsWith('LINK_NO_PLACE') && isTight;
    },
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
