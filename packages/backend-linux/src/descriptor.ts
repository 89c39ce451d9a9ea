import { createHash } from 'node:crypto';
import { closeSync, readSync, writeSync, type Stats } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { concatenateInitrds } from '@kexec-kit/linux-boot';
import { fail, toIndex, type Progress, type ReadSource, type Source } from '@kexec-kit/loader-api';
import { openFile, sourceChanged, type HashedFile } from '@kexec-kit/host-node';
import { noMemoryFile } from './codes.js';
import { lengthOf, reading, type Reading } from './content.js';
import { BackendFailure, type Host } from './host.js';

const CHUNK = 1 << 20;
/** After so much the event loop has its turn, in bytes. */
const BREATH = 32 << 20;
/** By how much the time of a change may lag behind the clock: the tick of a kernel, and of a file server; in milliseconds. */
const LAG = 2000;

export interface Opening {
  readonly host: Host;
  readonly read: ReadSource;
  readonly progress: ((progress: Progress) => void) | undefined;
}

/** Whether the kernel can be handed the very file. */
export function isPlain(sources: readonly Source[]): boolean {
  return sources.length === 1 && sources[0]?.decompressed === undefined;
}

/** An open file, closed on exec. */
export interface Descriptor {
  readonly fd: number;
  close(): Promise<void>;
}

/** A descriptor for what the kernel is to read. The caller closes it. */
export async function descriptorOf(opening: Opening, sources: readonly Source[]): Promise<Descriptor> {
  const [first] = sources;
  return first !== undefined && isPlain(sources) ? openPlain(opening, first) : inMemory(opening, sources);
}

/** The file itself, once it is known to be what was planned: by its size, and by its digest unless that was just taken. */
async function openPlain({ host, progress }: Opening, source: Source): Promise<Descriptor> {
  const file = await openFile(source.name);
  if (!file.ok) throw new BackendFailure(file);
  const { handle, stats } = file.value;
  try {
    if (stats.size !== source.size) refuse(source, `${stats.size} bytes`, `${source.size} bytes`);
    if (!isAsHashed(stats, host.hashed(source.id))) await compareDigest(handle.fd, source, progress);
    const after = await handle.stat();
    if (after.ctimeMs !== stats.ctimeMs || after.size !== stats.size)
      refuse(source, 'it changed while it was read', 'a file at rest');
    return { fd: handle.fd, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The very file: its name may lead to another by now, which is older than the hashing as well. */
function isAsHashed({ dev, ino, ctimeMs }: Stats, hashed: HashedFile | undefined): boolean {
  return hashed?.dev === dev && hashed.ino === ino && ctimeMs < hashed.at - LAG;
}

async function compareDigest(fd: number, source: Source, progress: Opening['progress']): Promise<void> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, source.size));
  for (let done = 0; done < source.size;) {
    const size = readSync(fd, buffer, 0, Math.min(CHUNK, source.size - done), done);
    if (size === 0) refuse(source, 'it ended early', `${source.size} bytes`);
    hash.update(buffer.subarray(0, size));
    done += size;
    progress?.({ what: `checking ${source.name}`, done, total: source.size });
    if (done % BREATH === 0) await setImmediate(); // so that Ctrl-C is heard
  }
  const digest = hash.digest('hex');
  if (digest !== source.sha256) refuse(source, digest, source.sha256);
}

function refuse({ name }: Source, found: string, expected: string): never {
  throw new BackendFailure(fail(sourceChanged(name, found, expected)));
}

/** The contents of sources, one after the other as several initrds are, in a file that has no name. */
async function inMemory({ host, read, progress }: Opening, sources: readonly Source[]): Promise<Descriptor> {
  const file = host.syscalls().memoryFile('kexec-kit');
  if (!file.ok) throw new BackendFailure(fail(noMemoryFile(file.name)));
  const fd = file.descriptor;
  const close = (): Promise<void> => {
    closeSync(fd);
    return Promise.resolve();
  };
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  try {
    await fill(fd, sources, reading(read, total, progress));
    return { fd, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function fill(descriptor: number, sources: readonly Source[], contents: Reading): Promise<void> {
  const files = sources.map(({ id, name, size }) => ({ source: id, name, size, arguments: '' }));
  const buffer = new Uint8Array(CHUNK);
  for (const part of concatenateInitrds(files).parts) {
    const length = toIndex(lengthOf(part));
    for (let done = 0; done < length; done += CHUNK) {
      const piece = buffer.subarray(0, length - done);
      if ('source' in part) await contents.read(part.source, part.offset + done, piece);
      else piece.fill(0);
      writeAll(descriptor, piece);
    }
  }
}

/** A write may be short; then the rest follows. */
function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}
