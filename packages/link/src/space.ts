import { hex, PAGE_SIZE, range, type Range, type RefusedHole } from '@kexec-kit/loader-api';
import {
  alignUp,
  destinations,
  intersect,
  max,
  overlaps,
  pageInwards,
  pageOutwards,
  subtract,
} from '@kexec-kit/memory';
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
    holes: subtract(pageInwards(allowed), pageOutwards([...(plan.clobbers ?? []), ...copiedFrom(plan)])),
    obstacles: obstaclesOf(input),
  };
}

/** A crash kernel lives in its reserved region alone: all else belongs to the system that crashed. */
export function ram({ machine, purpose }: LinkInput): readonly Range[] {
  const reserved = destinations(machine, purpose);
  return purpose === 'crash' ? subtract(reserved, [controlPages(machine)]) : reserved;
}

const MIB = 1n << 20n;
const GIB = 1n << 30n;

/**
 * The end of the crash region, left free. Loading a crash kernel, Linux takes its control page and the tables that map all of
 * RAM out of that very region: without gigabyte pages that is a page for each GiB. When there is no room, it says ENOMEM.
 */
function controlPages(machine: LinkInput['machine']): Range {
  const [{ start, end } = range(0n, 0n)] = destinations(machine, 'crash');
  const top = machine.told.reduce(
    (most, region) => (region.kind === 'ram' ? max(most, region.end) : most),
    0n,
  );
  const size = MIB + PAGE_SIZE * (alignUp(top, GIB) / GIB);
  return range(max(start, end - size), end);
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
  const isCrash = purpose === 'crash';
  const crash = subtract([range(0n, END)], isCrash ? destinations(machine, purpose) : [range(0n, END)]);
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
    because(copiedFrom(plan), 'purgatory copies what is here now'),
    because(crash, 'outside the region reserved for a crash kernel'),
    because(isCrash ? [controlPages(machine)] : [], 'left for the control pages of the running kernel'),
    because(excluded, 'outside the memory that the policy allows'),
    told.map(({ start, end, kind }) => ({ start, end, reason: `the firmware says: ${kind}` })),
  ].flat();
}

function copiedFrom({ copies = [] }: LinkInput['plan']): Range[] {
  return copies.map(({ from }) => from);
}

function because(ranges: readonly Range[], reason: string): RefusedHole[] {
  return ranges.map(({ start, end }) => ({ start, end, reason }));
}
