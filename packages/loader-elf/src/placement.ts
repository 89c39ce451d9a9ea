import { ET_DYN, type Load, moveAlignment, permissions } from '@kexec-kit/elf';
import {
  type Address,
  type Group,
  hex,
  ok,
  PAGE_SIZE,
  type Placement,
  range,
  type Result,
  type Segment,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { alignDown, max } from '@kexec-kit/memory';
import type { ElfKernel } from './image.js';
import type { Style } from './styles.js';

const GROUP = 'image';
/** Below lie the BIOS, its data, and what many a kernel borrows to start its other CPUs. */
export const LOWEST: Address = 0x100000n;
/** startup_64 maps itself by 2 MiB pages wherever it stands (Linux, arch/x86/kernel/head64.c). */
const LINUX_ALIGNMENT = 0x200000n;

/** The image as segments, and the group that they move as, if they may. */
export interface Placed {
  readonly segments: readonly Segment[];
  readonly groups: readonly Group[];
}

/** No byte that the kernel must reach lies at or above. */
export function addressEnd({ mode }: ElfKernel): Address {
  return mode === 'long64' ? 1n << 64n : 1n << 32n;
}

export function segmentId({ header }: Load): SegmentId {
  return `load.${header.index}`;
}

/**
 * Whether the image may lie elsewhere than it was linked. ET_DYN says so. A 64-bit Linux kernel does not, but finds out
 * where it runs and corrects its page tables (phys_base) at its 64-bit entry, as its own decompressor relies on.
 */
export function mayMove({ elf, linux, mode }: ElfKernel, style: Style): boolean {
  return elf.header.e_type === ET_DYN || (linux && mode === 'long64' && style === 'linux');
}

/**
 * Where the image goes: each load to its physical address, or all of them, as far from each other as they were linked,
 * to the lowest hole above it at the alignment of the program headers.
 */
export function placeImage(image: ElfKernel, style: Style): Result<Placed> {
  if (!mayMove(image, style))
    return ok({ segments: segmentsOf(image, (load) => ({ at: load.start })), groups: [] });
  const alignment = moveAlignment(image.source, image.elf, image.loads);
  if (!alignment.ok) return alignment;
  const align = image.linux ? max(alignment.value, LINUX_ALIGNMENT) : alignment.value;
  const base = alignDown(image.loads.span.start, align);
  const segments = segmentsOf(image, (load) => ({ group: GROUP, offset: load.start - base }));
  return ok({ segments, groups: [{ id: GROUP, placements: groupPlacements(image, base, align) }] });
}

/** Its own place first. Below 1 MiB an image that may move is not left. */
function groupPlacements(image: ElfKernel, base: Address, align: bigint): Group['placements'] {
  const lowest = image.linux ? max(base, LOWEST) : LOWEST;
  const elsewhere = { within: range(lowest, addressEnd(image)), align, from: 'bottom' } as const;
  return base < LOWEST ? [elsewhere] : [{ at: base }, elsewhere];
}

/**
 * The loads as segments. Linux takes all memory from its first byte to its last for its own and later frees what lies
 * between its loads: there must be RAM, and nobody else's data, so that each load has the memory up to the next one.
 */
function segmentsOf(
  { source, linux, loads: { loads } }: ElfKernel,
  placement: (load: Load) => Placement,
): Segment[] {
  return loads.map((load, i) => {
    const { header, content } = load;
    const end = (linux ? loads[i + 1]?.start : undefined) ?? load.end;
    return {
      id: segmentId(load),
      parts: content.length === 0 ? [] : [{ source: source.id, ...content }],
      memorySize: end - load.start,
      placements: [placement(load)],
      why: `PT_LOAD ${header.index} (${permissions(header.p_flags)}), linked at ${hex(load.start)}`,
    };
  });
}

/** For what is handed over besides the image: at 1 MiB or above, from the top. */
export function anywhere(image: ElfKernel, align: bigint = PAGE_SIZE): Placement[] {
  return [{ within: range(LOWEST, addressEnd(image)), align, from: 'top' }];
}
