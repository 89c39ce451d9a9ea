import type { Address, Range, SegmentId } from '@kexec-kit/loader-api';

/** A stretch of memory that the image fills: content of the file, and zeros behind it. `start` is where it was linked. */
export interface Chunk extends Range {
  readonly id: SegmentId;
  /** In the file, in bytes. */
  readonly content: { readonly offset: number; readonly length: number };
  /** One clause for people. */
  readonly why: string;
}

/** An image as memory, whatever said where it goes. */
export interface Body {
  /** Ascending, disjoint; at least one. */
  readonly chunks: readonly Chunk[];
  /** From the lowest byte to the highest, holes included. */
  readonly span: Range;
  readonly entry: { readonly chunk: Chunk; readonly offset: bigint };
  /** Whether it may lie elsewhere by its own format (ET_DYN), without anything in the Multiboot header. */
  readonly movable: boolean;
  /** By its own format, in bytes: at least a page. */
  readonly align: bigint;
}

/** Where the entry lies as linked. */
export function entryAddress({ entry: { chunk, offset } }: Body): Address {
  return chunk.start + offset;
}

/** One past the last byte that 32-bit code without paging reaches. */
export const FOUR_GIB: Address = 1n << 32n;
