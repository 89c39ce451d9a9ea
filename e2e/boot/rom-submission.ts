import { guestMachine, targetOf, type Guest } from '@kexec-kit/backend-qemu';
import type {
  Machine,
  Part,
  PlacedSegment,
  Range,
  ReadSource,
  SegmentsSubmission,
} from '@kexec-kit/loader-api';
import { fingerprint } from '@kexec-kit/memory';
import { sha256 } from '@noble/hashes/sha2.js';

/** `jmp .`: the least kernel. */
export const ENDLESS = Uint8Array.of(0xeb, 0xfe);

/** For submissions that carry all their bytes. */
export const noSource: ReadSource = (source) => Promise.reject(new Error(`there is no source ${source}`));

/** A segment as `link` would place it, without the story of how it got there. */
export function segment(start: bigint, parts: readonly Part[], memorySize: bigint): PlacedSegment {
  return { start, memorySize, parts, pieces: [] };
}

/** A submission as `link` would make it, around segments made by hand; a guest with SeaBIOS needs its machine told. */
export function submissionFor(
  guest: Guest,
  segments: readonly PlacedSegment[],
  entry: bigint,
  mappings: readonly Range[] = [],
  machine: Machine = guestMachine(guest),
): SegmentsSubmission {
  return {
    method: 'segments',
    loader: { name: 'by-hand', version: '0.0.0' },
    purpose: 'normal',
    architecture: machine.architecture,
    map: {
      fingerprint: fingerprint(machine, { sha256: () => sha256.create() }),
      told: machine.told,
      usable: machine.usable,
    },
    sources: [],
    facts: [],
    diagnostics: [],
    target: targetOf(guest),
    entry,
    segments,
    mappings,
    checked: [],
  };
}
