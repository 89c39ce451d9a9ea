import { toIndex, type Part, type Segment, type SourceBytes, type SourceId } from '@kexec-kit/loader-api';
import type { LinkInput } from './input.js';

/** How long a part is, in bytes. */
export function lengthOf(part: Part): bigint {
  if ('bytes' in part) return BigInt(part.bytes.length);
  if ('source' in part) return BigInt(part.length);
  return 'zeros' in part ? part.zeros : BigInt(part.fresh);
}

/** How long a list of parts is, in bytes. */
export function totalOf(parts: readonly Part[]): bigint {
  return parts.reduce((total, part) => total + lengthOf(part), 0n);
}

/** The parts without the zeros at their end: those come with the memory. */
export function withoutZeroTail(parts: readonly Part[]): readonly Part[] {
  const last = parts.at(-1);
  const nothing = last !== undefined && ('zeros' in last || lengthOf(last) === 0n);
  return nothing ? withoutZeroTail(parts.slice(0, -1)) : parts;
}

/** The most content that a segment can have, in bytes, without its zero tail. */
export function contentSize({ parts }: Segment): bigint {
  return 'deferred' in parts ? BigInt(parts.deferred.maximum) : totalOf(withoutZeroTail(parts));
}

/** A part and where it begins, in bytes from its segment's start. */
export interface PlacedPart {
  readonly part: Part;
  readonly offset: bigint;
}

/** The parts with their offsets. */
export function placedParts(parts: readonly Part[]): PlacedPart[] {
  let offset = 0n;
  return parts.map((part) => {
    const placed = { part, offset };
    offset += lengthOf(part);
    return placed;
  });
}

/** The source of a slice when its bytes are at hand. */
export function bytesOf(sources: LinkInput['sources'], id: SourceId): SourceBytes | undefined {
  const source = sources.get(id);
  return source !== undefined && 'bytes' in source ? source : undefined;
}

/** The content of parts, piece by piece, none of it copied. Fresh bytes and sources that are not at hand give nothing. */
export function* chunks(parts: readonly Part[], sources: LinkInput['sources']): Generator<Uint8Array> {
  for (const part of parts) {
    if ('bytes' in part) yield part.bytes;
    else if ('zeros' in part) yield* zeros(part.zeros);
    else if ('source' in part) {
      const source = bytesOf(sources, part.source);
      if (source !== undefined) yield source.bytes.subarray(part.offset, part.offset + part.length);
    }
  }
}

const ZEROS = new Uint8Array(0x10000);

function* zeros(count: bigint): Generator<Uint8Array> {
  for (let left = count; left > 0n; left -= BigInt(ZEROS.length)) {
    yield left < BigInt(ZEROS.length) ? ZEROS.subarray(0, toIndex(left)) : ZEROS;
  }
}
