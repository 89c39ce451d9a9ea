import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompress, decompressCodes, decompressInto, detectCompression } from '@kexec-kit/decompress';
import type { Compression } from '@kexec-kit/decompress';
import type { Engines } from '@kexec-kit/loader-api';

const MIB = 1 << 20;
const engines: Engines = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
  },
};

/** Debian's own tools, as they are run on kernels. */
const TOOLS: readonly (readonly [name: string, compression: Compression, command: readonly string[]])[] = [
  ['gzip -1', 'gzip', ['gzip', '-1']],
  ['gzip -9', 'gzip', ['gzip', '-9']],
  ['zstd -1', 'zstd', ['zstd', '-q', '-1']],
  ['zstd -19', 'zstd', ['zstd', '-q', '-19']],
  ['zstd --ultra -22 without a checksum', 'zstd', ['zstd', '-q', '--ultra', '-22', '--no-check']],
  ['xz -6, CRC64', 'xz', ['xz', '-6']],
  [
    'xz, CRC32, x86 filter (as kernels are)',
    'xz',
    ['xz', '--check=crc32', '--x86', '--lzma2=preset=6,dict=1MiB'],
  ],
  ['xz, SHA-256', 'xz', ['xz', '-0', '--check=sha256']],
  ['xz, no check', 'xz', ['xz', '--check=none']],
  ['xz in blocks, sizes in their headers', 'xz', ['xz', '-T2', '--block-size=65536']],
  ['xz, unusual lc/lp/pb', 'xz', ['xz', '--lzma2=lc=1,lp=3,pb=4']],
  ['xz --format=lzma', 'lzma', ['xz', '--format=lzma']],
  ['bzip2 -9', 'bzip2', ['bzip2', '-9']],
  ['bzip2 -1', 'bzip2', ['bzip2', '-1']],
  ['lz4 -l -9 (as kernels are)', 'lz4', ['lz4', '-q', '-l', '-9']],
  ['lz4 -1, a frame', 'lz4', ['lz4', '-q', '-1']],
  ['lz4 -9 with every checksum, dependent blocks', 'lz4', ['lz4', '-q', '-9', '-B4', '-BD', '-BX']],
  ['lzop -9 (as kernels are)', 'lzo', ['lzop', '-9']],
  ['lzop -1 --crc32', 'lzo', ['lzop', '-1', '--crc32']],
  ['lzop without checksums', 'lzo', ['lzop', '-F']],
];

function run([program = '', ...args]: readonly string[], input: Uint8Array): Uint8Array {
  return new Uint8Array(execFileSync(program, [...args, '-c'], { input, maxBuffer: 256 * MIB }));
}

/** Every kind of content in one: code (for the x86 filter), text, noise, a long run, and a repeat from far back. */
function mixture(): Uint8Array {
  const noise = Uint8Array.from({ length: 100_000 }, (_, at) => Math.imul(at + 1, 2654435761) >>> 13);
  const text = Buffer.from('Loading Linux 6.12 ... Loading initial ramdisk ...\n'.repeat(800));
  const code = Uint8Array.from(
    { length: 200_000 },
    (_, at) => [0xe8, at >> 8, at >> 16, 0, at & 8 ? 0xff : 0, 0xe9, at, 0x90][at % 8] ?? 0,
  );
  return new Uint8Array(Buffer.concat([text, code, noise, Buffer.alloc(300_000), noise, code]));
}
const content = mixture();
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function codeOf(
  bytes: Uint8Array,
  limit = MIB,
  compression?: Compression,
): Promise<string | undefined> {
  const result = await decompress(bytes, { limit, engines, ...(compression && { compression }) });
  return result.ok ? undefined : result.diagnostics[0].code;
}

describe.each(TOOLS)('%s', (_, compression, command) => {
  const compressed = run(command, content);
  const small = run(command, content.subarray(0, 300));

  it('is detected and decompressed', async () => {
    expect(detectCompression(compressed)).toBe(compression);
    const result = await decompress(compressed, { limit: 2 * MIB, engines });
    expect(result.ok ? sha(result.value) : result.diagnostics).toBe(sha(content));
  });

  it('comes out in pieces, and takes chunks', async () => {
    const hash = createHash('sha256');
    let largest = 0;
    const size = decompressInto(compressed, { limit: 2 * MIB, engines }, (piece) => {
      largest = Math.max(largest, piece.length);
      hash.update(piece);
    });
    expect(size).toMatchObject({ ok: true, value: content.length });
    expect(hash.digest('hex')).toBe(sha(content));
    expect(largest).toBeLessThanOrEqual(1 << 18);
    const chunks = [compressed.subarray(0, 1), compressed.subarray(1, 5000), compressed.subarray(5000)];
    expect(await decompress(chunks, { limit: 2 * MIB, engines })).toMatchObject({ ok: true });
  });

  // A legacy lz4 frame is blocks and nothing else: only within one can be seen that more should come.
  const isEndless = command.includes('-l');

  it('is DECOMPRESS_TRUNCATED wherever it is cut', async () => {
    for (let length = 0; length < small.length; length += 1) {
      expect(await codeOf(small.subarray(0, length), MIB, compression), `cut to ${length} bytes`).toBe(
        isEndless && length === 4 ? undefined : 'DECOMPRESS_TRUNCATED',
      );
    }
  });

  it('is refused with a code, or gives something within the limit, whatever bit is flipped', async () => {
    const outcomes = new Set<string | undefined>();
    for (let bit = 0; bit < small.length * 8; bit += 1) {
      const flipped = small.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      outcomes.add(await codeOf(flipped, MIB, compression));
    }
    const known = new Set<string | undefined>([...Object.keys(decompressCodes), undefined]);
    expect([...outcomes].filter((code) => !known.has(code))).toEqual([]);
    expect(outcomes).toContain('DECOMPRESS_CORRUPT');
  });

  it('is taken exactly up to the limit, and one byte less is DECOMPRESS_TOO_LARGE', async () => {
    expect(await codeOf(compressed, content.length)).toBeUndefined();
    expect(await codeOf(compressed, content.length - 1)).toBe('DECOMPRESS_TOO_LARGE');
  });

  it('may be followed by zero padding and by nothing else', async () => {
    const followed = (...bytes: number[]): Uint8Array =>
      new Uint8Array(Buffer.concat([small, Buffer.from(bytes)]));
    expect(await codeOf(followed(0, 0, 0, 0, 0))).toBeUndefined();
    expect(await codeOf(followed(0, 0, 0, 0, 1))).toBe('DECOMPRESS_TRAILING');
    const beginsBlock = isEndless ? 'DECOMPRESS_TRUNCATED' : 'DECOMPRESS_TRAILING';
    expect(await codeOf(followed(0, 0, 1))).toBe(beginsBlock);
    expect(await codeOf(followed(0x78))).toBe(beginsBlock);
  });

  it('may be empty', async () => {
    const result = await decompress(run(command, new Uint8Array(0)), { limit: 0, engines, compression });
    expect(result).toMatchObject({ ok: true, value: new Uint8Array(0) });
  });
});

describe('bombs', () => {
  const zeros = new Uint8Array(64 * MIB);
  it.each([
    ['gzip', ['gzip', '-9']],
    ['zstd', ['zstd', '-q', '-3']],
    ['xz', ['xz', '-0']],
    ['lzma', ['xz', '--format=lzma', '-0']],
    ['bzip2', ['bzip2', '-9']],
    ['lz4, legacy', ['lz4', '-q', '-l']],
    ['lz4', ['lz4', '-q', '-B7']],
    ['lzo', ['lzop']],
  ] as const)('of %s are stopped just after the limit', (_, command) => {
    let seen = 0;
    const result = decompressInto(run(command, zeros), { limit: MIB }, ({ length }) => (seen += length));
    expect(result.ok ? undefined : result.diagnostics[0].code).toBe('DECOMPRESS_TOO_LARGE');
    expect(seen).toBeLessThanOrEqual(MIB);
  });

  it('that only claim a size allocate nothing for it', async () => {
    // zstd, single segment, Frame_Content_Size 2^63; an lzma file with a 4 GiB dictionary and no content to speak of
    const zstd = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x80, 1, 0, 0]);
    const lzma = Uint8Array.from([0x5d, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0]);
    expect(await codeOf(zstd)).toBe('DECOMPRESS_UNSUPPORTED');
    expect(await codeOf(lzma, MIB, 'lzma')).toBe('DECOMPRESS_TRUNCATED');
  });
});

describe('checksums', () => {
  it.each([
    ['gzip CRC32', ['gzip'], -8],
    ['gzip ISIZE', ['gzip'], -4],
    ['zstd Content_Checksum', ['zstd', '-q', '--check'], -1],
    ['bzip2, of all blocks', ['bzip2'], -2],
    ['bzip2, of a block', ['bzip2'], { from: 10 }],
    ['lz4, of the content', ['lz4', '-q'], -1],
    ['lz4, of a block', ['lz4', '-q', '-BX', '--no-frame-crc'], -5],
    ['lz4, of the header', ['lz4', '-q'], { from: 6 }],
    ['lzop, of the header', ['lzop'], { from: 34 }],
    ['lzop, Adler-32', ['lzop'], { from: 46 }],
    ['lzop, CRC-32', ['lzop', '--crc32'], { from: 46 }],
  ] as const)('%s is verified', async (_, command, at) => {
    const bytes = run(command, content);
    const index = typeof at === 'number' ? bytes.length + at : at.from;
    bytes[index] = (bytes[index] ?? 0) ^ 1;
    expect(await codeOf(bytes, 2 * MIB)).toBe('DECOMPRESS_CORRUPT');
  });

  it('of xz with SHA-256 needs an engine', async () => {
    const result = await decompress(run(['xz', '--check=sha256'], content), { limit: 2 * MIB });
    expect(result.diagnostics[0]).toMatchObject({ code: 'DECOMPRESS_UNSUPPORTED' });
  });
});

describe('streams that follow each other', () => {
  it.each([['gzip'], ['zstd', '-q'], ['xz'], ['bzip2'], ['lz4', '-q'], ['lz4', '-q', '-l'], ['lzop']])(
    'of %s %s %s are one',
    async (...command: readonly string[]) => {
      const part = run(command, content.subarray(0, 1000));
      const result = await decompress([part, part], { limit: MIB });
      expect(result.ok && sha(result.value)).toBe(
        sha(Buffer.concat([content.subarray(0, 1000), content.subarray(0, 1000)])),
      );
    },
  );

  it('may have zstd skippable frames between them', async () => {
    const part = run(['zstd', '-q'], content.subarray(0, 1000));
    const skippable = Uint8Array.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const result = await decompress([skippable, part, skippable, part], { limit: MIB, compression: 'zstd' });
    expect(result).toMatchObject({ ok: true, value: { length: 2000 } });
  });
});

describe('detectCompression', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    [
      'a bzImage (MZ)',
      Uint8Array.of(0x4d, 0x5a, 0xea, 7, 0, 0xc0, 7, 0x8c, 0xc8, 0x8e, 0xd8, 0, 0, 0, 0, 0, 0, 0),
    ],
    ['an ELF file', Uint8Array.from(Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01'), Buffer.alloc(64)]))],
    ['zeros', new Uint8Array(64)],
    ['0x5d and text', new Uint8Array(Buffer.from(']\0\0 not lzma at all, just text'))],
  ])('does not take %s for compressed data', (_, bytes) => {
    expect(detectCompression(bytes)).toBeUndefined();
  });

  it('is needed: what is not compressed is DECOMPRESS_UNKNOWN', async () => {
    expect(await codeOf(Uint8Array.of(1, 2, 3))).toBe('DECOMPRESS_UNKNOWN');
  });
});

describe('any content', () => {
  const word = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.nat(255).map((byte) => new Uint8Array(3000).fill(byte)),
  );
  const words = fc.array(word, { maxLength: 12 }).map((parts) => new Uint8Array(Buffer.concat(parts)));

  // Not the highest level of zstd: its encoder takes half a second to set itself up.
  it.each(TOOLS.filter(([name], index) => index % 2 === 1 || name.includes('x86')))(
    'survives %s',
    async (_, compression, command) => {
      await fc.assert(
        fc.asyncProperty(words, async (bytes) => {
          const result = await decompress(run(command, bytes), { limit: MIB, engines, compression });
          expect(result.ok && sha(result.value)).toBe(sha(bytes));
        }),
        { numRuns: 15 },
      );
    },
  );

  it.each(['gzip', 'zstd', 'xz', 'lzma', 'bzip2', 'lz4', 'lzo'] as const)(
    'taken for %s is a Result, never an exception',
    async (compression) => {
      const magic = {
        gzip: [0x1f, 0x8b, 8, 0],
        zstd: [0x28, 0xb5, 0x2f, 0xfd],
        xz: [],
        lzma: [0x5d],
        bzip2: [0x42, 0x5a, 0x68, 0x31, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
        lz4: [0x02, 0x21, 0x4c, 0x18],
        lzo: [...run(['lzop'], Uint8Array.of(1)).subarray(0, 46)],
      }[compression];
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
          const result = await decompress([Uint8Array.from(magic), bytes], { limit: MIB, compression });
          expect(result.ok || result.diagnostics[0].code in decompressCodes).toBe(true);
        }),
        { numRuns: 300 },
      );
    },
  );
});

describe('a host’s decoder', () => {
  const compressed = run(['gzip'], content);
  it('is used when it takes all of the data', async () => {
    const result = await decompress(compressed, {
      limit: MIB,
      decompressors: { gzip: () => Uint8Array.of(1) },
    });
    expect(result).toMatchObject({ ok: true, value: Uint8Array.of(1) });
  });

  it('leaves the decision to ours when it cannot', async () => {
    const decompressors = { gzip: () => undefined };
    expect(await decompress(compressed, { limit: 2 * MIB, decompressors })).toMatchObject({
      ok: true,
      value: { length: content.length },
    });
    expect(await decompress(compressed.subarray(0, 100), { limit: MIB, decompressors })).toMatchObject({
      ok: false,
    });
  });
});
