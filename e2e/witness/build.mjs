// @ts-check
/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- types stand in JSDoc, as in all of our tools */
/**
 * Builds the witness kernels with gcc and binutils into `.cache/witness/`, never committed. What is there is of these very
 * sources and tools: the folder is named by their digest.
 *
 *     node e2e/witness/build.mjs            # builds all, prints where each is, its size and its SHA-256
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../../tools/workspace.mjs';

const sources = fileURLToPath(new URL('.', import.meta.url));
const purgatory = join(root, 'packages/purgatory/src/native');
const cache = join(root, '.cache/witness');

/**
 * @typedef {32 | 64} Width
 * @typedef {Readonly<Record<string, string | number>>} Symbols
 * @typedef {object} ElfRecipe
 * @property {Width} width
 * @property {readonly string[]} parts Its own sources.
 * @property {boolean} [moves] ET_DYN.
 * @property {number | string} physical
 * @property {number | string} [virtual] Where that is linked to run; the same by itself.
 * @property {'witness_entry' | 'entry_physical'} [entry] What e_entry says; by itself the virtual address.
 * @property {readonly string[]} [flags] For its assembler sources.
 */

const linked = 0x1000000;
/** Where Linux maps itself. */
const high = '0xffffffff81000000';
const pvhNote = ['-DWORD=.long', '-DPHYS32=entry_physical'];
/** Alignment, lowest start, highest last byte. */
const relocation = '-DRELOC=0x200000,0x1000000,0x3fffffff';

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
    ...['common', 'bzimage', 'elf', 'pvh'].map((name) => join(sources, name)),
    purgatory,
  ]) {
    for (const file of readdirSync(folder)
      .filter((name) => /\.(?:[chS]|lds|mjs)$/.test(name))
      .sort())
      hash.update(file).update(readFileSync(join(folder, file)));
  }
  for (const tool of ['gcc', 'ld']) hash.update(run(tool, ['--version']));
  return hash.digest('hex').slice(0, 16);
}

/** No library, no vector register, no table of addresses, nothing that a compiler adds unasked. */
const flags = [
  '-c -O2 -std=gnu11 -Wall -Wextra -Werror',
  '-ffreestanding -fno-builtin -fPIC -fvisibility=hidden -fno-jump-tables -fno-delete-null-pointer-checks',
  '-mgeneral-regs-only -mno-red-zone -fno-tree-vectorize -fno-stack-protector -fcf-protection=none',
  '-fno-asynchronous-unwind-tables -fno-ident -fno-zero-initialized-in-bss',
  `-I${join(sources, 'common')} -I${purgatory}`,
].flatMap((line) => line.split(' '));

const widths = {
  32: { flags: ['-m32', '-march=i686'], emulation: 'elf_i386' },
  64: { flags: ['-m64', '-mcmodel=small'], emulation: 'elf_x86_64' },
};

const shared = ['witness.c', 'cpu.c', 'memory.c', 'json.c', 'linux.c', 'name.c'].map(
  (name) => `common/${name}`,
);

/**
 * A witness's objects, its entry first.
 *
 * @param {string} name
 * @param {string} scratch
 * @param {{ width: Width; entry?: string; parts: readonly string[]; flags?: readonly string[] }} of
 * @returns {string[]}
 */
function objects(
  name,
  scratch,
  { width, entry = `common/entry${String(width)}.S`, parts, flags: more = [] },
) {
  const files = [entry, ...parts, ...shared].map((file) => join(sources, file));
  return [...files, join(purgatory, 'sha256.c')].map((source) => {
    const own = source.endsWith('name.c') ? [`-DWITNESS="${name}"`] : source.endsWith('.S') ? more : [];
    return compileOnce(source, scratch, [...widths[width].flags, ...own]);
  });
}

/**
 * Most objects are those of other witnesses too.
 *
 * @param {string} source
 * @param {string} scratch
 * @param {readonly string[]} more
 */
function compileOnce(source, scratch, more) {
  const key = createHash('sha256')
    .update([source, ...more].join('\0'))
    .digest('hex')
    .slice(0, 16);
  const object = join(scratch, `${basename(source)}-${key}.o`);
  return existsSync(object) ? object : compile(source, object, more);
}

/**
 * @param {string} source
 * @param {string} object
 * @param {readonly string[]} more
 */
function compile(source, object, more) {
  run('gcc', [...flags, ...more, '-o', object, source]);
  return object;
}

/**
 * @param {string} output
 * @param {Width} width
 * @param {string} script
 * @param {Symbols} symbols
 * @param {readonly string[]} args
 */
function link(output, width, script, symbols, args) {
  const defined = Object.entries(symbols).map(([name, value]) => `--defsym=${name}=${String(value)}`);
  const fixed = [
    '-m',
    widths[width].emulation,
    '-z',
    'norelro',
    '-z',
    'max-page-size=0x1000',
    '--build-id=none',
  ];
  run('ld', [
    ...fixed,
    '--fatal-warnings',
    ...defined,
    '-T',
    join(sources, 'common', script),
    '-o',
    output,
    ...args,
  ]);
  return output;
}

/** Where the code of an ET_DYN begins: like every such file it holds its own headers, linked at 0. */
export const HEADERS = 0x200;

/**
 * An ELF image of one program.
 *
 * @param {ElfRecipe} recipe
 * @returns {(name: string, scratch: string) => string}
 */
function elf({ physical, virtual = physical, entry = 'witness_entry', moves = false, ...of }) {
  return (name, scratch) => {
    const type = moves ? ['-pie', '--no-dynamic-linker'] : [];
    const args = [...type, '-e', entry, ...objects(name, scratch, of)];
    return link(
      join(scratch, `${name}-image`),
      of.width,
      'elf.lds',
      { physical, virtual, headers: moves ? HEADERS : 0 },
      args,
    );
  };
}

/**
 * A flat program, at home anywhere. Where its zeros are, as distances from its first byte, is known once the image is made
 * that it goes into: programs are linked twice.
 *
 * @param {string} name
 * @param {string} scratch
 * @param {Parameters<typeof objects>[2]} of
 * @returns {(zeros?: { start: number; end: number }) => string}
 */
function flat(name, scratch, of) {
  const made = objects(name, scratch, of);
  const output = join(scratch, `${name}-program-${String(of.width)}`);
  return ({ start, end } = { start: 0, end: 0 }) =>
    flatten(
      link(output, of.width, 'flat.lds', { bss_start: start, bss_end: end }, [
        '-e',
        'witness_entry',
        ...made,
      ]),
    );
}

/** @param {string} program */
function flatten(program) {
  run('objcopy', ['-O', 'binary', '-j', '.all', program, `${program}.bin`]);
  return `${program}.bin`;
}

/** A bzImage's memory, in bytes: what lies beyond its content is zero when it is entered. */
const INIT_SIZE = 0x100000;
/** Where its first program is, from the start of the protected-mode part. */
const PROGRAMS = 0x400;
/** The setup code of bzimage/bzimage.S. */
const SETUP_SIZE = 14 * 512;
/** XLF_KERNEL_64, XLF_CAN_BE_LOADED_ABOVE_4G, XLF_EFI_KEXEC (boot.rst, xloadflags). */
const XLOADFLAGS = 0b10011;

/**
 * @param {string} name
 * @param {string} scratch
 * @param {readonly Width[]} entries
 */
function bzImage(name, scratch, entries) {
  const parts = ['common/linux-arguments.c'];
  const real = { entry: 'bzimage/entry32.S', parts: [...parts, 'bzimage/real-mode.c'] };
  const programs = entries.map((width) =>
    flat(name, scratch, { width, ...(width === 32 ? real : { parts }) }),
  );
  const sizes = programs.map((program) => readFileSync(program()).length);
  const [at32, at64] = [PROGRAMS, alignUp(PROGRAMS + (sizes[0] ?? 0), 0x100)];
  const end = sizes[1] === undefined ? alignUp(at32 + (sizes[0] ?? 0), 16) : alignUp(at64 + sizes[1], 16);
  const paths = programs.map((program, n) => {
    const at = n === 0 ? at32 : at64;
    return program({ start: end - at, end: INIT_SIZE - at });
  });
  const image = assembleBzImage(join(scratch, `${name}-image`), { at32, at64, paths });
  const bytes = readFileSync(image).length;
  if (bytes !== SETUP_SIZE + end)
    throw new Error(`${name} has ${String(bytes)} bytes, not ${String(SETUP_SIZE + end)}`);
  return image;
}

/**
 * @param {string} image
 * @param {{ at32: number; at64: number; paths: readonly string[] }} of
 */
function assembleBzImage(image, { at32, at64, paths: [path32, path64] }) {
  const wide = path64 === undefined ? [] : [`-DPROGRAM_64=${String(at64)}`, `-DCODE_64="${path64}"`];
  const object = compile(join(sources, 'bzimage/bzimage.S'), `${image}.o`, [
    ...[`-DINIT_SIZE=${String(INIT_SIZE)}`, `-DXLOADFLAGS=${String(path64 === undefined ? 0 : XLOADFLAGS)}`],
    ...[`-DPROGRAM_32=${String(at32)}`, `-DCODE_32="${path32 ?? ''}"`, ...wide],
  ]);
  run('ld', ['-m', 'elf_x86_64', '--oformat', 'binary', '-Ttext', '0', '-e', '0', '-o', image, object]);
  return image;
}

/**
 * What a vmlinux is: an ELF64 with a 64-bit entry for Linux's protocol and, in the same image, 32-bit code for PVH.
 *
 * @param {string} name
 * @param {string} scratch
 */
function vmlinux(name, scratch) {
  const program = flat(name, scratch, { width: 32, parts: ['pvh/pvh.c'] });
  const physical = linked;
  const wide = ['-DWORD=.quad', '-DPHYS32=pvh_entry_physical', relocation, '-DGUEST_OS="linux"'];
  const made = objects(name, scratch, {
    width: 64,
    parts: ['common/linux-arguments.c', 'pvh/notes.S'],
    flags: wide,
  });
  const output = join(scratch, `${name}-image`);
  /** @param {string} path */
  const linkWith = (path) => {
    const object = compile(join(sources, 'pvh/program.S'), `${output}.o`, [`-DCODE_32="${path}"`]);
    return link(
      output,
      64,
      'elf.lds',
      { physical, virtual: high, headers: 0, pvh_entry_physical: `pvh_entry-${high}+${String(physical)}` },
      [...['-e', 'entry_physical', ...made, object]],
    );
  };
  const at = symbols(linkWith(program()));
  return linkWith(
    program({ start: at('bss_start') - at('pvh_entry'), end: at('bss_end') - at('pvh_entry') }),
  );
}

/**
 * The low 32 bits of symbols: enough for their distances.
 *
 * @param {string} path
 * @returns {(name: string) => number}
 */
function symbols(path) {
  const lines = run('nm', [path]).trim().split('\n');
  const values = new Map(lines.map((line) => [line.split(' ')[2], Number(`0x${line.slice(8, 16)}`)]));
  return (name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${path} has no symbol ${name}`);
    return value;
  };
}

/**
 * @param {number} value
 * @param {number} align
 */
function alignUp(value, align) {
  return Math.ceil(value / align) * align;
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function run(program, args) {
  // What a tool complains of is in the exception.
  const env = { ...process.env, LC_ALL: 'C', SOURCE_DATE_EPOCH: '0' };
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe', env });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = buildAll();
  for (const name of witnesses) {
    const bytes = readFileSync(join(folder, name));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    console.log(`${join(folder, name)}\t${String(bytes.length)} bytes\tsha256 ${sha256}`);
  }
}
