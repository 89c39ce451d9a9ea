import type { PlacedSegment } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { buildDescriptors, copiesOf, keyOf } from '../src/fw-cfg.js';

const KEY = 0x2a;
const placed = (start: bigint, memorySize: bigint, ...parts: PlacedSegment['parts']): PlacedSegment => ({
  ...{ start, memorySize, parts, pieces: [] },
});

describe('the copies behind SeaBIOS', () => {
  it('take the contents one after the other, and zeros behind each', () => {
    const segments = [
      placed(0x8000n, 0x1000n, { bytes: new Uint8Array(3) }, { zeros: 5n }),
      placed(5n << 30n, 0x2000n, { source: 'image', offset: 7, length: 0x2000 }),
    ];
    expect(copiesOf(segments, KEY)).toEqual([
      { key: KEY, length: 0n },
      { key: KEY, goOn: true, to: 0x8000n, length: 8n },
      { key: 0x3fff, to: 0x8008n, length: 0xff8n },
      { key: KEY, length: 8n },
      { key: KEY, goOn: true, to: 5n << 30n, length: 0x2000n },
    ]);
  });

  it('are cut where a length would not fit into 32 bits', () => {
    const [, , ...zeros] = copiesOf([placed(8n << 30n, 5n << 30n, { fresh: 0x1000 })], KEY);
    expect(zeros.map(({ to }) => to)).toEqual([(8n << 30n) + 0x1000n, 12n << 30n]);
    expect(zeros.reduce((sum, { length }) => sum + length, 0x1000n)).toBe(5n << 30n);
  });

  it('fit into one page for the most segments, however much of 512 GiB they take', () => {
    const each = (512n << 30n) / 16n;
    const segments = Array.from({ length: 16 }, (_, n) => placed(BigInt(n) * each, each, { fresh: 1 }));
    expect(buildDescriptors(copiesOf(segments, KEY)).length).toBeLessThanOrEqual(4096);
  });

  it('are big-endian: control, length, address', () => {
    const [select, copy, zero] = [
      { key: KEY, length: 8n },
      { key: KEY, goOn: true, to: 0x1_2345_6000n, length: 0x1000n },
      { key: 0x3fff, to: 0x8000n, length: 1n },
    ];
    expect(
      Buffer.from(buildDescriptors([select, copy, zero]))
        .toString('hex')
        .match(/.{32}/g),
    ).toEqual([
      '002a000c' + '00000008' + '0000000000000000', // select, skip
      '00000002' + '00001000' + '0000000123456000', // read on
      '3fff000a' + '00000001' + '0000000000008000', // select, read
    ]);
  });
});

describe('the directory', () => {
  const entry = (size: number, key: number, name: string) => {
    const bytes = Buffer.alloc(64);
    bytes.writeUInt32BE(size, 0);
    bytes.writeUInt16BE(key, 4);
    bytes.write(name, 8);
    return bytes;
  };
  const directory = Buffer.concat([
    ...[Buffer.of(0, 0, 0, 2), entry(1, 0x20, 'etc/e820'), entry(9, 0x2b, 'opt/a'), Buffer.alloc(30)],
  ]);

  it('gives the key of a file by its whole name', () => {
    expect(keyOf(directory, 'opt/a')).toBe(0x2b);
    expect(keyOf(directory, 'etc/e820')).toBe(0x20);
    expect(keyOf(directory, 'etc/e')).toBeUndefined();
    expect(keyOf(new Uint8Array(0), 'opt/a')).toBeUndefined();
  });
});
