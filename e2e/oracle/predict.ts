import { PAGE_SIZE, range, type Machine, type Range } from '@kexec-kit/loader-api';
import { alignUp, contains, findHole, intersect, max, min, normalize, subtract } from '@kexec-kit/memory';
import type { Case } from './case.js';
import type { Step, Where } from './policies.js';

/** RAM that begins up to here begins at 0 for the Multiboot loaders of kexec(8), once they have counted mem_lower. */
const LOW_RAM = 0x10000n;

/** Where a policy puts each place; undefined when something finds none. */
export type Places = ReadonlyMap<string, bigint>;

/**
 * Where kexec(8) would put everything, by its policy and by what it takes for free: each range of RAM that the firmware told
 * of by itself, also where two of them touch, and whatever the running kernel makes of it.
 */
export function predict({ machine, options, purpose }: Case, steps: readonly Step[]): Places | undefined {
  const bounds = options.memory ?? { start: 0n, end: 1n << 64n };
  const told = machine.told.filter(({ type }) => type === 'System RAM');
  // The interrupt vectors are left out, and with them page 0; the Multiboot loaders put them back.
  const ram = told.map(({ start, end }) => range(max(start, PAGE_SIZE), max(end, PAGE_SIZE)));
  const all = told.map(({ start, end }) => range(start <= LOW_RAM ? 0n : start, end));
  const crash = machine.crash.at(-1);
  const limit = purpose === 'crash' && crash !== undefined ? crash : bounds;
  return settle(steps, ({ size, fromZero }, where, taken) =>
    find(where, alignUp(size, PAGE_SIZE), free(fromZero === true ? all : ram, taken), limit),
  );
}

/** Where the same policy puts everything in the memory that we take for free: what our linker must find, too. */
export function expect(
  { options, purpose }: Case,
  machine: Pick<Machine, 'usable' | 'crashKernel'>,
  steps: readonly Step[],
): Places | undefined {
  const limit = options.memory ?? { start: 0n, end: 1n << 64n };
  const ram = normalize(purpose === 'crash' ? machine.crashKernel.slice(-1) : machine.usable);
  return settle(steps, (step, where, taken) => {
    const holes = free(ram, taken);
    // The pieces of an image move as one, and what lies between them need not be free.
    return step.pieces.length > 1
      ? scattered(step, where, holes, limit)
      : find(where, alignUp(step.size, PAGE_SIZE), holes, limit);
  });
}

/** The lowest base at which every piece has pages of its own. */
function scattered(step: Step, where: Where, holes: readonly Range[], limit: Range): bigint | undefined {
  const bounds = 'at' in where ? limit : intersect([where], [limit])[0];
  if (bounds === undefined) return undefined;
  const free = intersect(holes, [bounds]);
  const fits = (base: bigint) =>
    step.pieces.every(({ offset, size }) => {
      const start = base + offset;
      return contains(free, range(start, start + alignUp(size, PAGE_SIZE)));
    });
  if ('at' in where) return fits(where.at) ? where.at : undefined;
  const bases = free.flatMap(({ start }) =>
    step.pieces.map(({ offset }) => alignUp(max(start - offset, 0n), where.align)),
  );
  return bases.sort((a, b) => (a < b ? -1 : 1)).find(fits);
}

/** Runs the steps of a policy, each in what the others left. */
export function settle(
  steps: readonly Step[],
  place: (step: Step, where: Where, taken: readonly Range[]) => bigint | undefined,
): Places | undefined {
  const places = new Map<string, bigint>();
  const taken: Range[] = [];
  for (const step of steps) {
    const base = step.wheres.map((where) => place(step, where, taken)).find((found) => found !== undefined);
    if (base === undefined) return undefined;
    for (const piece of step.pieces) {
      const start = base + piece.offset;
      places.set(piece.place, start);
      taken.push(range(start, start + alignUp(piece.size, PAGE_SIZE)));
    }
  }
  return places;
}

/** What is left of each range by itself. */
function free(ram: readonly Range[], taken: readonly Range[]): Range[] {
  return ram.flatMap((each) => subtract([each], taken));
}

function find(where: Where, size: bigint, holes: readonly Range[], limit: Range): bigint | undefined {
  if ('at' in where) {
    const wanted = range(where.at, where.at + size);
    const inside = wanted.start >= limit.start && wanted.end <= limit.end;
    return inside && holes.some((hole) => contains([hole], wanted)) ? where.at : undefined;
  }
  const within = range(
    max(where.start, limit.start),
    max(min(where.end, limit.end), max(where.start, limit.start)),
  );
  const ordered = where.from === 'bottom' ? holes : [...holes].reverse();
  for (const hole of ordered) {
    const found = findHole({ holes: [hole], size, within, align: where.align, from: where.from });
    if (found.ok) return found.start;
  }
  return undefined;
}
