import { toIndex } from '@kexec-kit/loader-api';

/** A running checksum. */
export interface Check {
  update(bytes: Uint8Array): void;
  /** As it stands in the file. */
  digest(): Uint8Array;
}

const CRC32_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});

/** CRC-32 of IEEE 802.3, as gzip and xz use it. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC32_TABLE[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

/** CRC-64 of ECMA-182, reversed polynomial; low and high halves, interleaved. */
const CRC64_TABLE = Uint32Array.from({ length: 512 }, (_, index) => {
  let crc = BigInt(index >> 1);
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >> 1n) ^ (crc & 1n ? 0xc96c5795d7870f42n : 0n);
  return toIndex(index % 2 === 0 ? crc & 0xffffffffn : crc >> 32n);
});

const CRC32_TABLE_HIGH = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});

/** The same polynomial with the highest bit first, as bzip2 uses it. */
export function crc32High(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (const byte of bytes) crc = (crc << 8) ^ (CRC32_TABLE_HIGH[(crc >>> 24) ^ byte] ?? 0);
  return ~crc >>> 0;
}

/** RFC 1950, 8.2; so many bytes can be summed up before a sum outgrows 32 bits. */
const ADLER_MODULUS = 65521;
const ADLER_STRETCH = 5552;

/** Adler-32 (RFC 1950, 2.2), as lzop uses it. */
export function adler32(bytes: Uint8Array, before = 1): number {
  let low = before & 0xffff;
  let high = before >>> 16;
  for (let start = 0; start < bytes.length; start += ADLER_STRETCH) {
    const end = Math.min(start + ADLER_STRETCH, bytes.length);
    for (let at = start; at < end; at += 1) {
      low += bytes[at] ?? 0;
      high += low;
    }
    low %= ADLER_MODULUS;
    high %= ADLER_MODULUS;
  }
  return ((high << 16) | low) >>> 0;
}

export function crc32Check(): Check {
  let crc = 0;
  return {
    update: (bytes) => void (crc = crc32(bytes, crc)),
    digest: () => littleEndian([crc]),
  };
}

export function crc64Check(): Check {
  let low = 0xffffffff;
  let high = 0xffffffff;
  return {
    update: (bytes) => {
      for (const byte of bytes) {
        const entry = ((low ^ byte) & 0xff) * 2;
        low = ((low >>> 8) | (high << 24)) ^ (CRC64_TABLE[entry] ?? 0);
        high = (high >>> 8) ^ (CRC64_TABLE[entry + 1] ?? 0);
      }
    },
    digest: () => littleEndian([~low, ~high]),
  };
}

/** 32-bit words as bytes, the lowest first. */
export function littleEndian(words: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: words.length * 4 }, (_, at) => (words[at >> 2] ?? 0) >>> ((at & 3) * 8));
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
