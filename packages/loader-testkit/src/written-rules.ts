import { hex, LAST_WORDS_SIZE, sizeOf, type Plan, type Segment } from '@kexec-kit/loader-api';
import { demand } from './assert.js';
import { contentOf, lengthOf } from './plan-rules.js';

/** What purgatory writes into segments, it writes where nothing is that would be verified. */
export function writtenIsBehindContent(plan: Plan): void {
  for (const { from, to } of plan.copies ?? []) {
    const segment = mustFind(plan, to, `a copy of ${hex(from.start)}-${hex(from.end)}`);
    demand(sizeOf(from) > 0n, `the copy to ${to} is of nothing`);
    demand(contentOf(segment) === 0n, `a copy goes to ${to}, which has content`);
    demand(
      sizeOf(from) <= segment.memorySize,
      `${hex(sizeOf(from))} bytes are copied to ${to}, which has ${hex(segment.memorySize)}`,
    );
  }
  if (plan.lastWords === undefined) return;
  const { segment: id, offset } = plan.lastWords;
  const segment = mustFind(plan, id, 'the place of the last words');
  demand(offset % 8n === 0n, `the last words at ${hex(offset)} of ${id} are not at a multiple of 8`);
  demand(offset >= contentEnd(segment), `the last words at ${hex(offset)} of ${id} lie in its content`);
  demand(
    offset + BigInt(LAST_WORDS_SIZE) <= segment.memorySize,
    `the last words at ${hex(offset)} of ${id} run past its end at ${hex(segment.memorySize)}`,
  );
}

function mustFind({ segments }: Plan, wanted: string, what: string): Segment {
  const found = segments.find(({ id }) => id === wanted);
  demand(found !== undefined, `${what} is in the segment ${wanted}, which is not there`);
  return found;
}

/** Without the zeros at the end: those are not verified. */
function contentEnd(segment: Segment): bigint {
  const { parts } = segment;
  if ('deferred' in parts) return contentOf(segment);
  const last = parts.reduce((at, part, index) => ('zeros' in part ? at : index), -1);
  return parts.slice(0, last + 1).reduce((sum, part) => sum + lengthOf(part), 0n);
}
