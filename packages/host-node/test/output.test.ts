import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ok, type Result } from '@kexec-kit/loader-api';
import { embedSources, writePieces, writePrivately, writePublicly } from '@kexec-kit/host-node';

let folder = '';
beforeEach(() => {
  const made = mkdtempSync(join(tmpdir(), 'kexec-kit-output-'));
  folder = made;
  return () => {
    rmSync(made, { recursive: true });
  };
});

function* pieces(text: string): Generator<Uint8Array, Result<true>> {
  for (const letter of text) yield new TextEncoder().encode(letter);
  return ok(true);
}

/** A disk that is there, or one that root makes: nothing answers behind it, and nothing is to be asked. */
function disk(): string {
  const there = readdirSync('/dev').find((name) => lstatSync(join('/dev', name)).isBlockDevice());
  if (there !== undefined) return join('/dev', there);
  execFileSync('mknod', [join(folder, 'disk'), 'b', '7', '200']);
  return join(folder, 'disk');
}

/** Every way to write, and the mode of a file that it makes under an umask of 0. */
const writers = [
  ['writePrivately', 0o600, (path: string, text: string) => writePrivately(path, text)],
  ['writePublicly', 0o666, (path: string, text: string) => writePublicly(path, text)],
  ['writePieces', 0o666, (path: string, text: string) => writePieces(path, pieces(text))],
  [
    'writePieces, privately',
    0o600,
    (path: string, text: string) => writePieces(path, pieces(text), { isPrivate: true }),
  ],
] as const;

const left = () => readdirSync(folder).filter((name) => name.endsWith('.tmp'));

describe.each(writers)('%s', (_, mode, write) => {
  it('puts a new file of its mode into the place of another', async () => {
    const path = join(folder, 'out');
    writeFileSync(path, 'a longer one');
    const umasked = statSync(path).mode;
    chmodSync(path, 0o606);
    const other = openSync(path, 'r');
    expect(await write(path, 'new')).toMatchObject({ ok: true });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).mode & 0o777).toBe(mode & umasked);
    // Who has the old one open, as a running program has itself, keeps it.
    expect(readFileSync(other, 'utf8')).toBe('a longer one');
    closeSync(other);
    expect(left()).toEqual([]);
  });

  it.each(['victim', 'nothing'])('replaces a link to %s, and writes nothing where it leads', async (name) => {
    const victim = join(folder, 'victim');
    const link = join(folder, 'link');
    writeFileSync(victim, 'untouched');
    symlinkSync(name, link);
    expect(await write(link, 'new')).toMatchObject({ ok: true });
    expect(lstatSync(link).isFile()).toBe(true);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(existsSync(join(folder, 'nothing'))).toBe(false);
  });

  it.each([
    ['itself', (fd: number) => `/proc/self/fd/${fd}`],
    ['by its other name', (fd: number) => `/dev/fd/${fd}`],
    ['by the number of the process', (fd: number) => `/proc/${process.pid}/fd/${fd}`],
    ['through a link', (fd: number) => linkTo(`/proc/self/fd/${fd}`)],
    ['through two links', (fd: number) => linkTo(linkTo(`/dev/fd/${fd}`))],
  ])('goes on in an open file that is named %s', async (_name, pathOf) => {
    const out = join(folder, 'out');
    const fd = openSync(out, 'w');
    const path = pathOf(fd);
    writeSync(fd, 'before, ');
    expect(await write(path, 'in it')).toMatchObject({ ok: true });
    writeSync(fd, ', after');
    closeSync(fd);
    expect(readFileSync(out, 'utf8')).toBe('before, in it, after');
    if (path.startsWith(folder)) expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(left()).toEqual([]);
  });

  it('writes into the open file of another process', async () => {
    const out = join(folder, 'out');
    const fd = openSync(out, 'w');
    const other = spawn('cat', { stdio: ['pipe', fd, 'inherit'] });
    closeSync(fd);
    await once(other, 'spawn');
    const inode = statSync(out).ino;
    expect(await write(linkTo(`/proc/${String(other.pid)}/fd/1`), 'from us')).toMatchObject({ ok: true });
    other.stdin?.end();
    await once(other, 'close');
    expect(statSync(out).ino).toBe(inode);
    expect(readFileSync(out, 'utf8')).toBe('from us');
  });

  it('writes into a pipe, and into a device, also through a link', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(reader, 'close');
    const read = reader.stdout.setEncoding('utf8').toArray();
    expect(await write(linkTo(pipe), 'through')).toMatchObject({ ok: true });
    expect((await read).join('')).toBe('through');
    await closed;
    expect(statSync(pipe).isFIFO()).toBe(true);
    expect(await write(linkTo('/dev/null'), 'gone')).toMatchObject({ ok: true });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('refuses a disk, also through a link', async () => {
    for (const path of [disk(), linkTo(disk())])
      expect(await write(path, 'x')).toMatchObject({ ok: false, diagnostics: [{ code: 'OUTPUT_IS_DISK' }] });
  });

  it('leaves a directory, a socket and a loop of links alone, and says what is wrong', async () => {
    const socket = join(folder, 'socket');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    symlinkSync('loop', join(folder, 'loop'));
    for (const path of [folder, linkTo(folder), socket, join(folder, 'loop')]) {
      const before = lstatSync(path).ino;
      expect(await write(path, 'x')).toMatchObject({
        ok: false,
        diagnostics: [{ code: 'FILE_WRITE_FAILED' }],
      });
      expect(lstatSync(path).ino).toBe(before);
    }
    expect(left()).toEqual([]);
  });

  it('says so where a descriptor is not open, or not for writing', async () => {
    const fd = openSync('/dev/null', 'r');
    expect(await write(`/dev/fd/${fd}`, 'x')).toMatchObject({ diagnostics: [{ code: 'FILE_WRITE_FAILED' }] });
    closeSync(fd);
    expect(await write('/dev/fd/99999', 'x')).toMatchObject({ diagnostics: [{ code: 'FILE_WRITE_FAILED' }] });
  });
});

let links = 0;
function linkTo(target: string): string {
  const link = join(folder, `link-${String(links++)}`);
  symlinkSync(target, link);
  return link;
}

it('embedding a file anew from its embedded copy keeps it', async () => {
  const sha256 = createHash('sha256').update('content').digest('hex');
  const original = join(folder, 'original');
  writeFileSync(original, 'content');
  const plan = join(realpathSync(folder), 'plan.json');
  const embed = (name: string) => embedSources(plan, [{ id: 'image', name, size: 7, sha256 }]);
  const first = await embed(original);
  const copy = join(`${plan}.files`, sha256);
  expect(first).toMatchObject({ ok: true, value: [{ name: copy }] });
  expect(await embed(copy)).toMatchObject({ ok: true, value: [{ name: copy }] });
  expect(readFileSync(copy, 'utf8')).toBe('content');
  expect(statSync(copy).mode & 0o777).toBe(0o600);
});
