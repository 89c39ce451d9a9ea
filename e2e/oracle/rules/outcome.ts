import type { Rule } from './rule.js';

const OUTCOME = /^outcome$/;

export const outcomeRules: readonly Rule[] = [
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
    name: 'above-1-mib',
    of: 'what finds no place',
    items: OUTCOME,
    theirs: 'loads: it uses memory below 1 MiB like any other',
    ours: 'refuses: nothing but purgatory and real-mode code lies below 1 MiB',
    reason:
      'a kernel takes memory there for its own start-up without asking; and what is asked for is the memory that the image says it needs',
    explains: ({ ours }, { ourRefusal, forced }) =>
      ours === 'refused' && forced !== undefined && (ourRefusal ?? '').startsWith('LINK_NO_PLACE'),
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
];
