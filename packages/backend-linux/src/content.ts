import { randomFillSync } from 'node:crypto';
import {
  fail,
  toIndex,
  type Part,
  type PlacedSegment,
  type Progress,
  type ReadSource,
} from '@kexec-kit/loader-api';
import { SourceError } from '@kexec-kit/host-node';
import { outOfMemory, sourceUnread } from './codes.js';
import { BackendFailure, type Host } from './host.js';

/** So much of a source is read at once: small enough to be hashed from the cache, in bytes. */
const CHUNK = 1 << 20;

/** The one way in which the bytes of sources come here, and what is told of it. */
export interface Reading {
  /** Fills `into` and counts it. */
  read(source: string, offset: number, into: Uint8Array): Promise<void>;
}

/** Reads in small pieces and tells how far it is of `total` bytes. */
export function reading(
  read: ReadSource,
  total: number,
  progress: ((progress: Progress) => void) | undefined,
): Reading {
  let done = 0;
  return {
    read: async (source, offset, into) => {
      for (let at = 0; at < into.length; at += CHUNK) {
        const piece = into.subarray(at, at + CHUNK);
        await read(source, offset + at, piece).catch((error: unknown) => {
          throw new BackendFailure(
            fail(error instanceof SourceError ? error.diagnostic : sourceUnread(source, error)),
          );
        });
        done += piece.length;
        progress?.({ what: 'loading', done, total });
      }
    },
  };
}

/** How many bytes of sources these parts hold. */
export function sourceBytes(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + ('source' in part ? part.length : 0), 0);
}

/** The size of a segment's content, in bytes; zeros at its end need none, since the kernel fills the rest by itself. */
export function contentLength({ parts }: Pick<PlacedSegment, 'parts'>): number {
  const end = parts.reduce((end, part, index) => ('zeros' in part ? end : index + 1), 0);
  return toIndex(parts.slice(0, end).reduce((sum, part) => sum + lengthOf(part), 0n));
}

/**
 * A segment's content in the one buffer that the call takes: each source is read straight into its place. What is in memory
 * already is not copied once more.
 */
export async function assemble(
  segment: PlacedSegment,
  sources: Reading,
  bytesOf: Host['bytesOf'],
): Promise<Uint8Array> {
  const held = wholeSource(segment, bytesOf);
  if (held !== undefined) return held;
  const buffer = allocate(contentLength(segment));
  let at = 0;
  for (const part of segment.parts) {
    const place = buffer.subarray(at, at + toIndex(lengthOf(part)));
    if ('bytes' in part) place.set(part.bytes);
    else if ('source' in part) await sources.read(part.source, part.offset, place);
    else if ('fresh' in part) randomFillSync(place);
    at += toIndex(lengthOf(part));
  }
  return buffer;
}

/** The bytes of the one source that a segment is made of, where they are at hand; behind them are zeros at most. */
function wholeSource({ parts }: PlacedSegment, bytesOf: Host['bytesOf']): Uint8Array | undefined {
  const [part, ...others] = parts;
  if (part === undefined || !('source' in part) || others.some((other) => !('zeros' in other)))
    return undefined;
  return bytesOf(part.source)?.subarray(part.offset, part.offset + part.length);
}

/** The size of a part's content, in bytes. */
export function lengthOf(part: Part): bigint {
  if ('bytes' in part) return BigInt(part.bytes.length);
  if ('source' in part) return BigInt(part.length);
  return 'zeros' in part ? part.zeros : BigInt(part.fresh);
}

function allocate(size: number): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (error) {
    throw new BackendFailure(fail(outOfMemory(size, error)));
  }
}
