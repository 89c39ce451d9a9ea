import { range, type PlacedSegment, type Range } from '@kexec-kit/loader-api';
import { pageOutwards, subtract } from '@kexec-kit/memory';
import { reachOf } from '@kexec-kit/purgatory';
import type { LinkInput } from './input.js';

/** Linux maps the first MiB at hand-over whatever is there. */
const FIRST_MIB = range(0n, 0x100000n);

/** Graphics and text memory of a VGA. */
const VGA_MEMORY = range(0xa0000n, 0xc0000n);

/** What the plan and purgatory want mapped and neither the segments nor the running kernel map anyway: whole pages. */
export function mappingsLeft(input: LinkInput, segments: readonly PlacedSegment[]): Range[] {
  const { target, machine } = input;
  const filled = segments.map(({ start, memorySize }) => range(start, start + memorySize));
  return subtract(pageOutwards(wanted(input)), [...filled, ...mappedBy(target, machine)]);
}

function wanted({ plan, policy }: LinkInput): Range[] {
  const { mappings = [], copies = [] } = plan;
  const writesScreen = policy.resetVga === true || policy.console.vga === true;
  return [...mappings, ...copies.map(({ from }) => from), ...(writesScreen ? [VGA_MEMORY] : [])];
}

function mappedBy({ handoff, maps }: LinkInput['target'], machine: LinkInput['machine']): readonly Range[] {
  // Without paging everything that can be addressed is reachable.
  if (handoff === 'protected32') return [reachOf(handoff)];
  return maps === 'ram' ? [FIRST_MIB, ...machine.usable] : [];
}
