// @ts-check
/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- types stand in JSDoc, as in all of our tools */
/**
 * Builds the witness kernels with gcc and binutils into `.cache/witness/`, never committed. What is there is of these very
 * sources and tools: the folder is named by their digest.
 *
 *     node e2e/witness/build.mjs            # builds all, prints where each is, its size and its SHA-256
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../tools/workspace.mjs';
import { bzImage, elf, high, linked, pvhNote, relocation, vmlinux } from './formats.mjs';
import { multiboot } from './multiboot.mjs';
import { run, sources } from './toolchain.mjs';

const cache = join(root, '.cache/witness');

/** @type {Readonly<Record<string, (name: string, scratch: string) => string>>} */
const recipes = {
  bzimage: (name, scratch) => bzImage(name, scratch, [32, 64]),
  'bzimage-i386': (name, scratch) => bzImage(name, scratch, [32]),
  'elf64-none': elf({ width: 64, parts: ['elf/none.c'], physical: linked }),
  'elf64-notes': elf({ width: 64, parts: ['elf/notes.c'], physical: linked, virtual: high }),
  'elf64-linux': elf({
    width: 64,
    parts: ['common/linux-arguments.c', 'elf/linux-note.S'],
    physical: linked,
    virtual: high,
    entry: 'entry_physical',
  }),
  'elf64-dyn': elf({ width: 64, parts: ['elf/notes.c'], physical: 0, moves: true }),
  'elf32-none': elf({ width: 32, parts: ['elf/none.c'], physical: linked }),
  'elf32-notes': elf({ width: 32, parts: ['elf/notes.c'], physical: linked, virtual: 0xc1000000 }),
  'elf32-linux': elf({
    width: 32,
    parts: ['common/linux-arguments.c', 'elf/linux-note.S'],
    physical: linked,
    virtual: 0xc1000000,
    entry: 'entry_physical',
  }),
  'elf32-dyn': elf({ width: 32, parts: ['elf/notes.c'], physical: 0, moves: true }),
  pvh: elf({ width: 32, parts: ['pvh/pvh.c', 'pvh/notes.S'], physical: linked, flags: pvhNote }),
  'pvh-moves': elf({
    width: 32,
    parts: ['pvh/pvh.c', 'pvh/notes.S'],
    physical: linked,
    flags: [...pvhNote, relocation],
  }),
  vmlinux,
  ...multiboot,
};

/** Every witness there is. */
export const witnesses = Object.keys(recipes);

/**
 * The path of a witness kernel; builds all of them if they are not there.
 *
 * @param {string} name One of {@link witnesses}.
 * @returns {string}
 */
export function witness(name) {
  if (!witnesses.includes(name)) throw new Error(`no witness "${name}": there are ${witnesses.join(', ')}`);
  return join(buildAll(), name);
}

/**
 * A witness that shall also look at ranges of memory: its bytes with the list written into each of its programs.
 *
 * @param {Uint8Array} image
 * @param {readonly { readonly start: bigint, readonly end: bigint }[]} ranges
 * @returns {Uint8Array}
 */
export function withScans(image, ranges) {
  if (ranges.length > 32) throw new RangeError('a witness looks at 32 ranges at most');
  const bytes = Buffer.from(image);
  const magic = Buffer.from('scan me!');
  let at = bytes.indexOf(magic);
  if (at < 0) throw new Error('no witness: it has no list of ranges');
  for (; at >= 0; at = bytes.indexOf(magic, at + 8)) {
    bytes.writeBigUInt64LE(BigInt(ranges.length), at + 8);
    for (const [n, { start, end }] of ranges.entries()) {
      bytes.writeBigUInt64LE(start, at + 16 + 16 * n);
      bytes.writeBigUInt64LE(end, at + 24 + 16 * n);
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * All of them, from the cache if they are there. They are built in a folder of their own that gets its name at the end:
 * several may build at once.
 *
 * @returns {string} The folder.
 */
export function buildAll() {
  const folder = join(cache, digest());
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, 'build-'));
  try {
    publish(build(scratch), folder);
  } finally {
    rmSync(scratch, { recursive: true });
  }
  return folder;
}

/**
 * Builds in an empty folder.
 *
 * @param {string} scratch
 * @returns {string} The folder in it with nothing but the witnesses.
 */
export function build(scratch) {
  const done = join(scratch, 'done');
  mkdirSync(done);
  for (const [name, recipe] of Object.entries(recipes)) renameSync(recipe(name, scratch), join(done, name));
  return done;
}

/**
 * @param {string} done
 * @param {string} folder
 */
function publish(done, folder) {
  try {
    renameSync(done, folder);
  } catch (error) {
    // Somebody else was faster, with the same bytes.
    if (!existsSync(folder)) throw error;
  }
}

/** Of everything that the bytes depend on: sources and tools. */
function digest() {
  const hash = createHash('sha256');
  for (const folder of [
    sources,
    ...['common', 'bzimage', 'elf', 'multiboot', 'pvh'].map((name) => join(sources, name)),
  ]) {
    for (const file of readdirSync(folder)
      .filter((name) => /\.(?:[chS]|lds|mjs)$/.test(name))
      .sort())
      hash.update(file).update(readFileSync(join(folder, file)));
  }
  for (const tool of ['gcc', 'ld']) hash.update(run(tool, ['--version']));
  return hash.digest('hex').slice(0, 16);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = buildAll();
  for (const name of witnesses) {
    const bytes = readFileSync(join(folder, name));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    console.log(`${join(folder, name)}\t${String(bytes.length)} bytes\tsha256 ${sha256}`);
  }
}
