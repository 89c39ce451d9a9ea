/** What Kaitai's generated code calls on the class of its stream, beside reading. */
import { decodeText } from './text.js';

/** UTF-8, or one character per byte. */
export function bytesToStr(bytes: Uint8Array, encoding: string): string {
  if (encoding.toLowerCase() === 'utf-8') return decodeText(bytes);
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

/** What stands before the first terminator, or all. */
export function bytesTerminate(bytes: Uint8Array, terminator: number, include: boolean): Uint8Array {
  const end = bytes.indexOf(terminator);
  return end < 0 ? bytes : bytes.subarray(0, include ? end + 1 : end);
}

/** Without the padding at the end. */
export function bytesStripRight(bytes: Uint8Array, padding: number): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === padding) end -= 1;
  return bytes.subarray(0, end);
}

/** Below, at or above 0, as sorting wants it: by the first difference, else by length. */
export function byteArrayCompare(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, i) => byte !== other[i]);
  return at < 0 || at >= other.length
    ? one.length - other.length
    : (one[at] as number) - (other[at] as number);
}

/** The remainder that has the divisor's sign; JavaScript's own has the dividend's. */
export function mod(dividend: number, divisor: number): number {
  return ((dividend % divisor) + divisor) % divisor;
}
