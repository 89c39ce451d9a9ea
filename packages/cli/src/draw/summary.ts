import { hex, type SegmentsSubmission } from '@kexec-kit/loader-api';
import type { Output } from '../context.js';
import { humanSize } from '../size.js';

/** What a submission comes to, in three lines: for people, above the map. */
export function summarize(submission: SegmentsSubmission, detail: string, output: Output): string {
  const { colours } = output;
  const { segments, target, entry, checked, sources } = submission;
  const memory = segments.reduce((sum, segment) => sum + segment.memorySize, 0n);
  const verified = checked.reduce((sum, region) => sum + region.length, 0n);
  return [
    colours.bold(detail),
    `${String(segments.length)} of ${String(target.maxSegments)} segments, ${humanSize(memory)} of memory, entered at ${hex(entry)} (purgatory), for ${target.name}`,
    `purgatory verifies ${humanSize(verified)} in ${String(checked.length)} regions; ${sources.map(({ name, size }) => `${name} ${humanSize(BigInt(size))}`).join(', ')}`,
    '',
    '',
  ].join('\n');
}
