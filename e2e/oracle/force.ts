import { linkPlanned, linuxTarget, type Planned } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import {
  addressOf,
  PAGE_SIZE,
  range,
  type Address,
  type Group,
  type Plan,
  type Range,
  type Segment,
} from '@kexec-kit/loader-api';
import { alignUp, max, min } from '@kexec-kit/memory';
import type { Step, Where } from './policies.js';
import type { Places } from './predict.js';

/** Above all made-up memory: only our own purgatory, which is no part of the comparison, is put there. */
const FAR = range(0x3ff000000000n, 0x3ff000100000n);

const target = { ...linuxTarget('x86_64'), maxSegments: 1024 };

/**
 * Where our own linker puts everything when it is forced to obey the policy of kexec(8): its order, its bounds, its purgatory.
 * Undefined when something finds no place.
 */
export function forcePlaces(planned: Planned, steps: readonly Step[]): Places | undefined {
  const { machine, policy } = planned;
  const bounds = policy.memory ?? range(0n, FAR.start);
  const { memory: _, ...rest } = policy;
  const linked = linkPlanned(
    {
      ...planned,
      machine: {
        ...machine,
        usable: [...memoryOf(planned), FAR],
      },
      // What is asked is where things go: how much must be left free for a crash is a question of its own.
      purpose: 'normal',
      policy: rest,
      plan: planOf(steps, bounds),
      diagnostics: [],
    },
    { target, engines: nodeEngines },
  );
  if (!linked.ok) {
    if ('search' in linked) return undefined;
    throw new Error(`a forced plan is refused: ${linked.diagnostics[0].message}`);
  }
  const pieces = linked.value.segments.flatMap((segment) => segment.pieces);
  return new Map(pieces.filter(({ id }) => id !== 'purgatory').map(({ id, start }) => [nameOf(id), start]));
}

/** Where a purpose places: kexec(8) takes the last crash region. */
export function memoryOf({ machine, purpose }: Pick<Planned, 'machine' | 'purpose'>): readonly Range[] {
  return purpose === 'crash' ? machine.crashKernel.slice(-1) : machine.usable;
}

interface Bounds {
  readonly start: Address;
  readonly end: Address;
}

/** Segments without content: only where they go is asked. */
function planOf(steps: readonly Step[], bounds: Bounds): Plan {
  const segments: Segment[] = steps.flatMap(({ pieces }, i) =>
    pieces.map(({ place, offset, size }) => {
      const placements = [{ group: `step-${i}`, offset }];
      return { id: idOf(place), parts: [], memorySize: alignUp(size, PAGE_SIZE), placements };
    }),
  );
  const groups: Group[] = steps.map(({ wheres, size }, i) => {
    return { id: `step-${i}`, placements: wheres.map((where) => placementOf(where, size, bounds)) };
  });
  const first = segments[0]?.id ?? '';
  return { segments, groups, handoff: { mode: 'long64', entry: addressOf(first), registers: {} } };
}

/** Where nothing is. */
const NOWHERE = range(FAR.end, FAR.end + PAGE_SIZE);

function placementOf(where: Where, size: bigint, bounds: Bounds): Group['placements'][number] {
  if ('at' in where) {
    const inside = where.at >= bounds.start && where.at + alignUp(size, PAGE_SIZE) <= bounds.end;
    return inside ? { at: where.at } : { within: NOWHERE, align: PAGE_SIZE, from: 'bottom' };
  }
  const start = max(where.start, bounds.start);
  const end = min(where.end, min(bounds.end, FAR.start));
  const within = end > start ? range(start, end) : NOWHERE;
  return { within, align: where.align, from: where.from };
}

/** Our linker adds a purgatory of its own, by this name. */
function idOf(place: string): string {
  return place === 'purgatory' ? 'their-purgatory' : place;
}

function nameOf(id: string): string {
  return id === 'their-purgatory' ? 'purgatory' : id;
}
