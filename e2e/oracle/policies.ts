import { PAGE_SIZE } from '@kexec-kit/loader-api';
import { alignUp, max, min } from '@kexec-kit/memory';
import type { BzImageShape, Case, ElfShape } from './case.js';

/** Where kexec(8) looks for a place: at one address, or within bounds from one end. Half-open. */
export type Where =
  | { readonly at: bigint }
  | { readonly start: bigint; readonly end: bigint; readonly align: bigint; readonly from: 'bottom' | 'top' };

/** What kexec(8) places as one, in its order: the first of `wheres` that will do. */
export interface Step {
  /** In bytes, holes included. */
  readonly size: bigint;
  /** RAM that begins in the first 64 KiB is taken for RAM from 0 on. */
  readonly fromZero?: true;
  readonly wheres: readonly Where[];
  /** By the names of a view. */
  readonly pieces: readonly { readonly place: string; readonly offset: bigint; readonly size: bigint }[];
}

/** In bytes: of a piece, by its place. Undefined for what is not loaded. */
export type SizeOf = (place: string) => bigint | undefined;

const NO_END = 1n << 64n;
const FOUR_GIB = 1n << 32n;
const MIB = 1n << 20n;
/** The last byte that 16-bit code reaches below the video memory, as kexec(8) has it: one too many. */
const LOW_END = 0xa0001n;
/** Of kexec-tools 2.0.25 on x86_64. */
const PURGATORY_SIZE = 0x9000n;
const LOW_MEMORY_END = 0x38000000n;

const top = (start: bigint, end = NO_END, align = PAGE_SIZE): Where => ({ start, end, align, from: 'top' });
const bottom = (start: bigint, end = NO_END, align = PAGE_SIZE): Where => {
  return { start, end, align, from: 'bottom' };
};

/**
 * What kexec-tools 2.0.25 places, in what order and within what bounds: its behaviour, documented or observed, as data.
 *
 * @param sizes - Of what is loaded, once that is known.
 */
export function policyOf({ image, options, purpose }: Case, sizes: SizeOf): readonly Step[] {
  const crash = purpose === 'crash' ? crashPieces(sizes) : [];
  switch (image.format) {
    case 'bzimage64':
      return [...crash, ...bzImage64(image.bzimage, sizes)];
    case 'bzimage32':
      return [...crash, ...bzImage32(image.bzimage, sizes, purpose === 'crash')];
    case 'elf':
      return elf(image.elf, image.args, sizes);
    case 'multiboot': {
      const { elf: shape, kludge } = image.multiboot;
      const loads = kludge ? flat(shape, sizes) : elfLoads(shape, shape.movable ? anywhere(shape) : []);
      const modules = options.modules.map((_, i) => `module.${i}`);
      const rest = ['mmap', ...modules, 'multiboot-info'];
      // What comes before is placed while the map is still right: the image and purgatory.
      return besides(loads, rest, bottom(0n, FOUR_GIB), bottom(0n), sizes).map((step, i) =>
        i <= loads.length ? step : { ...step, fromZero: true },
      );
    }
    case 'multiboot2': {
      const { elf: shape, relocatable } = image.multiboot2;
      const modules = options.modules.map((_, i) => `module.${i}`);
      const where = bottom(0x500n);
      const moves =
        relocatable === undefined ? (shape.movable ? anywhere(shape) : []) : moved(shape, relocatable);
      const within =
        relocatable === undefined
          ? undefined
          : { start: BigInt(relocatable.min), end: BigInt(relocatable.max) + 1n };
      const loads = elfLoads(shape, moves, within);
      return besides(loads, [...modules, 'multiboot-info'], where, where, sizes).map((step) =>
        /^(module|multiboot)/.test(step.pieces[0]?.place ?? '') ? { ...step, fromZero: true } : step,
      );
    }
  }
}

function one(place: string, where: Where, sizes: SizeOf): Step[] {
  const size = sizes(place);
  return size === undefined || size === 0n
    ? []
    : [{ size, wheres: [where], pieces: [{ place, offset: 0n, size }] }];
}

function purgatory(where: Where): Step {
  const pieces = [{ place: 'purgatory', offset: 0n, size: PURGATORY_SIZE }];
  return { size: PURGATORY_SIZE, wheres: [where], pieces };
}

/** setup_data nodes and the EFI runtime map: each alone, from 1 MiB on upwards. */
function setupData(sizes: SizeOf): Step[] {
  const places = ['setup-data.4', 'efi-runtime-map', 'setup-data.1', 'setup-data.9'];
  return places.flatMap((place) => one(place, bottom(MIB), sizes));
}

/** What a dump needs comes first: room for the first 640 KiB, then the ELF core header. */
function crashPieces(sizes: SizeOf): Step[] {
  return [...one('backup', top(0n), sizes), ...one('elfcorehdr', top(0n), sizes)];
}

function bzImage64({ alignment }: BzImageShape, sizes: SizeOf): Step[] {
  return [
    purgatory(top(0x3000n)),
    ...one('boot-params', top(0x3000n), sizes),
    ...one('kernel.0', top(MIB, NO_END, 1n << BigInt(alignment)), sizes),
    ...one('initrd', top(16n * MIB), sizes),
    ...setupData(sizes),
  ];
}

function bzImage32(shape: BzImageShape, sizes: SizeOf, isCrash: boolean): Step[] {
  const { version, alignment, initrdAddrMax } = shape;
  const relocatable = shape.relocatable && version >= 0x205;
  const end = version >= 0x203 ? BigInt(initrdAddrMax) + 1n : LOW_MEMORY_END;
  const kernel = bottom(MIB, min(LOW_MEMORY_END, end), max(1n << BigInt(alignment), PAGE_SIZE));
  return [
    purgatory(relocatable ? top(0x3000n, 0x80000000n) : top(0x3000n, LOW_END)),
    ...one('boot-params', isCrash ? top(0x3000n) : bottom(0x3000n, LOW_END), sizes),
    ...one('kernel.0', relocatable ? kernel : { at: MIB }, sizes),
    ...one('initrd', top(16n * MIB, end), sizes),
    ...setupData(sizes),
  ];
}

function elf(shape: ElfShape, args: 'elf' | 'linux' | 'none', sizes: SizeOf): Step[] {
  const loads = elfLoads(shape, shape.movable ? anywhere(shape) : []);
  if (args === 'none') return loads;
  const end = shape.bits === 32 ? FOUR_GIB : NO_END;
  if (args === 'elf') return besides(loads, ['boot-notes'], bottom(0n, end), bottom(0n), sizes);
  return [
    ...besides(loads, ['boot-params'], bottom(0n, end), bottom(0n), sizes),
    ...one('initrd', top(16n * MIB, LOW_MEMORY_END), sizes),
    ...setupData(sizes),
  ];
}

/** The image, purgatory, and all else as low as it goes. */
function besides(
  loads: readonly Step[],
  places: readonly string[],
  where: Where,
  own: Where,
  sizes: SizeOf,
): Step[] {
  return [...loads, purgatory(own), ...places.flatMap((place) => one(place, where, sizes))];
}

/** Where a load of a made image was linked, and its pages. */
export function linkedLoads({ base, loads }: ElfShape, header: number): { start: bigint; size: bigint }[] {
  let end = base;
  return loads.map(({ gap, content, zeros }, i) => {
    const start = i === 0 ? base : alignUp(end, PAGE_SIZE) + BigInt(gap) * PAGE_SIZE;
    const size = BigInt(Math.max(content, i === 0 && header > 0 ? header + 16 : 1) + zeros);
    end = start + size;
    return { start, size };
  });
}

/** The image alone at its addresses, or all of it moved. */
function elfLoads(
  shape: ElfShape,
  moves: readonly Where[],
  within?: { readonly start: bigint; readonly end: bigint },
): Step[] {
  const linked = linkedLoads(shape, 0);
  const end = linked.reduce((most, { start, size }) => max(most, start + size), 0n);
  const piece = ({ start, size }: { start: bigint; size: bigint }, i: number) => {
    return { place: `load.${i}`, offset: start - shape.base, size };
  };
  if (moves.length === 0) {
    return linked.map((load, i) => {
      return { size: load.size, wheres: [{ at: load.start }], pieces: [{ ...piece(load, i), offset: 0n }] };
    });
  }
  const mayStay = within === undefined || (shape.base >= within.start && end <= within.end);
  const wheres = mayStay ? [{ at: shape.base }, ...moves] : moves;
  return [{ size: end - shape.base, wheres, pieces: linked.map(piece) }];
}

function anywhere({ bits, alignment }: ElfShape): Where[] {
  const align = max(1n << BigInt(alignment), PAGE_SIZE);
  return [bottom(0n, bits === 32 ? FOUR_GIB : NO_END, align)];
}

function moved(
  { alignment }: ElfShape,
  tag: { readonly min: number; readonly max: number; readonly alignment: number },
): Where[] {
  const align = max(1n << BigInt(Math.max(alignment, tag.alignment)), PAGE_SIZE);
  return [bottom(BigInt(tag.min), BigInt(tag.max) + 1n, align)];
}

function flat({ base }: ElfShape, sizes: SizeOf): Step[] {
  return one('load.0', { at: base }, sizes);
}
