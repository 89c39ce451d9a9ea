import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutOf, segmentTable } from '../src/layout.js';

const buffer = new Uint8Array(5);
const at = (address: bigint) => () => address;

describe('struct kexec_segment', () => {
  it('is four 64-bit words for a 64-bit program', () => {
    const table = segmentTable(
      layoutOf('x64'),
      [
        { buffer, address: 0xffff_ffff_8100_0000n, memorySize: 0x2000n },
        { buffer: new Uint8Array(0), address: 0x1000n, memorySize: 0x1000n },
      ],
      at(0x7f12_3456_789an),
    );
    const words = Array.from({ length: 8 }, (_, n) => new DataView(table.buffer).getBigUint64(8 * n, true));
    expect(words).toEqual([0x7f12_3456_789an, 5n, 0xffff_ffff_8100_0000n, 0x2000n, 0n, 0n, 0x1000n, 0x1000n]);
  });

  it('is four 32-bit words for a 32-bit program', () => {
    const table = segmentTable(
      layoutOf('ia32'),
      [{ buffer, address: 0xc000_0000n, memorySize: 0x3000n }],
      at(0xb712_3456n),
    );
    expect(table).toHaveLength(16);
    const words = Array.from({ length: 4 }, (_, n) => new DataView(table.buffer).getUint32(4 * n, true));
    expect(words).toEqual([0xb712_3456, 5, 0xc000_0000, 0x3000]);
  });

  it('never holds a value that was cut off', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('x64', 'ia32'),
        fc.bigInt(-1n, 1n << 65n),
        fc.constantFrom('address', 'memorySize'),
        (arch, value, field) => {
          const layout = layoutOf(arch);
          const fits = value >= 0n && value < 1n << BigInt(8 * layout.pointerSize);
          const segment = { buffer, address: 0n, memorySize: 0n, [field]: value };
          const make = () => segmentTable(layout, [segment], at(0n));
          if (!fits) {
            expect(make).toThrow(RangeError);
            return;
          }
          const view = new DataView(make().buffer);
          const offset = (field === 'address' ? 2 : 3) * layout.pointerSize;
          const read =
            layout.pointerSize === 8 ? view.getBigUint64(offset, true) : BigInt(view.getUint32(offset, true));
          expect(read).toBe(value);
        },
      ),
    );
  });
});

it('what is not x86 has no layout', () => {
  expect(() => layoutOf('arm64')).toThrow(RangeError);
});

it('a 32-bit program has no kexec_file_load', () => {
  expect(layoutOf('ia32').kexecFileLoad).toBeUndefined();
});
