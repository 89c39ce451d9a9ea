/** The byte that makes the sum of `bytes` and itself 0 modulo 256 (ACPI 6.5, 5.2.6). */
export function sum8(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(-bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0));
}

/** The one's complement of the one's complement sum of 16-bit big-endian words, an odd byte padded with zero (RFC 1071, 1). */
export function internet16(bytes: Uint8Array): Uint8Array {
  const sum = bytes.reduce((total, byte, i) => fold(total + (i % 2 === 0 ? byte << 8 : byte)), 0);
  return Uint8Array.of(~sum >> 8, ~sum);
}

/** The carry comes round. */
function fold(sum: number): number {
  return (sum & 0xffff) + (sum >>> 16);
}
