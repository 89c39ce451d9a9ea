import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initramfs, payload } from '../../tools/initramfs.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-initramfs-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The tool that everybody has is the judge. */
function cpio(archive: Uint8Array, ...args: readonly string[]): string {
  return execFileSync('cpio', [...args, '--quiet'], { cwd: folder, input: archive, encoding: 'utf8' });
}

describe('an initramfs', () => {
  it('has the same bytes each time', () => {
    const files = { 'payload/a': 'one' };
    expect(Buffer.compare(initramfs({ files }), initramfs({ files }))).toBe(0);
  });

  it('holds busybox, init, the console and the folders of every file', () => {
    const archive = gunzipSync(initramfs({ files: { 'payload/deep/a': 'one' } }));
    const paths = cpio(archive, '--list').trim().split('\n');
    expect(paths).toEqual(
      expect.arrayContaining(['init', 'bin/busybox', 'dev/console', 'payload', 'payload/deep']),
    );
    expect(paths.indexOf('payload/deep')).toBeLessThan(paths.indexOf('payload/deep/a'));
    expect(cpio(archive, '--list', '--verbose')).toMatch(/^crw------- .* 5, +1 .* dev\/console$/m);
  });

  it('unpacks to what was put in, whatever its length', () => {
    const files = Object.fromEntries(
      [0, 1, 2, 3, 4, 5, 4097].map((size) => [`d/${String(size)}`, Buffer.alloc(size, 0xa5)]),
    );
    cpio(payload(files), '--extract', '--make-directories');
    for (const [path, content] of Object.entries(files))
      expect(readFileSync(join(folder, path)).equals(content)).toBe(true);
  });
});
