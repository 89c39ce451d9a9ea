import {
  fail,
  hex,
  ok,
  type Diagnostic,
  type Machine,
  type PlacedSegment,
  type Range,
  type Result,
  type SegmentsSubmission,
  type Submission,
} from '@kexec-kit/loader-api';
import { readMachine } from '@kexec-kit/machine';
import { contains, mapDifference } from '@kexec-kit/memory';
import { targetFor } from './abi.js';
import { badSubmission, otherMachine, unsupported } from './codes.js';
import type { Host } from './host.js';

/**
 * Reads the machine again, and says whether a submission still fits it. What it says of itself has been checked when it
 * was linked or parsed; here is asked what only this machine can answer, and in this program.
 */
export async function checkMachine(host: Host, submission: Submission): Promise<Result<Machine>> {
  const machine = await readMachine({ root: host.root });
  if (!machine.ok) return machine;
  const refused = whyNot(submission, machine.value);
  return refused === undefined ? ok(machine.value) : fail(refused);
}

function whyNot(submission: Submission, machine: Machine): Diagnostic | undefined {
  const { architecture, map } = submission;
  const differences = mapDifference({ architecture, ...map }, machine);
  if (differences.length > 0) return otherMachine(differences);
  return submission.method === 'segments' ? whyNotSegments(submission, machine) : undefined;
}

function whyNotSegments(submission: SegmentsSubmission, machine: Machine): Diagnostic | undefined {
  const target = targetFor(machine.architecture);
  if (submission.target.name !== target.name) return unsupported(submission.target.name, target.name);
  const { segments, purpose } = submission;
  return segments
    .map((segment, index) => {
      const field = `segments[${index}]`;
      if (segment.start + segment.memorySize > target.addressEnd)
        return badSubmission(field, `is ${text(segment)}`, `an end at ${hex(target.addressEnd)} or below`);
      if (purpose === 'crash' && !contains(machine.crashKernel, extentOf(segment)))
        return badSubmission(field, `is ${text(segment)}`, `memory reserved for a crash kernel`);
      return undefined;
    })
    .find((refused) => refused !== undefined);
}

/** The memory that a segment takes. */
export function extentOf({ start, memorySize }: PlacedSegment): Range {
  return { start, end: start + memorySize };
}

function text(segment: PlacedSegment): string {
  const { start, end } = extentOf(segment);
  return `${hex(start)}-${hex(end)}`;
}
