import {
  addressOf,
  type Part,
  type Placement,
  type Relocation,
  type Segment,
  type SegmentId,
  toIndex,
} from '@kexec-kit/loader-api';
import { writer } from '@kexec-kit/structures';
import { SetupData } from './generated/setup-data.js';

/** arch/x86/include/uapi/asm/setup_data.h: the types of nodes that are made here. */
export const SETUP_E820_EXT = 1;
export const SETUP_EFI = 4;
export const SETUP_RNG_SEED = 9;
/**
 * A type of our own, which no kernel knows: Linux keeps such a node and shows it under /sys/kernel/boot_params/setup_data.
 * Its data is purgatory's record of the hand-over.
 */
export const SETUP_LAST_WORDS = 0x6b6b;

/** In bytes: what precedes a node's data. */
export const SETUP_DATA_HEADER = 16;

/** One node of the setup_data list before it has an address. */
export interface SetupDataNode {
  readonly id: SegmentId;
  readonly type: number;
  readonly data: { readonly bytes: Uint8Array } | { readonly fresh: number } | { readonly zeros: bigint };
  /** Their offsets count from the start of the segment: the data begins at {@link SETUP_DATA_HEADER}. */
  readonly relocations?: readonly Relocation[];
  readonly why: string;
}

/**
 * The nodes as segments: each points to the next, the last to nothing.
 *
 * @param placements - Where a node may go: the same for all.
 */
export function setupDataSegments(
  nodes: readonly SetupDataNode[],
  placements: readonly Placement[],
): Segment[] {
  return nodes.map((node, i) => {
    const length = lengthOf(node.data);
    const header = writer(SETUP_DATA_HEADER).u32(SetupData.at.type, node.type).u32(SetupData.at.len, length);
    return {
      id: node.id,
      parts: [{ bytes: header.value }, node.data] satisfies Part[],
      memorySize: BigInt(SETUP_DATA_HEADER + length),
      placements,
      relocations: [...pointerTo(SetupData.at.next.offset, nodes[i + 1]?.id), ...(node.relocations ?? [])],
      why: node.why,
    };
  });
}

function lengthOf(data: SetupDataNode['data']): number {
  if ('zeros' in data) return toIndex(data.zeros);
  return 'fresh' in data ? data.fresh : data.bytes.length;
}

/** A 64-bit pointer at `offset` to the start of a segment; without a segment it stays 0. */
export function pointerTo(offset: number, segment: SegmentId | undefined): Relocation[] {
  return segment === undefined ? [] : [{ offset, value: addressOf(segment), encoding: 'u64' }];
}
