import { type Address, type Placement, range } from '@kexec-kit/loader-api';

/** Below lie the BIOS, its data, and what the kernel's own start-up borrows for real-mode code. */
export const LOWEST: Address = 0x100000n;

/** From the top, at 1 MiB or above. */
export function anywhereBelow(end: Address, align: bigint): Placement {
  return { within: range(LOWEST, end), align, from: 'top' };
}
