import { randomFillSync } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import {
  range,
  sizeOf,
  toIndex,
  type Address,
  type PlacedSegment,
  type Range,
  type ReadSource,
} from '@kexec-kit/loader-api';
import { intersect, max, subtract } from '@kexec-kit/memory';
import { extentOf, lengthOf } from './check.js';
import { unreadableSource } from './codes.js';
import { BackendFailure } from './failure.js';
import { ramBlocks, type Guest, type RamBlock } from './guest.js';

/**
 * What every byte of RAM holds that nobody wrote: the first 256 MiB, and 2 MiB on both sides of every segment.
 * The rest of a larger guest is zero: writing it would cost a second and a GiB of memory for every GiB.
 */
export const RAM_PATTERN = 0xa5;

const FILLED = range(0n, 256n << 20n);
const AROUND = 2n << 20n;
const CHUNK = 1 << 20;

/**
 * Writes the guest's memory without its segments: the pattern where it belongs. The file is empty and stays sparse: what
 * nobody writes is zero and costs nothing, so that zero tails are holes.
 */
export async function writeRam(
  file: FileHandle,
  guest: Guest,
  segments: readonly PlacedSegment[],
): Promise<void> {
  await file.truncate(toIndex(guest.memory));
  const blocks = ramBlocks(guest);
  const pattern = new Uint8Array(CHUNK).fill(RAM_PATTERN);
  for (const hole of patterned(blocks, segments.map(extentOf)))
    await writePattern(file, offsetOf(blocks, hole.start), hole, pattern);
}

/** Writes the contents of segments, each where `offset` says. Sources pass through one buffer of 1 MiB. */
export async function writeSegments(
  file: FileHandle,
  segments: readonly PlacedSegment[],
  read: ReadSource,
  offset: (segment: PlacedSegment) => number,
): Promise<void> {
  const buffer = new Uint8Array(CHUNK);
  for (const segment of segments) await writeSegment({ file, read, buffer }, segment, offset(segment));
}

/** Where the pattern goes. */
export function patterned(blocks: readonly RamBlock[], extents: readonly Range[]): Range[] {
  const around = extents.map(({ start, end }) => range(max(start - AROUND, 0n), end + AROUND));
  return subtract(intersect([FILLED, ...around], blocks), extents);
}

/** Where an address of RAM stands in the file. */
export function offsetOf(blocks: readonly RamBlock[], address: Address): number {
  const block = blocks.find(({ start, end }) => start <= address && address < end);
  if (block === undefined) throw new RangeError(`${address} is not in RAM`);
  return toIndex(address - block.start + block.offset);
}

interface Writing {
  readonly file: FileHandle;
  readonly read: ReadSource;
  readonly buffer: Uint8Array;
}

async function writePattern(
  file: FileHandle,
  offset: number,
  hole: Range,
  pattern: Uint8Array,
): Promise<void> {
  const end = offset + toIndex(sizeOf(hole));
  for (let at = offset; at < end; at += pattern.length) {
    await writeAll(file, pattern.subarray(0, end - at), at);
  }
}

async function writeSegment(writing: Writing, { parts }: PlacedSegment, offset: number): Promise<void> {
  let at = offset;
  for (const part of parts) {
    if ('bytes' in part) await writeAll(writing.file, part.bytes, at);
    else if ('source' in part) await writeSource(writing, part, at);
    else if ('fresh' in part) await writeFresh(writing, part.fresh, at);
    at += toIndex(lengthOf(part));
  }
}

async function writeSource(
  { file, read, buffer }: Writing,
  { source, offset, length }: { source: string; offset: number; length: number },
  to: number,
): Promise<void> {
  for (let done = 0; done < length; done += buffer.length) {
    const chunk = buffer.subarray(0, length - done);
    await read(source, offset + done, chunk).catch((error: unknown) => {
      throw new BackendFailure(unreadableSource(source, error));
    });
    await writeAll(file, chunk, to + done);
  }
}

async function writeFresh({ file, buffer }: Writing, length: number, to: number): Promise<void> {
  for (let done = 0; done < length; done += buffer.length) {
    await writeAll(file, randomFillSync(buffer.subarray(0, length - done)), to + done);
  }
}

/** A write may be short; then the rest follows. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
