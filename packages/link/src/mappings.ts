import { range, type PlacedSegment, type Range } from '@kexec-kit/loader-api';
import { pageOutwards, subtract } from '@kexec-kit/memory';
import { reachOf } from '@kexec-kit/purgatory';
import type { LinkInput } from './input.js';

/** Linux maps the first MiB at hand-over whatever is there. */
const FIRST_MIB = range(0n, 0x100000n);

/** What the plan wants mapped and neither the segments nor the running kernel map anyway: whole pages. */
export function mappingsLeft(
  { plan, target, machine }: LinkInput,
  segments: readonly PlacedSegment[],
): Range[] {
  const filled = segments.map(({ start, memorySize }) => range(start, start + memorySize));
  return subtract(pageOutwards(plan.mappings ?? []), [...filled, ...mappedBy(target, machine)]);
}

function mappedBy({ handoff, maps }: LinkInput['target'], machine: LinkInput['machine']): readonly Range[] {
  // Without paging everything that can be addressed is reachable.
  if (handoff === 'protected32') return [reachOf(handoff)];
  return maps === 'ram' ? [FIRST_MIB, ...machine.usable] : [];
}
