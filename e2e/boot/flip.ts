import type { Part, ReadSource, SegmentsSubmission } from '@kexec-kit/loader-api';

/** A submission, and the bytes of its sources, with one bit turned over after planning. */
export interface Damaged {
  readonly submission: SegmentsSubmission;
  readonly read: ReadSource;
}

/** Turns over one bit of the byte at a physical address, wherever that byte comes from. */
export function flipBit(submission: SegmentsSubmission, read: ReadSource, address: bigint): Damaged {
  const index = submission.segments.findIndex(
    ({ start, memorySize }) => start <= address && address < start + memorySize,
  );
  const segment = submission.segments[index];
  if (segment === undefined) throw new Error(`no segment holds 0x${address.toString(16)}`);
  const { part, offset, partIndex } = partAt(segment.parts, address - segment.start);
  if ('source' in part) return { submission, read: damagedRead(read, part.source, part.offset + offset) };
  if ('fresh' in part) throw new Error('random bytes have no bit that anybody could miss');
  const bytes = 'bytes' in part ? part.bytes.slice() : new Uint8Array(Number(part.zeros));
  bytes[offset] = (bytes[offset] ?? 0) ^ 0x10;
  const parts = segment.parts.map((old, i) => (i === partIndex ? { bytes } : old));
  return {
    submission: {
      ...submission,
      segments: submission.segments.map((old, i) => (i === index ? { ...segment, parts } : old)),
    },
    read,
  };
}

function partAt(parts: readonly Part[], at: bigint): { part: Part; offset: number; partIndex: number } {
  let start = 0n;
  for (const [partIndex, part] of parts.entries()) {
    const length = lengthOf(part);
    if (at < start + length) return { part, offset: Number(at - start), partIndex };
    start += length;
  }
  throw new Error('that byte is in the zero tail');
}

function lengthOf(part: Part): bigint {
  if ('bytes' in part) return BigInt(part.bytes.length);
  if ('source' in part) return BigInt(part.length);
  return 'zeros' in part ? part.zeros : BigInt(part.fresh);
}

function damagedRead(read: ReadSource, damaged: string, at: number): ReadSource {
  return async (source, offset, into) => {
    await read(source, offset, into);
    if (source !== damaged || at < offset || at >= offset + into.length) return;
    into[at - offset] = (into[at - offset] ?? 0) ^ 0x10;
  };
}
