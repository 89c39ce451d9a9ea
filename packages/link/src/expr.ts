import type { Expr } from '@kexec-kit/loader-api';
import type { Places } from './place.js';

const HALF = 0xffffffffn;

/**
 * The value of an expression once everything has a place; undefined when it is negative or beyond 64 bits.
 * The halves are taken last: they are asked for, so they truncate nothing.
 */
export function evaluate({ terms, constant, shift = 0, part }: Expr, places: Places): bigint | undefined {
  const sum = terms.reduce((total, { sign, segment, at, offset }) => {
    const address = (places.get(segment)?.[at] ?? 0n) + offset;
    return sign === 1 ? total + address : total - address;
  }, constant);
  const value = sum >> BigInt(shift);
  if (sum < 0n || value >> 64n !== 0n) return undefined;
  if (part === 'low32') return value & HALF;
  return part === 'high32' ? value >> 32n : value;
}

/** The least significant byte first; undefined when the value does not fit. */
export function littleEndian(value: bigint, width: number): Uint8Array | undefined {
  if (value >> BigInt(8 * width) !== 0n) return undefined;
  const wide = new DataView(new ArrayBuffer(8));
  wide.setBigUint64(0, value, true);
  return new Uint8Array(wide.buffer, 0, width);
}
