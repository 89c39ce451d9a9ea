import { E820_TYPE, type MapHole, mapToTell, type MapToTell } from '@kexec-kit/linux-boot';
import { addressOf, type Expr, type Machine, PAGE_SIZE, type RegionKind } from '@kexec-kit/loader-api';
import { contains, min, normalize } from '@kexec-kit/memory';

const ONE_MIB = 0x100000n;
/** Where the BIOS's own memory begins, in KiB: the most that mem_lower can say (Multiboot 0.6.96, 3.3). */
const MOST_LOWER = 640n;
const MOST_UPPER = 0xffffffffn;

/** `type` of a region: 1, 3, 4, 5 are the specifications', all else means reserved there and is E820's own. */
export function typeOf(kind: RegionKind): number {
  return E820_TYPE[kind];
}

/**
 * `mem_lower` and `mem_upper`, in KiB: the RAM from 0 on, and from 1 MiB up to the first hole. Page 0, which firmware may
 * keep for itself, does not end the former. Ends are exclusive: 0x9fc00 is 639.
 *
 * @example
 * ```ts
 * basicMemory([{ ...range(0n, 0x9fc00n), kind: 'ram' }]); // { mem_lower: 639n, mem_upper: 0n }
 * ```
 */
export function basicMemory(told: Machine['told']): {
  readonly mem_lower: bigint;
  readonly mem_upper: bigint;
} {
  const ram = normalize(told.filter(({ kind }) => kind === 'ram'));
  const lower = ram.find(({ start }) => start <= PAGE_SIZE)?.end ?? 0n;
  const upper = ram.find(({ start, end }) => start <= ONE_MIB && end > ONE_MIB)?.end ?? ONE_MIB;
  return {
    mem_lower: min(lower >> 10n, MOST_LOWER),
    mem_upper: min((upper - ONE_MIB) >> 10n, MOST_UPPER),
  };
}

/** What a kernel is told of memory: the basic memory, and the map, in which a segment may be told of by itself. */
export interface Memory {
  readonly map: MapToTell;
  readonly mem_lower: bigint;
  readonly mem_upper: bigint;
  /** `mem_upper` where it ends at that segment, known once it is placed: that is 0 till then. */
  readonly upper: Expr | undefined;
}

/**
 * What is told of a machine's memory, with a hole for a segment if there is one.
 *
 * @example
 * ```ts
 * memoryOf([{ ...range(0x100000n, 0x200000n), kind: 'ram' }]).mem_upper; // 1024n
 * ```
 */
export function memoryOf(told: Machine['told'], hole?: MapHole): Memory {
  const map = mapToTell(told, hole);
  const basic = basicMemory(told);
  const upper = { start: ONE_MIB, end: ONE_MIB + (basic.mem_upper << 10n) };
  if (hole === undefined || !contains([upper], hole.within)) return { map, ...basic, upper: undefined };
  return {
    map,
    ...basic,
    mem_upper: 0n,
    upper: { ...addressOf(hole.segment), constant: -ONE_MIB, shift: 10 },
  };
}
