import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { packed, WAYS, withPayload } from '../images/payload-image.js';
import { vmlinux } from '../images/vmlinux.js';
import { kexecKit, scratch } from './run.js';

const { folder, remove } = scratch();
const at = (name: string) => join(folder, name);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The start of a real vmlinux, and a real kernel that has nothing but that packed in it. */
let content: Buffer;
beforeAll(async () => {
  const kernel = readFileSync((await image('linux-6.12-cloud')).path);
  content = readFileSync(await vmlinux('linux-6.12-cloud')).subarray(0, 4 << 20);
  const small = withPayload(
    kernel,
    packed(
      WAYS.find(({ compression }) => compression === 'lzo')!,
      content,
    ),
  );
  writeFileSync(at('vmlinuz'), small);
  writeFileSync(at('vmlinuz.gz'), gzipSync(small));
  writeFileSync(at('vmlinux'), content);
  for (const tool of ['gzip', 'bzip2', 'xz', 'lzop', 'zstd'])
    writeFileSync(at(`vmlinux.${tool}`), execFileSync(tool, ['-c'], { input: content, maxBuffer: 1 << 28 }));
  writeFileSync(at('vmlinux.lz4'), execFileSync('lz4', ['-c'], { input: content, maxBuffer: 1 << 28 }));
  writeFileSync(at('text.gz'), gzipSync('nothing that boots\n'));
  const damaged = Buffer.from(small);
  damaged[damaged.length - (1 << 18)]! ^= 1;
  writeFileSync(at('damaged'), damaged);
  copyFileSync(at('vmlinuz'), at('truncated'));
  truncateSync(at('truncated'), 100_000);
  mkdirSync(at('directory'));
});
afterAll(remove);

describe('kexec-kit extract', () => {
  it('writes the payload to a file, and tells on stderr what it was', () => {
    const { status, stdout, stderr } = kexecKit(folder, 'extract', 'vmlinuz', '-o', 'out');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(readFileSync(at('out')).equals(content)).toBe(true);
    expect(stderr).toMatch(/^vmlinuz: the kernel proper, lzo, \S+ MiB at 0x[0-9a-f]+\n/);
    expect(stderr).toContain(`sha256 ${sha256(content)}`);
  });

  it('replaces a file that is there', () => {
    writeFileSync(at('old'), 'x'.repeat(5 << 20));
    expect(kexecKit(folder, 'extract', 'vmlinuz', '-o', 'old').status).toBe(0);
    expect(readFileSync(at('old')).equals(content)).toBe(true);
  });

  it('takes the place of a link, and writes into a device as it is', () => {
    rmSync(at('link'), { force: true });
    symlinkSync('behind', at('link'));
    expect(kexecKit(folder, 'extract', 'vmlinuz', '-o', 'link')).toMatchObject({ status: 0 });
    expect(lstatSync(at('link')).isFile()).toBe(true);
    expect(readFileSync(at('link')).equals(content)).toBe(true);
    expect(existsSync(at('behind'))).toBe(false);
    expect(kexecKit(folder, 'extract', 'vmlinuz', '-o', '/dev/null')).toMatchObject({
      status: 0,
      stdout: '',
    });
  });

  it('writes to a pipe', () => {
    const bin = new URL('../../packages/cli/bin/kexec-kit.mjs', import.meta.url).pathname;
    const script = `"${process.execPath}" "${bin}" extract vmlinuz 2>stderr | sha256sum`;
    const { stdout } = spawnSync('sh', ['-c', script], { cwd: folder, encoding: 'utf8' });
    expect(stdout).toBe(`${sha256(content)}  -\n`);
  });

  it('takes an outer compression off first', () => {
    const { status, stderr } = kexecKit(folder, 'extract', 'vmlinuz.gz', '-o', 'inner');
    expect(status).toBe(0);
    expect(readFileSync(at('inner')).equals(content)).toBe(true);
    expect(stderr).toContain('gzip, then lzo');
  });

  it.each(['gzip', 'bzip2', 'xz', 'lzop', 'zstd', 'lz4'])('decompresses vmlinux.%s', (name) => {
    const { status } = kexecKit(folder, 'extract', `vmlinux.${name}`, '-o', `from-${name}`);
    expect(status).toBe(0);
    expect(readFileSync(at(`from-${name}`)).equals(content)).toBe(true);
  });

  it('warns of what is no ELF file', () => {
    const { status, stderr } = kexecKit(folder, 'extract', 'text.gz', '-o', 'text');
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: .+ \[EXTRACT_NOT_ELF\]$/m);
    expect(readFileSync(at('text'), 'utf8')).toBe('nothing that boots\n');
  });

  it('says it as JSON', () => {
    const { stdout } = kexecKit(folder, 'extract', 'vmlinuz', '-o', 'again', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      compression: 'lzo',
      payload: { offset: expect.any(Number) as number, size: expect.any(Number) as number },
      size: content.length,
      sha256: sha256(content),
      looksLike: 'an ELF program',
      output: 'again',
    });
  });

  it.each([
    ['a damaged payload', ['extract', 'damaged', '-o', 'never'], 'DECOMPRESS_CORRUPT'],
    ['a truncated kernel', ['extract', 'truncated', '-o', 'never'], 'BZIMAGE_TRUNCATED'],
    [
      'nothing that is packed',
      ['extract', 'vmlinux', '-o', 'never', '--type', 'elf'],
      'EXTRACT_NOTHING_PACKED',
    ],
    ['a file that is none', ['extract', 'nowhere', '-o', 'never'], 'FILE_NOT_FOUND'],
    ['a place that is none', ['extract', 'vmlinuz', '-o', 'gone/never'], 'FILE_WRITE_FAILED'],
    ['a directory to write to', ['extract', 'vmlinuz', '-o', 'directory'], 'FILE_WRITE_FAILED'],
  ])('refuses %s in one sentence, and leaves nothing behind', (_what, argv, code) => {
    const { status, stdout, stderr } = kexecKit(folder, ...argv);
    expect(stderr.split('\n')[0]).toMatch(new RegExp(`^error: .+ \\[${code}\\]$`));
    expect(stderr).toContain('  hint:');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(readdirSync(folder).filter((name) => /never|tmp/.test(name))).toEqual([]);
  });

  it('does not mix a document and the content', () => {
    const { status, stderr } = kexecKit(folder, 'extract', 'vmlinuz', '--json');
    expect(status).toBe(2);
    expect(stderr).toContain('give -o OUT');
  });
});
