import {
  type Address,
  type Group,
  PAGE_SIZE,
  type Placement,
  range,
  type Range,
  type Segment,
  type SegmentId,
  type SourceId,
} from '@kexec-kit/loader-api';
import { alignDown, max } from '@kexec-kit/memory';
import { type Body, FOUR_GIB } from './body.js';

/** Below lie the BIOS, its data, and what a kernel takes there without asking to start its other CPUs. */
export const LOWEST: Address = 0x100000n;

/** Where an image may lie besides where it was linked. */
export interface Movement {
  /** All of it. */
  readonly within: Range;
  /** Of its first byte: a power of two, in bytes. */
  readonly align: bigint;
  /** `none`: where it was linked if that is free, else the lowest place. */
  readonly preference: 'none' | 'low' | 'high';
}

/** The image as segments, and the group that they move as, if they may. */
export interface PlacedBody {
  readonly segments: readonly Segment[];
  readonly groups: readonly Group[];
}

const GROUP = 'image';

/** Each chunk to its physical address; or all of them as one, as far from each other as they were linked. */
export function placeBody(body: Body, source: SourceId, movement: Movement | undefined): PlacedBody {
  if (movement === undefined)
    return { segments: segmentsOf(body, source, ({ start }) => ({ at: start })), groups: [] };
  const base = alignDown(body.span.start, PAGE_SIZE);
  const segments = segmentsOf(body, source, ({ start }) => ({ group: GROUP, offset: start - base }));
  return { segments, groups: [{ id: GROUP, placements: groupPlacements(body, base, movement) }] };
}

function groupPlacements(
  { span }: Body,
  base: Address,
  { within, align, preference }: Movement,
): Group['placements'] {
  const somewhere = (from: 'bottom' | 'top') => ({ within, align: max(align, PAGE_SIZE), from });
  if (preference !== 'none') return [somewhere(preference === 'high' ? 'top' : 'bottom')];
  const mayStay = base >= within.start && span.end <= within.end && base % align === 0n;
  return mayStay ? [{ at: base }, somewhere('bottom')] : [somewhere('bottom')];
}

function segmentsOf(
  { chunks }: Body,
  source: SourceId,
  placement: (chunk: Range) => Placement,
): readonly Segment[] {
  return chunks.map(({ id, content, start, end, why }) => ({
    id,
    parts: content.length === 0 ? [] : [{ source, ...content }],
    memorySize: end - start,
    placements: [placement({ start, end })],
    why,
  }));
}

/**
 * For what is handed over besides the image: behind it, where boot loaders put it and where kernels with few pages mapped at
 * first can look; otherwise anywhere from 1 MiB on below 4 GiB.
 */
export function besides({ chunks }: Body, align: bigint): Placement[] {
  const window = { within: range(LOWEST, FOUR_GIB), align, from: 'bottom' } as const;
  const last: SegmentId | undefined = chunks.at(-1)?.id;
  return last === undefined ? [window] : [{ ...window, above: last }, window];
}
