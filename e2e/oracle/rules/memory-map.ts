import { E820_TYPE, LAST_WORDS_PAGE } from '@kexec-kit/linux-boot';
import { hex } from '@kexec-kit/loader-api';
import type { Evidence } from '../judge.js';
import { LAST_WORDS_ITEM } from '../views/memory-map.js';
import { kibToLastByte, toldRam } from './facts.js';
import { defineRules } from './rule.js';

const ENTRY = /^(e820|mmap)\[\d+\]$/;
const VECTORS_END = 0x400n;
const MIB = 0x100000n;
/** kexec(8) takes RAM that begins up to here for the memory that mem_lower counts. */
const LOW_RAM = 0x10000n;

interface Entry {
  readonly start: bigint;
  readonly end: bigint;
  readonly type: number;
}

function entryOf(text: string | undefined): Entry | undefined {
  const match = /^(0x[0-9a-f]+)-(0x[0-9a-f]+) type (\d+)$/.exec(text ?? '');
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { start: BigInt(match[1]), end: BigInt(match[2]), type: Number(match[3]) };
}

/** How kexec(8) tells of a kind that it does not know, or that its format has no number for. */
const RESERVED = E820_TYPE.reserved;
const NOT_KNOWN: readonly number[] = [E820_TYPE.unusable, E820_TYPE['soft-reserved']];

/** The range of RAM that reaches across 1 MiB; of one that begins there or below. */
function acrossMib(evidence: Evidence, joined: boolean): bigint {
  const ram = toldRam(evidence);
  const first = ram.findIndex(({ start, end }) => start <= MIB && end > MIB);
  if (first < 0) return MIB;
  let last = first;
  while (joined && ram[last + 1]?.start === ram[last]?.end) last += 1;
  return ram[last]?.end ?? MIB;
}

function lowEnd(evidence: Evidence): bigint {
  return (
    toldRam(evidence)
      .filter(({ start }) => start <= LOW_RAM)
      .at(-1)?.end ?? 0n
  );
}

export const memoryMapRules = defineRules([
  {
    name: 'first-kibibyte',
    of: 'memory map',
    items: ENTRY,
    theirs: 'tells of RAM from 0x400 on',
    ours: 'tells what the firmware told',
    reason: 'the map is handed on, not corrected: Linux keeps page 0 for itself anyway',
    explains: ({ theirs, ours }) => {
      const [a, b] = [entryOf(theirs), entryOf(ours)];
      return (
        a?.start === VECTORS_END &&
        b !== undefined &&
        b.start < VECTORS_END &&
        a.end === b.end &&
        a.type === b.type
      );
    },
  },
  {
    name: 'no-range-turned-around',
    of: 'memory map',
    items: ENTRY,
    theirs: 'makes RAM that ends below 0x400 begin there, and so reach around all of memory',
    ours: 'tells what the firmware told',
    reason: 'a kernel would take 2^64 bytes for RAM',
    defect: 'the first range of RAM begins at 0x400 wherever it ends',
    explains: ({ theirs, ours }) => {
      const [a, b] = [entryOf(theirs), entryOf(ours)];
      return (
        a?.start === VECTORS_END && b !== undefined && b.end <= VECTORS_END && a.end === (1n << 64n) + b.end
      );
    },
  },
  {
    name: 'kinds-kept',
    of: 'memory map',
    items: ENTRY,
    theirs: 'tells of "Unusable memory" and "Soft Reserved" as reserved',
    ours: 'hands every kind on',
    reason:
      'a kind is what the next kernel decides by: Soft Reserved is memory for a driver, Unusable is broken',
    explains: ({ theirs, ours }) => {
      const [a, b] = [entryOf(theirs), entryOf(ours)];
      return (
        a?.type === RESERVED &&
        b !== undefined &&
        NOT_KNOWN.includes(b.type) &&
        a.start === b.start &&
        a.end === b.end
      );
    },
  },
  {
    name: 'kinds-uninitialised',
    of: 'memory map, Multiboot',
    items: /^mmap\[\d+\]$/,
    theirs: 'leaves the type of persistent memory as it finds it in its buffer',
    ours: 'writes the E820 number, which every Multiboot kernel takes for reserved',
    reason: 'a random number may be 1, and persistent memory is not RAM',
    defect: 'the type of ranges of persistent memory is never written',
    explains: ({ theirs, ours }) => {
      const [a, b] = [entryOf(theirs), entryOf(ours)];
      const persistent =
        b !== undefined && [E820_TYPE.persistent, E820_TYPE['persistent-legacy']].includes(b.type);
      return persistent && a?.start === b.start && a.end === b.end;
    },
  },
  {
    name: 'kib-to-the-end',
    of: 'ext_mem_k, alt_mem_k, mem_upper',
    items: /^(boot_params\.(screen_info\.ext_mem_k|alt_mem_k)|mem_upper)$/,
    theirs: 'counts KiB up to the last byte, of the one range across 1 MiB',
    ours: 'counts up to the end, and joins ranges that touch where the specification says "up to the first hole"',
    reason: 'rounded down, the last byte costs a KiB',
    defect: 'an inclusive end is divided by 1024',
    explains: ({ item, theirs, ours }, evidence) => {
      const most = item.endsWith('ext_mem_k') ? 0xfc00n : 0xffffffffn;
      const least = (value: bigint) => hex(value < 0n ? 0n : value > most ? most : value);
      const end = acrossMib(evidence, false);
      const ourEnd = acrossMib(evidence, item === 'mem_upper');
      return (
        theirs === least(end === MIB ? 0n : kibToLastByte(end, MIB)) && ours === least((ourEnd - MIB) >> 10n)
      );
    },
  },
  {
    name: 'last-words-page',
    of: 'memory map of kernels without setup_data; mem_upper',
    items: /^(memory map, page of last words|mem_upper|boot_params\.e820_entries)$/,
    theirs: 'leaves no record of how far purgatory got',
    ours: 'cuts a page for the record out of RAM, tells of it as reserved, and ends upper memory where it is',
    reason: 'a start that failed can be asked about, and the next kernel leaves the record alone',
    explains: ({ item, theirs, ours }, evidence) => {
      const page = evidence.ourView?.places.get(LAST_WORDS_PAGE)?.start;
      if (page === undefined) return false;
      if (item === LAST_WORDS_ITEM) return theirs === undefined && ours === 'reserved';
      if (item !== 'mem_upper') return Number(ours) === Number(theirs) + 2;
      const ends = [acrossMib(evidence, false), acrossMib(evidence, true)];
      const whole = ends.flatMap((end) => [(end - MIB) >> 10n, kibToLastByte(end, MIB)]);
      return ours === hex((page - MIB) >> 10n) && whole.some((kib) => theirs === hex(kib));
    },
  },
  {
    name: 'mem-lower',
    of: 'mem_lower, Multiboot',
    items: /^mem_lower$/,
    theirs: 'counts KiB up to the last byte of the last range that begins in the first 64 KiB, however large',
    ours: 'counts up to the end, joins ranges that touch, at most 640',
    reason: 'Multiboot 0.6.96, 3.3: the value is at most 640 kilobytes; 0x9fc00 is 639',
    defect: 'an inclusive end is divided by 1024; nothing bounds it',
    explains: ({ theirs }, evidence) => {
      const end = lowEnd(evidence);
      return theirs === hex(end === 0n ? 0n : kibToLastByte(end, 0n));
    },
  },
]);
