import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decompress } from '@kexec-kit/decompress';
import type { Result, Source } from '@kexec-kit/loader-api';
import {
  hashedFile,
  nodeDecompressors,
  nodeEngines,
  openSource,
  readSources,
  readTrusted,
  writePrivately,
} from '@kexec-kit/host-node';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'kexec-kit-host-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const content = Uint8Array.from({ length: 3_000_001 }, (_, at) => (at * 7) ^ (at >> 9));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function file(name: string, bytes: Uint8Array = content): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.diagnostics[0].code}: ${result.diagnostics[0].message}`);
  return result.value;
}

const codeOf = (result: Result<unknown>): string | undefined =>
  result.ok ? undefined : result.diagnostics[0].code;

describe('openSource', () => {
  it('gives size and digest, with and without keeping the bytes', async () => {
    const path = file('plain');
    const expected = { id: 'image', name: path, size: content.length, sha256: sha256(content) };
    expect(value(await openSource(path, { id: 'image' }))).toEqual(expected);
    const kept = value(await openSource(path, { id: 'image', keepBytes: true }));
    expect(kept).toMatchObject(expected);
    expect(Buffer.compare(kept.bytes, content)).toBe(0);
  });

  it('remembers which file it has hashed, and when, for no other object than the one that it gave', async () => {
    const path = file('plain');
    const before = Date.now();
    const source = value(await openSource(path, { id: 'image' }));
    const { dev, ino } = statSync(path);
    const known = hashedFile(source);
    expect(known).toEqual({ dev, ino, at: expect.any(Number) as number });
    expect(known?.at).toBeGreaterThanOrEqual(before);
    expect(known?.at).toBeLessThanOrEqual(Date.now());
    expect(hashedFile({ ...source })).toBeUndefined();
  });

  it('tells its progress up to the end', async () => {
    const steps: number[] = [];
    await openSource(file('plain'), { id: 'x', onProgress: ({ done }) => steps.push(done) });
    expect(steps).toEqual([2 << 20, content.length]);
  });

  it.each([
    ['FILE_NOT_FOUND', () => join(directory, 'missing')],
    ['FILE_NOT_FOUND', () => join(file('plain'), 'below-a-file')],
    ['FILE_IS_DIRECTORY', () => directory],
    ['FILE_EMPTY', () => file('empty', new Uint8Array(0))],
    ['FILE_NOT_REGULAR', () => '/dev/zero'],
    [
      'FILE_NOT_REGULAR',
      () => {
        const path = join(directory, 'pipe');
        execFileSync('mkfifo', [path]);
        return path;
      },
    ],
  ])('refuses with %s', async (code, path) => {
    const result = await openSource(path(), { id: 'x' });
    expect(codeOf(result)).toBe(code);
    expect(result.diagnostics.at(0)?.hint).not.toBe('');
  });

  it('refuses to keep more than the limit, but hashes it', async () => {
    const path = file('plain');
    expect(codeOf(await openSource(path, { id: 'x', keepBytes: true, limit: content.length - 1 }))).toBe(
      'FILE_TOO_LARGE',
    );
    expect(
      codeOf(await openSource(path, { id: 'x', keepBytes: true, limit: content.length })),
    ).toBeUndefined();
    expect(codeOf(await openSource(path, { id: 'x', limit: 1 }))).toBeUndefined();
  });

  it.each([
    [
      'grows',
      (path: string) => {
        appendFileSync(path, 'more');
      },
    ],
    [
      'shrinks',
      (path: string) => {
        truncateSync(path, 1 << 20);
      },
    ],
    [
      'is written, and its time set back,',
      (path: string) => {
        writeFileSync(path, new Uint8Array(content.length));
        utimesSync(path, 1000, 1000);
      },
    ],
  ])('refuses a file that %s while it is read', async (_, change) => {
    const path = file('changing');
    utimesSync(path, 1000, 1000);
    let changed = false;
    const result = await openSource(path, {
      id: 'x',
      onProgress: () => {
        if (!changed) change(path);
        changed = true;
      },
    });
    expect(codeOf(result)).toBe('SOURCE_CHANGED');
  });
});

describe('readSources', () => {
  const open = async (name: string): Promise<Source> => value(await openSource(file(name), { id: name }));

  it('reads any slice of any source', async () => {
    const reader = value(await readSources([await open('a'), await open('b')]));
    const into = new Uint8Array(1000);
    for (const offset of [0, 12_345, content.length - 1000]) {
      await reader.read('b', offset, into);
      expect(Buffer.compare(into, content.subarray(offset, offset + 1000))).toBe(0);
    }
    await reader.close();
  });

  it('rejects beyond the end, and an unknown source', async () => {
    const reader = value(await readSources([await open('a')]));
    const read = (id: string, offset: number): Promise<void> => reader.read(id, offset, new Uint8Array(10));
    await expect(read('a', content.length - 9)).rejects.toMatchObject({
      diagnostic: { code: 'SOURCE_CHANGED' },
    });
    await expect(read('a', -1)).rejects.toMatchObject({ diagnostic: { code: 'SOURCE_CHANGED' } });
    await expect(read('z', 0)).rejects.toMatchObject({ diagnostic: { code: 'SOURCE_UNKNOWN' } });
    await reader.close();
  });

  it('refuses a file of another length at once', async () => {
    const source = await open('a');
    truncateSync(source.name, 1000);
    expect(codeOf(await readSources([source]))).toBe('SOURCE_CHANGED');
  });

  it('rejects when the file is written after it was opened', async () => {
    const source = await open('a');
    utimesSync(source.name, 1000, 1000);
    const reader = value(await readSources([source]));
    writeFileSync(
      source.name,
      content.map((byte) => byte ^ 1),
    );
    // Whoever may write a file may set its time back.
    utimesSync(source.name, 1000, 1000);
    await expect(reader.read('a', 0, new Uint8Array(10))).rejects.toMatchObject({
      diagnostic: { code: 'SOURCE_CHANGED' },
    });
    await reader.close();
  });

  describe('with verify', () => {
    const flipped = async (at: number): Promise<Source> => {
      const source = await open('flipped');
      writeFileSync(
        source.name,
        content.map((byte, index) => (index === at ? byte ^ 1 : byte)),
      );
      return source;
    };
    const slices = [
      [2_000_000, content.length - 2_000_000],
      [0, 1_000_000],
      [500_000, 1_500_000],
    ] as const;

    it('accepts the planned content in any order of reading, and hashes the rest when asked', async () => {
      const reader = value(await readSources([await open('a')], { verify: true }));
      for (const [offset, length] of slices) await reader.read('a', offset, new Uint8Array(length));
      expect(await reader.verify()).toMatchObject({ ok: true });
      await reader.close();
    });

    it('rejects the read that completes other content, and says so again', async () => {
      const reader = value(await readSources([await flipped(content.length - 1)], { verify: true }));
      await reader.read('flipped', 0, new Uint8Array(2_000_000));
      const last = reader.read('flipped', 2_000_000, new Uint8Array(content.length - 2_000_000));
      await expect(last).rejects.toMatchObject({
        diagnostic: { code: 'SOURCE_CHANGED', expected: sha256(content) },
      });
      expect(codeOf(await reader.verify())).toBe('SOURCE_CHANGED');
      await reader.close();
    });

    it('finds a byte that nobody read, with and without hashing on the way', async () => {
      for (const verify of [true, false]) {
        const reader = value(await readSources([await flipped(77)], { verify }));
        expect(codeOf(await reader.verify())).toBe('SOURCE_CHANGED');
        await reader.close();
      }
    });
  });

  it('decompresses what was planned decompressed', async () => {
    const path = file('content.gz', gzipSync(content));
    const source = {
      id: 'z',
      name: path,
      size: content.length,
      sha256: sha256(content),
      decompressed: 'gzip',
    };
    const reader = value(await readSources([source]));
    const into = new Uint8Array(100);
    await reader.read('z', 1_000_000, into);
    expect(Buffer.compare(into, content.subarray(1_000_000, 1_000_100))).toBe(0);
    expect(codeOf(await readSources([{ ...source, sha256: sha256(into) }]))).toBe('SOURCE_CHANGED');
  });
});

describe('nodeDecompressors', () => {
  it.each([
    ['one member', gzipSync(content)],
    ['two members', Buffer.concat([gzipSync(content), gzipSync(content)])],
    ['zero padding', Buffer.concat([gzipSync(content), Buffer.alloc(512)])],
    ['trailing data', Buffer.concat([gzipSync(content), Buffer.from('more')])],
    ['a wrong CRC32', gzipSync(content).map((byte, at, all) => (at === all.length - 8 ? byte ^ 1 : byte))],
    ['a cut', gzipSync(content).subarray(0, 5000)],
  ])('give what ours give: %s', async (_, bytes) => {
    for (const limit of [1000, 1 << 24]) {
      const ours = await decompress(bytes, { limit });
      const fast = await decompress(bytes, { limit, decompressors: nodeDecompressors });
      expect(fast.diagnostics).toEqual(ours.diagnostics);
      expect(fast.ok && sha256(fast.value)).toBe(ours.ok && sha256(ours.value));
    }
  });
});

describe('private files', () => {
  it('are written for their owner only, replace what was there, and leave nothing else', async () => {
    const path = file('plan.json', new TextEncoder().encode('old'));
    chmodSync(path, 0o644);
    expect(await writePrivately(path, 'new')).toMatchObject({ ok: true });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(value(await readTrusted(path))).toBe('new');
  });

  it('write into a device instead of taking its place', async () => {
    expect(await writePrivately('/dev/null', 'gone')).toMatchObject({ ok: true });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('replace a link instead of writing through it', async () => {
    const victim = file('victim');
    const link = join(directory, 'link');
    symlinkSync(victim, link);
    expect(await writePrivately(link, 'new')).toMatchObject({ ok: true });
    expect(statSync(victim).size).toBe(content.length);
  });

  it('fail with one sentence where they cannot be', async () => {
    expect(codeOf(await writePrivately(join(directory, 'no', 'such', 'place'), 'x'))).toBe(
      'FILE_WRITE_FAILED',
    );
  });

  it.each([0o620, 0o602, 0o666])('are not trusted with mode %o', async (mode) => {
    const path = file('shared.json');
    chmodSync(path, mode);
    expect(codeOf(await readTrusted(path))).toBe('FILE_UNTRUSTED');
  });

  it('are refused when missing, empty or a directory', async () => {
    expect(codeOf(await readTrusted(join(directory, 'missing')))).toBe('FILE_NOT_FOUND');
    expect(codeOf(await readTrusted(directory))).toBe('FILE_IS_DIRECTORY');
  });
});

describe('nodeEngines', () => {
  it('hash in pieces as at once', () => {
    const hasher = nodeEngines.sha256();
    for (let at = 0; at < content.length; at += 99_991) hasher.update(content.subarray(at, at + 99_991));
    expect(Buffer.from(hasher.digest()).toString('hex')).toBe(sha256(content));
  });
});
