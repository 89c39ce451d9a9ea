// @ts-check
/**
 * Makes e2e/fuzz/seeds/compressed.json: small streams of Debian 12's own tools, committed, so that a case is the same everywhere.
 *
 *     node tools/fuzz-seeds.mjs
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/** gzip, zstd …: the compression as @kexec-kit/decompress names it, and how it is made. @type {[string, string[]][]} */
const ways = [
  ['gzip', ['gzip', '-n', '-9']],
  ['gzip', ['gzip', '-n', '-1']],
  ['zstd', ['zstd', '-q', '-19']],
  ['zstd', ['zstd', '-q', '-1', '--no-check']],
  ['xz', ['xz', '--check=crc32', '--x86', '--lzma2=preset=6,dict=1MiB']],
  ['xz', ['xz', '-6', '--check=sha256']],
  ['xz', ['xz', '-T2', '--block-size=4096']],
  ['lzma', ['xz', '--format=lzma']],
  ['bzip2', ['bzip2', '-9']],
  ['bzip2', ['bzip2', '-1']],
  ['lz4', ['lz4', '-q', '-l', '-9']],
  ['lz4', ['lz4', '-q', '-9', '-B4', '-BD', '-BX', '--content-size']],
  ['lz4', ['lz4', '-q', '-1']],
  ['lzo', ['lzop', '-9']],
  ['lzo', ['lzop', '-1', '--crc32']],
];

const text = Buffer.from('Loading Linux 6.12 ... Loading initial ramdisk ...\n'.repeat(8));
const noise = Buffer.from(Uint8Array.from({ length: 600 }, (_, at) => Math.imul(at + 1, 2654435761) >>> 13));
const code = Buffer.from(
  Uint8Array.from(
    { length: 2000 },
    (_, at) => [0xe8, at >> 8, at, 0, at & 8 ? 0xff : 0, 0xe9, at, 0x90][at % 8] ?? 0,
  ),
);
/** @type {Record<string, Buffer>} */
const contents = {
  mixture: Buffer.concat([text, code, noise, Buffer.alloc(2000), noise, code]),
  text,
  empty: Buffer.alloc(0),
  // A bomb: a few bytes for so many, and more for lz4, which has no shorter way.
  zeros: Buffer.alloc(2 << 20),
};

const seeds = ways.flatMap(([compression, [program = '', ...args]]) =>
  Object.entries(contents).map(([content, input]) => ({
    compression,
    command: [program, ...args].join(' '),
    content,
    base64: execFileSync(program, [...args, '-c'], { input, maxBuffer: 1 << 28 }).toString('base64'),
  })),
);
writeFileSync(
  new URL('../e2e/fuzz/seeds/compressed.json', import.meta.url),
  `${JSON.stringify(seeds, undefined, 1)}\n`,
);
