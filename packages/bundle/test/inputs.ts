import {
  range,
  sizeOf,
  toIndex,
  type Part,
  type PlacedSegment,
  type Range,
  type SegmentsSubmission,
  type Target,
} from '@kexec-kit/loader-api';
import type { Bundle } from '@kexec-kit/bundle';

export const MIB = 1n << 20n;
export const GIB = 1n << 30n;

/** RAM of a PC with 128 MiB. */
export const usable: readonly Range[] = [range(0x1000n, 0x9f000n), range(MIB, 128n * MIB)];

export function segment(
  start: bigint,
  memorySize: bigint,
  parts: readonly Part[],
  id = 'kernel',
): PlacedSegment {
  const size = parts.reduce((sum, part) => sum + lengthOf(part), 0n);
  return { start, memorySize, parts, pieces: [{ id, start, size, memorySize, search: [] }] };
}

export const long64: Target = {
  name: 'linux-x86_64',
  handoff: 'long64',
  maxSegments: 16,
  addressEnd: 1n << 46n,
  maps: 'ram',
  callerAbi: 'x86_64',
};
export const protected32: Target = {
  name: 'linux-i386',
  handoff: 'protected32',
  maxSegments: 16,
  addressEnd: 1n << 32n,
  maps: 'ram',
  callerAbi: 'i386',
};

export function submissionOf(
  segments: readonly PlacedSegment[],
  change: Partial<SegmentsSubmission> = {},
): SegmentsSubmission {
  return {
    method: 'segments',
    loader: { name: 'flat', version: '1.0.0' },
    purpose: 'normal',
    architecture: 'x86_64',
    map: { fingerprint: '', told: usable.map((each) => ({ ...each, kind: 'ram' })), usable },
    sources: [],
    facts: [],
    diagnostics: [],
    target: long64,
    entry: segments[0]?.start ?? 0n,
    segments,
    mappings: [],
    checked: [],
    ...change,
  };
}

/** What the source of that name has at an offset: anything, but always the same. */
export function byteOf(source: string, offset: number): number {
  return (offset * 7 + source.length * 31 + source.charCodeAt(0)) & 0xff;
}

export function lengthOf(part: Part): bigint {
  if ('bytes' in part) return BigInt(part.bytes.length);
  if ('source' in part) return BigInt(part.length);
  return 'zeros' in part ? part.zeros : BigInt(part.fresh);
}

/** The bytes of parts; where they are random, zeros. */
export function bytesOf(parts: readonly Part[]): Uint8Array {
  const all = new Uint8Array(toIndex(parts.reduce((sum, part) => sum + lengthOf(part), 0n)));
  let at = 0;
  for (const part of parts) {
    if ('bytes' in part) all.set(part.bytes, at);
    if ('source' in part)
      for (let n = 0; n < part.length; n++) all[at + n] = byteOf(part.source, part.offset + n);
    at += toIndex(lengthOf(part));
  }
  return all;
}

export function fileOf({ parts }: Bundle): Uint8Array {
  return bytesOf(parts);
}

export function extentOf({ start, memorySize }: PlacedSegment): Range {
  return range(start, start + memorySize);
}

/** A segment's memory as it has to be. */
export function memoryOf(placed: PlacedSegment): Uint8Array {
  const memory = new Uint8Array(toIndex(sizeOf(extentOf(placed))));
  memory.set(bytesOf(placed.parts));
  return memory;
}
