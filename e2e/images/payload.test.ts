import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { detectCompression } from '@kexec-kit/decompress';
import { extractPieces, findPacked, type Extracted, type Packed } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import { SetupHeader } from '@kexec-kit/linux-boot';
import { unwrap, type Diagnostic, type Result } from '@kexec-kit/loader-api';
import { loader } from '@kexec-kit/loader-bzimage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { image } from '../../tools/images.mjs';
import { packed, payloadPlace, WAYS, withPayload } from './payload-image.js';
import { vmlinux } from './vmlinux.js';

/** More than one block of lz4 (8 MiB); the whole takes lzma minutes to compress. */
const CONTENT_SIZE = 9 << 20;
/** Many blocks of each other format. */
const OTHER_SIZE = 3 << 20;
/** From where a vmlinux has code, and enough of it for what is tried many times; in bytes. */
const SMALL = { start: 2 << 20, size: 200_000 };

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function find(name: string, bytes: Uint8Array): Result<Packed> {
  const source = { id: 'image', name, size: bytes.length, sha256: sha256(bytes), bytes };
  return findPacked(source, [loader]);
}

/** All that comes out of an image, and how it ended. */
function extract(bytes: Uint8Array): { content: Uint8Array; end: Result<Extracted>; largest: number } {
  const found = find('vmlinuz', bytes);
  if (!found.ok) return { content: new Uint8Array(0), end: found, largest: 0 };
  const pieces: Uint8Array[] = [];
  const generator = extractPieces(found.value, { engines: nodeEngines });
  let next = generator.next();
  for (; next.done !== true; next = generator.next()) pieces.push(next.value);
  const largest = Math.max(0, ...pieces.map(({ length }) => length));
  return { content: Buffer.concat(pieces), end: next.value, largest };
}

function refusal(bytes: Uint8Array): Diagnostic | undefined {
  const { end } = extract(bytes);
  return end.ok ? undefined : end.diagnostics[0];
}

describe.each([
  { name: 'linux-6.12-cloud', compression: 'zstd', command: ['zstd', '-dcq'] },
  { name: 'linux-6.1', compression: 'xz', command: ['xz', '-dc'] },
])('$name', ({ name, compression, command: [program = '', ...args] }) => {
  test('holds what the real tool extracts, an ELF file', { timeout: 120_000 }, async () => {
    const kernel = readFileSync((await image(name)).path);
    const { offset, length } = payloadPlace(kernel);
    // Without the size that Linux appends, which the tool would complain of.
    const input = kernel.subarray(offset, offset + length - 4);
    const expected = execFileSync(program, args, { input, maxBuffer: 1 << 28 });
    const { content, end, largest } = extract(kernel);
    expect(find(name, kernel)).toMatchObject({ ok: true, value: { compression } });
    expect(end).toMatchObject({
      ok: true,
      value: { size: expected.length, sha256: sha256(expected), looksLike: 'an ELF program' },
      diagnostics: [],
    });
    expect(sha256(content)).toBe(sha256(expected));
    expect(largest).toBeLessThanOrEqual(1 << 18);
  });
});

describe('a real kernel, packed again', () => {
  const speeds: string[] = [];
  let kernel: Uint8Array;
  let content: Uint8Array;
  let small: Uint8Array;

  beforeAll(async () => {
    kernel = readFileSync((await image('linux-6.12-cloud')).path);
    content = readFileSync(await vmlinux('linux-6.12-cloud')).subarray(0, CONTENT_SIZE);
    small = content.subarray(SMALL.start, SMALL.start + SMALL.size);
  });
  afterAll(() => {
    process.stdout.write(`extracting some MiB of vmlinux: ${speeds.join(', ')}\n`);
  });

  describe.each(WAYS)('with $compression', { timeout: 120_000 }, (way) => {
    test('is extracted right', () => {
      const whole = content.subarray(0, way.compression === 'lz4' ? CONTENT_SIZE : OTHER_SIZE);
      const bytes = withPayload(kernel, packed(way, whole));
      expect(unwrap(find('vmlinuz', bytes)).compression).toBe(way.compression);
      const start = process.cpuUsage();
      const { content: found, end } = extract(bytes);
      const { user } = process.cpuUsage(start);
      speeds.push(`${way.compression} ${(whole.length / user).toFixed(0)} MB/s`);
      expect(end).toMatchObject({ ok: true, value: { size: whole.length, sha256: sha256(whole) } });
      expect(sha256(found)).toBe(sha256(whole));
    });

    test('is refused, with the place in the file, where the header says that it ends earlier', () => {
      const image = withPayload(kernel, packed(way, small));
      const { offset, length } = payloadPlace(image);
      for (const cut of [1, 5, length >> 1, length - 40]) {
        const bytes = Buffer.from(image);
        bytes.writeUInt32LE(length - cut, SetupHeader.at.payload_length.offset);
        const found = refusal(bytes);
        expect([
          'DECOMPRESS_TRUNCATED',
          'DECOMPRESS_CORRUPT',
          'DECOMPRESS_TRAILING',
          'EXTRACT_SIZE',
        ]).toContain(found?.code);
        expect(found?.at?.offset).toBeGreaterThanOrEqual(offset);
        expect(found?.at?.offset).toBeLessThanOrEqual(offset + length);
      }
    });

    test('is refused where it is of another size than it says', () => {
      const bytes = withPayload(kernel, packed(way, small));
      const { offset, length } = payloadPlace(bytes);
      const end = offset + length;
      for (const size of [small.length - 1, small.length + 1, 100]) {
        bytes.writeUInt32LE(size, end - 4);
        expect(refusal(bytes)?.code).toBe(way.appendsSize ? 'EXTRACT_SIZE' : 'DECOMPRESS_CORRUPT');
      }
    });
  });

  test('of a small content is never taken for another, with a bit flipped anywhere, where it has a checksum', () => {
    const tiny = small.subarray(0, 2000);
    for (const way of WAYS.filter(({ compression }) => !['lzma', 'lz4', 'zstd'].includes(compression))) {
      const bytes = withPayload(kernel, packed(way, tiny));
      const { offset, length } = payloadPlace(bytes);
      for (let bit = 0; bit < length * 8; bit += 29) {
        bytes[offset + (bit >> 3)]! ^= 1 << (bit & 7);
        const { content: found, end } = extract(bytes);
        if (end.ok) expect(sha256(found), `${way.compression}, bit ${bit}`).toBe(sha256(tiny));
        bytes[offset + (bit >> 3)]! ^= 1 << (bit & 7);
      }
    }
  });

  test('cut between the blocks of lz4, which has no end mark, is found by the size', () => {
    const way = WAYS.find(({ compression }) => compression === 'lz4')!;
    const whole = packed(way, content);
    const firstBlock = 4 + 4 + whole.readUInt32LE(4);
    const cut = Buffer.concat([whole.subarray(0, firstBlock), whole.subarray(-4)]);
    expect(refusal(withPayload(kernel, cut))).toMatchObject({
      code: 'EXTRACT_SIZE',
      found: `${8 << 20} bytes`,
      expected: `${content.length} bytes`,
    });
  });

  test('may hold something else than an ELF file, which is worth a warning', () => {
    const text = Buffer.from('no kernel at all\n'.repeat(99));
    const { end } = extract(withPayload(kernel, packed(WAYS[0]!, text)));
    expect(end).toMatchObject({
      ok: true,
      value: { size: text.length, looksLike: 'text' },
      diagnostics: [{ code: 'EXTRACT_NOT_ELF', severity: 'warning', found: 'text' }],
    });
  });

  test('that is not compressed in a known way is refused', () => {
    expect(refusal(withPayload(kernel, Buffer.from('no known magic at all')))?.code).toBe(
      'DECOMPRESS_UNKNOWN',
    );
    expect(detectCompression(Buffer.from('no known magic'))).toBeUndefined();
  });

  test('that would lie outside of the file, or has no place, is refused by the loader', () => {
    const outside = Buffer.from(kernel);
    outside.writeUInt32LE(0xffff_fff0, SetupHeader.at.payload_offset.offset);
    expect(refusal(outside)?.code).toBe('BZIMAGE_PAYLOAD_OUTSIDE');
    const none = Buffer.from(kernel);
    none.writeUInt32LE(0, SetupHeader.at.payload_length.offset);
    expect(refusal(none)?.code).toBe('BZIMAGE_NO_PAYLOAD');
  });
});
