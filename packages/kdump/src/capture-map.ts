import type { Machine, Range, Region, RegionKind } from '@kexec-kit/loader-api';
import { intersect } from '@kexec-kit/memory';
import { LOW_MEMORY } from './dumped.js';

/**
 * The memory map for a capture kernel: RAM is what is reserved for it and the first MiB, all else that the firmware told of
 * stays what it was. The memory of the kernel that crashed is not told of: nobody shall write there.
 * Memory that a driver would take into use by itself (`soft-reserved`) is told as reserved.
 *
 * @example
 * ```ts no-run
 * captureMap(machine).filter(({ kind }) => kind === 'ram');
 * // [{ start: 0n, end: 0x9fc00n, kind: 'ram' }, { start: 0x2f000000n, end: 0x3f000000n, kind: 'ram' }]
 * ```
 */
export function captureMap({ told, crashKernel }: Pick<Machine, 'told' | 'crashKernel'>): Region[] {
  const low = intersect(
    told.filter(({ kind }) => kind === 'ram'),
    [LOW_MEMORY],
  );
  const others = told.filter(({ kind }) => kind !== 'ram').map(asTold);
  return [...low.map(ram), ...crashKernel.map(ram), ...others].sort((a, b) => (a.start < b.start ? -1 : 1));
}

function ram({ start, end }: Range): Region {
  return { start, end, kind: 'ram' };
}

function asTold({ start, end, kind }: Region): Region {
  const told: RegionKind = kind === 'soft-reserved' ? 'reserved' : kind;
  return { start, end, kind: told };
}
