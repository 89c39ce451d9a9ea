import type { PlacedSegment, SegmentsSubmission } from '@kexec-kit/loader-api';
import { fingerprint } from '@kexec-kit/memory';
import { engines } from '../src/engines.js';
import { guestMachine, targetOf, type Guest } from '../src/index.js';

/** `jmp .`: the least kernel. */
export const ENDLESS = Uint8Array.of(0xeb, 0xfe);

/** A segment of one page that holds `ENDLESS`. */
export function endlessAt(start: bigint): PlacedSegment {
  return { start, memorySize: 0x1000n, parts: [{ bytes: ENDLESS }], pieces: [] };
}

/** A submission as `link` would make it for a guest, around segments made by hand; enters the first. */
export function submissionFor(
  guest: Guest,
  segments: readonly PlacedSegment[],
  changes: Partial<SegmentsSubmission> = {},
): SegmentsSubmission {
  const machine = guestMachine(guest);
  return {
    method: 'segments',
    loader: { name: 'by-hand', version: '0.0.0' },
    purpose: 'normal',
    architecture: machine.architecture,
    map: { fingerprint: fingerprint(machine, engines), told: machine.told, usable: machine.usable },
    sources: [],
    facts: [],
    diagnostics: [],
    target: targetOf(guest),
    entry: segments[0]?.start ?? 0n,
    segments,
    mappings: [],
    checked: [],
    ...changes,
  };
}
