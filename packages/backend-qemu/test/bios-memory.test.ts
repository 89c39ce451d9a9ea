import { range } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { findRsdp, firmwareIn, LOW_MEMORY, memoryMapIn } from '../src/bios-memory.js';

/** Twenty bytes that are an RSDP by signature and checksum. */
function rsdp(): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.write('RSD PTR ');
  bytes[8] = -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return bytes;
}

function memoryWith(...contents: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  const memory = new Uint8Array(LOW_MEMORY);
  for (const [at, bytes] of contents) memory.set(bytes, at);
  return memory;
}

function mapOf(...regions: readonly (readonly [bigint, bigint, number])[]): Uint8Array {
  const bytes = Buffer.alloc(8 + 24 * regions.length);
  bytes.writeUInt32LE(regions.length);
  regions.forEach(([start, size, type], n) => {
    bytes.writeBigUInt64LE(start, 8 + 24 * n);
    bytes.writeBigUInt64LE(size, 16 + 24 * n);
    bytes.writeUInt32LE(type, 24 + 24 * n);
  });
  return bytes;
}

describe('the memory map', () => {
  it('is read in order, by its types, without what is empty', () => {
    const map = mapOf(
      [1n << 20n, 1n << 20n, 1],
      [0n, 0x9fc00n, 1],
      [5n, 0n, 1],
      [0xfed1c000n, 0x4000n, 3],
      [1n << 40n, 8n, 99],
    );
    expect(memoryMapIn(memoryWith([0x8000, map]))).toEqual([
      { ...range(0n, 0x9fc00n), kind: 'ram' },
      { ...range(1n << 20n, 2n << 20n), kind: 'ram' },
      { ...range(0xfed1c000n, 0xfed20000n), kind: 'acpi' },
      { ...range(1n << 40n, (1n << 40n) + 8n), kind: 'reserved' },
    ]);
  });

  it('that claims more entries than there is room for is read as far as there is', () => {
    expect(memoryMapIn(memoryWith([0x8000, Buffer.alloc(4, 0xff)]))).toEqual([]);
  });
});

describe('the RSDP', () => {
  it.each([0xe0000, 0xf59e0, 0xfffe0])('is found at 0x%x', (at) => {
    expect(findRsdp(memoryWith([at, rsdp()]))).toBe(BigInt(at));
  });

  it('is found in the EBDA, which comes first', () => {
    const memory = memoryWith([0x40e, Uint8Array.of(0xc0, 0x9f)], [0x9fc10, rsdp()], [0xf0000, rsdp()]);
    expect(findRsdp(memory)).toBe(0x9fc10n);
  });

  it('is none where it is not aligned, not in these places, or does not add up', () => {
    const wrong = rsdp();
    wrong[9] = 1;
    expect(findRsdp(memoryWith([0xf0008, rsdp()], [0x80000, rsdp()], [0xe0000, wrong]))).toBeUndefined();
    expect(firmwareIn(memoryWith())).not.toHaveProperty('acpiRsdp');
  });
});

it('the screen is what the BIOS data area says of it', () => {
  const memory = memoryWith(
    ...([
      [0x449, Uint8Array.of(3, 80)],
      [0x450, Uint8Array.of(7, 5)],
      [0x484, Uint8Array.of(24, 16, 0)],
    ] as const),
  );
  const info = firmwareIn(memory).screen?.screenInfo ?? '';
  expect(info).toBe(`0705000000000350000003000000190110${'00'.repeat(47)}`);
});
