/**
 * A physical address, in bytes. Always bigint: 0xffffffff81000123 does not survive a double.
 */
export type Address = bigint;

/** A half-open range of physical addresses, `[start, end)`. Made by {@link range}, which refuses `end < start`. */
export interface Range {
  readonly start: Address;
  readonly end: Address;
}

/** The page size of every architecture that kexec-kit knows, in bytes. */
export const PAGE_SIZE = 4096n;

/**
 * Makes a half-open range.
 *
 * @throws RangeError when `end < start` or `start` is negative: a range that lies is a bug, never an input error.
 * @example
 * ```ts
 * range(0x1000n, 0x2000n); // { start: 0x1000n, end: 0x2000n }
 * ```
 */
export function range(start: Address, end: Address): Range {
  if (start < 0n || end < start) throw new RangeError(`not a range: [${hex(start)}, ${hex(end)})`);
  return { start, end };
}

/** How many bytes a range holds. */
export function sizeOf(of: Range): bigint {
  return of.end - of.start;
}

/**
 * Writes an address the way this project prints addresses: lower-case, `0x`, no padding.
 *
 * @example
 * ```ts
 * hex(0xffffffff81000123n); // '0xffffffff81000123'
 * ```
 */
export function hex(value: bigint | number): string {
  return value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

/**
 * The one checked conversion from an address or a 64-bit size to an index into a buffer.
 *
 * @throws RangeError when the value is not within `0..limit` (by default the largest safe integer).
 * @example
 * ```ts
 * toIndex(0x10n); // 16
 * ```
 */
export function toIndex(value: bigint, limit: number = Number.MAX_SAFE_INTEGER): number {
  if (value < 0n || value > BigInt(limit))
    throw new RangeError(`${hex(value)} is not within 0..${hex(limit)}`);
  return Number(value);
}
