import { tmpdir } from 'node:os';
import type { FileHandle } from 'node:fs/promises';
import type { PlacedSegment, ReadSource } from '@kexec-kit/loader-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openNameless } from '../src/files.js';
import type { Guest } from '../src/index.js';
import { ramBlocks } from '../src/guest.js';
import { offsetOf, RAM_PATTERN, writeRam, writeSegments } from '../src/ram.js';

const MIB = 1 << 20;
const noSource: ReadSource = () => Promise.reject(new Error('not there'));

let file: FileHandle;
beforeEach(async () => {
  file = await openNameless(tmpdir());
});
afterEach(() => file.close());

async function fill(guest: Guest, segments: readonly PlacedSegment[], read = noSource): Promise<void> {
  await writeRam(file, guest, segments);
  await writeSegments(file, segments, read, ({ start }) => offsetOf(ramBlocks(guest), start));
}

async function bytesAt(position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  expect(bytesRead).toBe(length);
  return buffer;
}

const small: Guest = { memory: 4n << 20n, model: 'q35' };
const large: Guest = { memory: 6n << 30n, model: 'microvm' };
const pattern = (length: number) => Buffer.alloc(length, RAM_PATTERN);
const placed = (
  start: number | bigint,
  memorySize: bigint,
  ...parts: PlacedSegment['parts']
): PlacedSegment => ({
  ...{ start: BigInt(start), memorySize, parts, pieces: [] },
});

describe("a guest's RAM", () => {
  it('is the pattern wherever no segment is', async () => {
    await fill(small, [placed(MIB, 0x1000n)]);
    expect((await file.stat()).size).toBe(4 * MIB);
    expect((await bytesAt(0, MIB)).equals(pattern(MIB))).toBe(true);
    expect((await bytesAt(MIB + 0x1000, 3 * MIB - 0x1000)).equals(pattern(3 * MIB - 0x1000))).toBe(true);
  });

  it('holds the parts in order, and zeros to the end of the segment', async () => {
    const parts = [{ bytes: Buffer.from('one') }, { zeros: 2n }, { bytes: Buffer.from('two') }];
    await fill(small, [placed(MIB, 0x2000n, ...parts)]);
    const expected = Buffer.alloc(0x2000);
    expected.write('one\0\0two');
    expect((await bytesAt(MIB, 0x2000)).equals(expected)).toBe(true);
  });

  it('gets sources in pieces of at most 1 MiB, from the offset that was asked for', async () => {
    const source = Buffer.from(Array.from({ length: 2.5 * MIB }, (_, n) => (n * 7 + (n >> 8)) & 0xff));
    const sizes: number[] = [];
    const read: ReadSource = (id, offset, into) => {
      expect(id).toBe('initrd.0');
      sizes.push(into.length);
      into.set(source.subarray(offset, offset + into.length));
      return Promise.resolve();
    };
    const part = { source: 'initrd.0', offset: 5, length: source.length - 5 };
    await fill(small, [placed(MIB, 3n << 20n, part)], read);
    expect(sizes).toEqual([MIB, MIB, MIB / 2 - 5]);
    expect((await bytesAt(MIB, source.length - 5)).equals(source.subarray(5))).toBe(true);
    expect((await bytesAt(MIB + source.length - 5, 16)).equals(Buffer.alloc(16))).toBe(true);
  });

  it('has new random bytes in every fresh part', async () => {
    const segments = [placed(MIB, 0x1000n, { fresh: 32 }, { fresh: 32 })];
    await fill(small, segments);
    const bytes = await bytesAt(MIB, 64);
    for (const other of [Buffer.alloc(32), pattern(32), bytes.subarray(32)]) {
      expect(bytes.subarray(0, 32).equals(other)).toBe(false);
    }
    expect((await bytesAt(MIB + 64, 0x1000 - 64)).equals(Buffer.alloc(0x1000 - 64))).toBe(true);
  });

  it('above 4 GiB follows the RAM below it in the file, with the pattern around segments only', async () => {
    const start = (4n << 30n) + (512n << 20n);
    const at = 3.5 * 1024 * MIB;
    const segments = [placed(start, 0x1000n, { bytes: Buffer.from('high') })];
    await fill(large, segments);
    expect((await bytesAt(at, 4)).toString()).toBe('high');
    expect((await bytesAt(at - 2 * MIB, 2 * MIB)).equals(pattern(2 * MIB))).toBe(true);
    expect((await bytesAt(at + 0x1000, 2 * MIB)).equals(pattern(2 * MIB))).toBe(true);
    expect((await bytesAt(255 * MIB, MIB)).equals(pattern(MIB))).toBe(true);
    expect((await bytesAt(2048 * MIB, 16)).equals(Buffer.alloc(16))).toBe(true);
    expect((await file.stat()).blocks * 512).toBeLessThan(300 * MIB);
  });

  it('names the source that cannot be read', async () => {
    const segments = [placed(MIB, 0x1000n, { source: 'image', offset: 0, length: 1 })];
    await expect(fill(small, segments)).rejects.toMatchObject({
      failure: { ok: false, diagnostics: [{ code: 'QEMU_SOURCE', at: { source: 'image' } }] },
    });
  });
});
