import { hex } from '@kexec-kit/loader-api';
import { alignDown, alignUp, intersect, normalize, overlaps, subtract } from '@kexec-kit/memory';
import { PAGE_OFFSET } from '../machine-files.js';
import type { Difference, Evidence } from '../judge.js';
import type { View } from '../views/view.js';
import { toldRam } from './facts.js';
import { defineRules } from './rule.js';

const MIB = 0x100000n;
const PAGE = 0x1000n;
const KIB = 0x400n;
const GIB = 1n << 30n;
/** The conventional memory of a PC. */
const LOW_END = 0xa0000n;
const RAM = 1;

interface Ends {
  readonly start: bigint;
  readonly end: bigint;
}

/** The ranges of a view's memory map that are RAM. */
function ramOf(view: View | undefined): Ends[] {
  const entries = [...(view?.items ?? [])]
    .filter(([item]) => item.startsWith('e820['))
    .map(([, value]) => value);
  return entries.flatMap((entry) => {
    const [, start, end, type] = /^(0x[0-9a-f]+)-(0x[0-9a-f]+) type (\d+)$/.exec(entry) ?? [];
    return start === undefined || end === undefined || Number(type) !== RAM
      ? []
      : [{ start: BigInt(start), end: BigInt(end) }];
  });
}

/** What is not RAM, as kexec(8) tells of it: of kinds that it does not know it says nothing here. */
function othersOf(view: View | undefined, untold: readonly Ends[] = []): string[] {
  const left = new Set(untold.map(({ start, end }) => `${hex(start)}-${hex(end)}`));
  const entries = [...(view?.items ?? [])]
    .filter(([item]) => item.startsWith('e820['))
    .map(([, value]) => value);
  return entries
    .filter((entry) => !entry.endsWith(` type ${RAM}`) && !left.has(entry.replace(/ type .*/, '')))
    .sort();
}

/** Kinds that kexec(8) leaves out of the memory map of a capture kernel. */
const UNTOLD = ['Unusable memory', 'Soft Reserved'];

function same(a: readonly Ends[], b: readonly Ends[]): boolean {
  const text = (list: readonly Ends[]) =>
    normalize(list)
      .map(({ start, end }) => `${hex(start)}-${hex(end)}`)
      .join();
  return text(a) === text(b);
}

function memoryAt(view: View | undefined, place: string): Ends[] {
  const piece = view?.places.get(place);
  return piece === undefined ? [] : [{ start: piece.start, end: piece.start + piece.memorySize }];
}

/** The low memory that kexec(8) saves: the first range of RAM that ends below 640 KiB, without page 0. */
function saved(evidence: Evidence): Ends {
  const low = toldRam(evidence)
    .map(({ start, end }) => ({ start: start < PAGE ? PAGE : start, end }))
    .find(({ start, end }) => start < end && end <= LOW_END);
  return low ?? { start: 0n, end: LOW_END };
}

/** Each side tells of RAM where it must: kexec(8) of the memory that it saves and the region without its two pieces. */
function areAsTheyMustBe(evidence: Evidence): boolean {
  const { theirView, ourView, made } = evidence;
  const region = made.machine.crash;
  const low = saved(evidence);
  // Where no RAM is below 640 KiB it tells of some all the same, and not of what is there.
  const untold = made.machine.told.filter(
    (each) => UNTOLD.includes(each.type) || (low.start === 0n && overlaps(each, low)),
  );
  const [room] = memoryAt(theirView, 'backup');
  const size = ((low.end - low.start + KIB - 1n) / KIB) * KIB;
  const backup = room === undefined ? [] : [{ start: room.start, end: room.start + size }];
  // Of RAM it tells in whole KiB.
  const told = { start: alignUp(low.start, KIB), end: alignDown(low.end, KIB) };
  const theirs = [told, ...subtract(region, [...backup, ...memoryAt(theirView, 'elfcorehdr')])];
  const ours = [
    ...intersect(toldRam(evidence), [{ start: 0n, end: MIB }]),
    ...subtract(region, memoryAt(ourView, 'elfcorehdr')),
  ];
  return (
    same(ramOf(theirView), theirs) &&
    same(ramOf(ourView), ours) &&
    othersOf(theirView).join() === othersOf(ourView, untold).join()
  );
}

interface Dumped extends Ends {
  /** From its physical address. */
  readonly offset: bigint;
}

function dumped(memory: string | undefined): Dumped[] {
  return (memory ?? '').split('; ').flatMap((each) => {
    const [, start, size, at] = /^load (0x[0-9a-f]+), (0x[0-9a-f]+), at (0x[0-9a-f]+)/.exec(each) ?? [];
    if (start === undefined || size === undefined || at === undefined) return [];
    return [{ start: BigInt(start), end: BigInt(start) + BigInt(size), offset: BigInt(at) - BigInt(start) }];
  });
}

/**
 * The same memory from 1 MiB on, in whatever pieces, each side at its own offset from physical to virtual addresses; the first
 * piece is the kernel's own image.
 */
function dumpTheSame({ theirs, ours }: Difference, theirOffset: bigint): boolean {
  const [[kernel, ...a], [ourKernel, ...b]] = [dumped(theirs), dumped(ours)];
  if (kernel === undefined || ourKernel === undefined) return false;
  const high = [{ start: MIB, end: 1n << 64n }];
  return (
    kernel.offset === ourKernel.offset &&
    same([kernel], [ourKernel]) &&
    a.every(({ offset }) => offset === theirOffset) &&
    b.every(({ offset }) => offset === PAGE_OFFSET) &&
    same(intersect(a, high), intersect(b, high))
  );
}

/** What kexec(8) takes for the virtual address of physical 0: the lowest that is mapped, in whole GiB. */
function lowestMapped(evidence: Evidence): bigint {
  const [first] = toldRam(evidence);
  return PAGE_OFFSET + alignDown(first?.start ?? 0n, GIB);
}

function words(line: string | undefined): string[] {
  return (line ?? '').split(' ').filter((word) => word !== '');
}

export const crashRules = defineRules([
  {
    name: 'no-backup-region',
    of: 'crash loads',
    items: /^first 640 KiB$/,
    theirs: 'copies the first 640 KiB into the crash region before the capture kernel starts',
    ours: 'leaves them alone',
    reason: 'since Linux 5.5 (6f599d84231f) the running kernel keeps nothing there that a dump would miss',
    explains: ({ theirs, ours }, { made: { purpose } }) =>
      purpose === 'crash' && theirs === 'saved' && ours === 'left alone',
  },
  {
    name: 'capture-memory-map',
    of: 'memory map of a capture kernel',
    items: /^(e820|boot_params\.e820_entries)/,
    theirs:
      'tells of the saved low memory, and of the crash region without the exact size of what it keeps there',
    ours: 'tells of all RAM below 1 MiB, and of the crash region without the pages of the core header',
    reason:
      'the capture kernel starts its CPUs below 1 MiB; and a page that is half told of is filled by somebody',
    defect: 'the last bytes of the page of the backup stay listed as RAM',
    explains: ({ item, theirs, ours }, evidence) =>
      evidence.made.purpose === 'crash' &&
      theirs === evidence.theirView?.items.get(item) &&
      ours === evidence.ourView?.items.get(item) &&
      areAsTheyMustBe(evidence),
  },
  {
    name: 'low-memory-not-dumped',
    of: 'ELF core header',
    items: /^core, memory$/,
    theirs: 'dumps the low memory, from its backup, and each range of RAM by itself',
    ours: 'dumps memory from 1 MiB on, ranges that touch as one',
    reason: 'Linux itself leaves the first MiB out of a dump since 5.5',
    explains: (difference) => dumpTheSame(difference, PAGE_OFFSET),
  },
  {
    name: 'virtual-addresses',
    of: 'ELF core header',
    items: /^core, memory$/,
    theirs: 'takes the lowest mapped address for that of physical 0',
    ours: 'takes what /proc/kcore says of each mapping: virtual less physical',
    reason: 'where no RAM lies in the first GiB every virtual address of the dump is wrong',
    defect: 'RAM is taken to begin in the first GiB',
    explains: (difference, evidence) =>
      lowestMapped(evidence) !== PAGE_OFFSET && dumpTheSame(difference, lowestMapped(evidence)),
  },
  {
    name: 'every-crashkernel',
    of: 'command line of a capture kernel',
    items: /^command line$/,
    theirs: 'takes the first crashkernel= out of the running command line',
    ours: 'takes out every one',
    reason: 'a capture kernel has no memory to reserve',
    defect: 'fixed upstream by 39ba2bd',
    explains: ({ theirs, ours }, { made: { purpose, options } }) =>
      purpose === 'crash' &&
      options.reuse &&
      words(theirs)
        .filter((word) => !word.startsWith('crashkernel='))
        .join(' ') ===
        words(ours)
          .filter((word) => !word.startsWith('crashkernel='))
          .join(' ') &&
      words(theirs).length > words(ours).length,
  },
  {
    name: 'rsdp-in-boot-params',
    of: 'command line of a capture kernel',
    items: /^acpi_rsdp=$/,
    theirs: 'tells of the RSDP on the command line, too',
    ours: 'tells of it in boot_params.acpi_rsdp_addr alone',
    reason: 'the field is there since protocol 2.14, and a command line is short',
    explains: ({ theirs, ours }, { ourView }) =>
      ours === 'not on the command line' && theirs === ourView?.items.get('boot_params.acpi_rsdp_addr'),
  },
]);
