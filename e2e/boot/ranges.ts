import { range, toIndex, type Region } from '@kexec-kit/loader-api';

const MIB = 1n << 20n;

/** A firmware map of 300 ranges within a guest of 128 MiB: low memory, 64 MiB in one piece, then slices of 64 KiB, each with a page that is not RAM. */
export const manyRanges: readonly Region[] = [
  { ...range(0n, 0x9fc00n), kind: 'ram' },
  { ...range(0x9fc00n, 0xa0000n), kind: 'reserved' },
  { ...range(MIB, 64n * MIB), kind: 'ram' },
  ...Array.from({ length: 148 }, (_, index) => 64n * MIB + BigInt(index) * 0x10000n).flatMap(
    (start): Region[] => [
      { ...range(start, start + 0x1000n), kind: kindAt(start) },
      { ...range(start + 0x1000n, start + 0x10000n), kind: 'ram' },
    ],
  ),
  { ...range(64n * MIB + 148n * 0x10000n, 64n * MIB + 149n * 0x10000n), kind: 'reserved' },
];

/** The kinds that are not RAM, in turn. */
function kindAt(start: bigint): Region['kind'] {
  const kinds = ['reserved', 'acpi', 'nvs', 'unusable'] as const;
  return kinds[toIndex((start >> 16n) % 4n)] ?? 'reserved';
}
