import {
  hex,
  ok,
  type Machine,
  type Progress,
  type ReadSource,
  type Result,
  type SegmentsSubmission,
} from '@kexec-kit/loader-api';
import type { KexecSegment, SyscallResult } from '@kexec-kit/syscall';
import type { Intent } from './backend.js';
import { extentOf } from './check.js';
import { assemble, contentLength, reading, sourceBytes } from './content.js';
import { loadFlags } from './flags.js';
import { BackendFailure, explained, type Host } from './host.js';
import { withExtras } from './retry.js';

/** Loads with kexec_load: all content is put together here, and then handed over in one call. */
export async function loadSegments(
  host: Host,
  submission: SegmentsSubmission,
  machine: Machine,
  read: ReadSource,
  progress?: (progress: Progress) => void,
): Promise<Result<true>> {
  const { entry, purpose } = submission;
  const flags = loadFlags(purpose, machine.architecture, host.extraFlags);
  const segments = await assembleAll(host, submission, read, progress);
  const call = (value: number): SyscallResult => host.syscalls().kexecLoad({ entry, segments, flags: value });
  const { result, diagnostics } = withExtras(flags, call);
  if (result.ok) return ok(true, diagnostics);
  return explained(host, { call: 'kexec_load', errno: result.errno, submission, machine });
}

async function assembleAll(
  { bytesOf, verify }: Host,
  { segments }: SegmentsSubmission,
  read: ReadSource,
  progress: ((progress: Progress) => void) | undefined,
): Promise<KexecSegment[]> {
  const sources = reading(read, sourceBytes(segments.flatMap(({ parts }) => parts)), progress);
  const assembled: KexecSegment[] = [];
  for (const segment of segments) {
    const { start: address, memorySize } = segment;
    assembled.push({ buffer: await assemble(segment, sources, bytesOf), address, memorySize });
  }
  const verified = await verify();
  if (!verified.ok) throw new BackendFailure(verified);
  return assembled;
}

/** What {@link loadSegments} would do. */
export function segmentsIntent(host: Host, submission: SegmentsSubmission): Intent {
  const { entry, segments, purpose, architecture } = submission;
  const { needed, extra } = loadFlags(purpose, architecture, host.extraFlags);
  const flags = [...needed, ...extra].map(({ name }) => name);
  return {
    call: 'kexec_load',
    flags,
    bytes: segments.reduce((sum, segment) => sum + BigInt(contentLength(segment)), 0n),
    lines: [
      `kexec_load: entry ${hex(entry)}, ${segments.length} segments, ${flags.join(' | ')}`,
      ...segments.map((segment) => {
        const { start, end } = extentOf(segment);
        const names = segment.pieces.map(({ id }) => id).join(', ');
        return `  ${hex(start)}-${hex(end)}: ${hex(contentLength(segment))} bytes of ${names}`;
      }),
    ],
  };
}
