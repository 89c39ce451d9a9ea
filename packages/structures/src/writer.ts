import { hex } from '@kexec-kit/loader-api';

/** Where a value goes: a byte offset, or a field of a generated reader's table, whose size must then be that of the value. */
export type Spot = number | { readonly name: string; readonly offset: number; readonly size: number };

/** Builds one little-endian structure of a fixed size. Every call returns the builder. */
export interface StructureBuilder {
  /** The structure, live: later writes show in it. What was never written is zero. */
  readonly value: Uint8Array;
  /** Each throws RangeError when the value does not fit its width, is negative or not an integer, or when the place is not wholly inside. */
  u8(at: Spot, value: number): StructureBuilder;
  u16(at: Spot, value: number): StructureBuilder;
  u32(at: Spot, value: number | bigint): StructureBuilder;
  u64(at: Spot, value: bigint): StructureBuilder;
  /** Copies; into a named field at most its size, what is left of the field stays as it is. */
  bytes(at: Spot, value: Uint8Array): StructureBuilder;
  zeros(at: Spot, length: number): StructureBuilder;
}

/**
 * A builder for a little-endian structure of `size` bytes, zero at first.
 * A value that does not fit is a RangeError (a bug of the caller), never a truncation.
 *
 * @example
 * ```ts
 * writer(8).u32(0, 0x53726448).u16(4, 0x20f).value; // Uint8Array.of(0x48, 0x64, 0x72, 0x53, 0x0f, 0x02, 0, 0)
 * ```
 */
export function writer(size: number): StructureBuilder {
  const value = new Uint8Array(size);
  const wide = new Uint8Array(8);

  const integer = (bytes: 1 | 2 | 4 | 8, at: Spot, number: number | bigint) => {
    const offset = place(at, bytes, size, 'exact');
    new DataView(wide.buffer).setBigUint64(0, checked(number, bytes, at), true);
    value.set(wide.subarray(0, bytes), offset);
    return builder;
  };

  const builder: StructureBuilder = {
    value,
    u8: (at, number) => integer(1, at, number),
    u16: (at, number) => integer(2, at, number),
    u32: (at, number) => integer(4, at, number),
    u64: (at, number) => integer(8, at, number),
    bytes: (at, content) => {
      value.set(content, place(at, content.length, size, 'at most'));
      return builder;
    },
    zeros: (at, length) => {
      const offset = place(at, length, size, 'at most');
      value.fill(0, offset, offset + length);
      return builder;
    },
  };
  return builder;
}

function checked(value: number | bigint, bytes: number, at: Spot): bigint {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new RangeError(`${label(at)}: ${String(value)} is not an integer that a number can hold`);
  }
  const wide = BigInt(value);
  if (wide < 0n || wide >> BigInt(8 * bytes) !== 0n) {
    throw new RangeError(
      `${label(at)}: ${hex(wide)} does not fit an unsigned field of ${String(bytes)} bytes`,
    );
  }
  return wide;
}

function place(at: Spot, length: number, size: number, fit: 'exact' | 'at most'): number {
  const offset = typeof at === 'number' ? at : at.offset;
  const inside = [offset, length].every((n) => Number.isSafeInteger(n) && n >= 0) && offset + length <= size;
  if (!inside) {
    throw new RangeError(
      `${label(at)}: ${String(length)} bytes do not fit a structure of ${String(size)} bytes`,
    );
  }
  const fits = typeof at === 'number' || (fit === 'exact' ? at.size === length : at.size >= length);
  if (!fits)
    throw new RangeError(`${label(at)}: ${String(length)} bytes written to a field of ${String(at.size)}`);
  return offset;
}

function label(at: Spot): string {
  return typeof at === 'number' ? `offset ${hex(at)}` : `${at.name} at ${hex(at.offset)}`;
}
