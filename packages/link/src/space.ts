import { hex, PAGE_SIZE, range, type Range, type RefusedHole } from '@kexec-kit/loader-api';
import { intersect, overlaps, pageInwards, pageOutwards, subtract } from '@kexec-kit/memory';
import { reachOf } from '@kexec-kit/purgatory';
import type { LinkInput } from './input.js';

/** What is free while units are being placed, and of what is not, why. */
export interface Space {
  /** Whole pages. Ascending, disjoint. */
  readonly holes: readonly Range[];
  /** Why addresses are not free; the first that covers an address counts. */
  readonly obstacles: readonly RefusedHole[];
}

/** Nothing lies beyond: one more than the greatest 64-bit address. */
const END = 1n << 64n;

/** What is free before anything is placed: whole pages of usable RAM that policy, target and plan leave. */
export function spaceOf(input: LinkInput): Space {
  const { policy, target, plan } = input;
  const limits = [
    range(PAGE_SIZE, END),
    range(0n, target.addressEnd),
    reachOf(target.handoff),
    ...(policy.memory ? [policy.memory] : []),
  ];
  const allowed = limits.reduce((left, limit) => intersect(left, [limit]), [...ram(input)]);
  return {
    holes: subtract(pageInwards(allowed), pageOutwards(plan.clobbers ?? [])),
    obstacles: obstaclesOf(input),
  };
}

/** A crash kernel lives in its reserved region alone: all else belongs to the system that crashed. */
export function ram({ machine, purpose }: LinkInput): readonly Range[] {
  return purpose === 'crash' ? machine.crashKernel : machine.usable;
}

/** The space that is left once `taken` holds content. */
export function take({ holes, obstacles }: Space, taken: readonly Range[], by: string): Space {
  const pages = pageOutwards(taken);
  return {
    holes: subtract(holes, pages),
    obstacles: [...pages.map((each) => ({ ...each, reason: `taken by ${by}` })), ...obstacles],
  };
}

/** What of a wanted stretch is not free, and why. */
export function missing({ holes, obstacles }: Space, wanted: readonly Range[]): RefusedHole[] {
  return subtract(wanted, holes).map((each) => {
    const why = obstacles.find((obstacle) => overlaps(obstacle, each));
    return { ...each, reason: why?.reason ?? 'not in usable RAM' };
  });
}

function obstaclesOf({ machine, policy, purpose, target, plan }: LinkInput): RefusedHole[] {
  const { memory } = policy;
  const told = machine.told.filter(({ kind }) => kind !== 'ram');
  const crash = subtract([range(0n, END)], purpose === 'crash' ? machine.crashKernel : [range(0n, END)]);
  const excluded = memory === undefined ? [] : subtract([range(0n, END)], [memory]);
  return [
    because([range(0n, PAGE_SIZE)], 'page 0 holds live data of the firmware: nothing is placed there'),
    because(
      [range(target.addressEnd, END)],
      `${target.name} takes nothing at or above ${hex(target.addressEnd)}`,
    ),
    because(
      [range(reachOf(target.handoff).end, END)],
      `${target.name} hands over in ${target.handoff} mode, which reaches no further`,
    ),
    because(plan.clobbers ?? [], 'the image writes here at entry'),
    because(crash, 'outside the region reserved for a crash kernel'),
    because(excluded, 'outside the memory that the policy allows'),
    told.map(({ start, end, kind }) => ({ start, end, reason: `the firmware says: ${kind}` })),
  ].flat();
}

function because(ranges: readonly Range[], reason: string): RefusedHole[] {
  return ranges.map(({ start, end }) => ({ start, end, reason }));
}
