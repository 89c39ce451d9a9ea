import { type Load, moveAlignment, permissions } from '@kexec-kit/elf';
import {
  type Address,
  fail,
  type Group,
  hex,
  ok,
  PAGE_SIZE,
  type PlanInput,
  type Placement,
  range,
  type Range,
  type Result,
  type Segment,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { alignDown, intersect, max, min, overlaps, pageOutwards, subtract } from '@kexec-kit/memory';
import { above4G, addressTaken } from './codes.js';
import type { PvhKernel } from './image.js';
import { FOUR_GIB, type Limits, LOWEST } from './limits.js';
import type { Relocation } from './notes.js';
import type { options } from './options.js';

type Input = PlanInput<typeof options>;

const GROUP = 'image';
/** xen/include/public/elfnote.h, XEN_ELFNOTE_PHYS32_RELOC: where neither note nor program headers say. */
const DEFAULT_ALIGNMENT = 0x200000n;

/** The image as segments, and the group that they move as, if they may. */
export interface Placed {
  readonly segments: readonly Segment[];
  readonly groups: readonly Group[];
}

export function segmentId({ header }: Load): SegmentId {
  return `load.${header.index}`;
}

/** Each load to its physical address; with the note PHYS32_RELOC all of them, as one, to where it allows. */
export function placeImage(image: PvhKernel, input: Input, limits: Limits): Result<Placed> {
  if (image.relocation === undefined) return placeFixed(image, input);
  const alignment = alignmentOf(image, image.relocation);
  if (!alignment.ok) return alignment;
  const base = alignDown(image.span.start, PAGE_SIZE);
  const segments = segmentsOf(image, (load) => ({ group: GROUP, offset: load.start - base }));
  const own: Group['placements'] = mayStay(image, base) ? [{ at: base }] : [];
  const elsewhere = movedPlacements(image.relocation, alignment.value, limits);
  const placements = [...own, ...elsewhere];
  if (placements.length === 0) return fail(above4G(image.source.name, image.span));
  return ok({ segments, groups: [{ id: GROUP, placements }] });
}

/** Whether the image may lie where it was linked, as far as it is up to the image. */
function mayStay({ span }: PvhKernel, base: Address): boolean {
  return base >= PAGE_SIZE && span.end <= FOUR_GIB;
}

/** The note says the alignment, else the largest p_align of a page or more, else 2 MiB. */
export function alignmentOf({ source, elf, loads }: PvhKernel, { align }: Relocation): Result<bigint> {
  if (align !== undefined) return ok(max(align, PAGE_SIZE));
  const isTold = loads.some(({ header }) => header.p_align >= PAGE_SIZE);
  return isTold ? moveAlignment(source, elf, { loads }) : ok(DEFAULT_ALIGNMENT);
}

function movedPlacements(
  { min: lowest, max: highest }: Relocation,
  align: bigint,
  { end }: Limits,
): Group['placements'] {
  const [start, limit] = [max(lowest, LOWEST), min(highest + 1n, end)];
  return start < limit ? [{ within: range(start, limit), align, from: 'top' }] : [];
}

function placeFixed(image: PvhKernel, input: Input): Result<Placed> {
  const { source, span, loads } = image;
  if (span.end > FOUR_GIB) return fail(above4G(source.name, span));
  // Nobody else may lie between the loads of Linux.
  const wanted: readonly Range[] = image.linux ? [span] : loads;
  const taken = wanted.map((each) => takenOf(each, input)).find((each) => each !== undefined);
  if (taken !== undefined) return fail(addressTaken(source.name, taken.wanted, taken.taken));
  return ok({ segments: segmentsOf(image, (load) => ({ at: load.start })), groups: [] });
}

interface Taken {
  readonly wanted: Range;
  readonly taken: Range & { readonly reason: string };
}

/** The first stretch of that memory that may not be had, and why. */
function takenOf({ start, end }: Range, { machine, policy }: Input): Taken | undefined {
  const free = policy.memory === undefined ? machine.usable : intersect(machine.usable, [policy.memory]);
  const [missing] = subtract(pageOutwards([range(start, end)]), free);
  if (missing === undefined) return undefined;
  return { wanted: range(start, end), taken: { ...missing, reason: whyTaken(missing, { machine, policy }) } };
}

function whyTaken(missing: Range, { machine, policy }: Pick<Input, 'machine' | 'policy'>): string {
  const told = machine.told.find((region) => region.kind !== 'ram' && overlaps(region, missing));
  if (told !== undefined) return `the firmware says that ${hex(told.start)}-${hex(told.end)} is ${told.kind}`;
  const { memory } = policy;
  if (memory !== undefined && subtract([missing], [memory]).length > 0)
    return `only ${hex(memory.start)}-${hex(memory.end)} is allowed (--mem-min, --mem-max)`;
  return 'it is no usable RAM';
}

/**
 * The loads as segments. Linux takes all memory from its first byte to its last for its own and later frees what lies
 * between its loads: there must be RAM, and nobody else's data, so that each load has the memory up to the next one.
 */
function segmentsOf({ source, linux, loads }: PvhKernel, placement: (load: Load) => Placement): Segment[] {
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
