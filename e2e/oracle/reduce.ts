import type { Case, ElfShape, Image } from './case.js';

/** How long a case is made smaller, in milliseconds, and how many times both sides are asked for it. */
const LIMITS = { time: 60_000, asked: 1000 };

/**
 * The smallest case that still shows what `shows` looks for: ranges are left out by halves, quarters, and one by one, then
 * everything else that can be left out or be plainer. Made for this: taken apart value by value, a map of 400 ranges takes
 * half an hour.
 */
export async function reduce(made: Case, shows: (smaller: Case) => Promise<boolean>): Promise<Case> {
  const until = Date.now() + LIMITS.time;
  let smallest = made;
  let asked = 0;
  for (let found = true; found;) {
    found = false;
    for (const smaller of smallerCases(smallest)) {
      if (Date.now() > until || asked >= LIMITS.asked) return smallest;
      asked += 1;
      if (!(await shows(smaller))) continue;
      smallest = smaller;
      found = true;
      break;
    }
  }
  return smallest;
}

/** Each a little plainer than the case, the boldest first. */
function* smallerCases(made: Case): Generator<Case> {
  const { machine, options } = made;
  for (const told of fewer(machine.told)) yield { ...made, machine: { ...machine, told } };
  for (const modules of fewer(options.modules)) yield { ...made, options: { ...options, modules } };
  yield* withoutFirmware(made);
  const { memory, ...unbounded } = options;
  if (memory !== undefined) yield { ...made, options: unbounded };
  if (options.commandLine !== '') yield { ...made, options: { ...options, commandLine: '' } };
  if (options.reuse) yield { ...made, options: { ...options, reuse: false } };
  if (options.initrd > 1) yield { ...made, options: { ...options, initrd: 0 } };
  if (machine.unused.length > 0) yield { ...made, machine: { ...machine, unused: [] } };
  if (machine.commandLine !== '') yield { ...made, machine: { ...machine, commandLine: '' } };
  for (const image of plainerImages(made.image)) yield { ...made, image };
  for (const told of rounder(machine.told)) yield { ...made, machine: { ...machine, told } };
}

function* withoutFirmware(made: Case): Generator<Case> {
  const { efi, ...bios } = made.machine;
  if (efi === undefined) {
    const { bootParams, ...bare } = bios;
    if (bootParams !== undefined) yield { ...made, machine: bare };
    return;
  }
  yield { ...made, machine: bios };
  for (const runtimeMap of fewer(efi.runtimeMap)) {
    if (runtimeMap.length > 0) yield { ...made, machine: { ...made.machine, efi: { ...efi, runtimeMap } } };
  }
}

/** A list without a half of it, a quarter, …, one. */
function* fewer<T>(list: readonly T[]): Generator<T[]> {
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < list.length; from += size) {
      yield [...list.slice(0, from), ...list.slice(from + size)];
    }
  }
}

function replaced<T>(list: readonly T[], index: number, by: T): T[] {
  return list.map((each, i) => (i === index ? by : each));
}

const PAGE = 0x1000n;

/** One range with its ends on pages, or of another kind. */
function* rounder(told: Case['machine']['told']): Generator<Case['machine']['told']> {
  for (const [i, each] of told.entries()) {
    const start = (each.start / PAGE) * PAGE;
    const end = (each.end / PAGE) * PAGE;
    const before = told[i - 1]?.end ?? 0n;
    if ((start !== each.start || end !== each.end) && start >= before && end > start) {
      yield replaced(told, i, { ...each, start, end });
    }
  }
}

function* plainerImages(image: Image): Generator<Image> {
  switch (image.format) {
    case 'elf':
      for (const elf of plainerElf(image.elf)) yield { ...image, elf };
      return;
    case 'multiboot': {
      for (const elf of plainerElf(image.multiboot.elf))
        yield { ...image, multiboot: { ...image.multiboot, elf } };
      return;
    }
    case 'multiboot2': {
      const { relocatable, ...fixed } = image.multiboot2;
      if (relocatable !== undefined) yield { ...image, multiboot2: fixed };
      for (const elf of plainerElf(image.multiboot2.elf))
        yield { ...image, multiboot2: { ...image.multiboot2, elf } };
      return;
    }
    case 'bzimage32':
    case 'bzimage64':
      return;
  }
}

function* plainerElf(elf: ElfShape): Generator<ElfShape> {
  for (const loads of fewer(elf.loads)) if (loads.length > 0) yield { ...elf, loads };
  if (elf.note) yield { ...elf, note: false };
  if (elf.movable) yield { ...elf, movable: false };
  for (const [i, load] of elf.loads.entries()) {
    if (load.zeros > 0) yield { ...elf, loads: replaced(elf.loads, i, { ...load, zeros: 0 }) };
    if (load.gap > 0) yield { ...elf, loads: replaced(elf.loads, i, { ...load, gap: 0 }) };
  }
}
