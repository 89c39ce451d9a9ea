// @ts-check
/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- types stand in JSDoc, as in all of our tools */
/** How a witness becomes an image of its format. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alignUp, compile, compileOnce, flatten, link, run, sources, symbols, widths } from './toolchain.mjs';

/**
 * @typedef {import('./toolchain.mjs').Width} Width
 * @typedef {object} ElfRecipe
 * @property {Width} width
 * @property {readonly string[]} parts Its own sources.
 * @property {boolean} [moves] ET_DYN.
 * @property {number | string} physical
 * @property {number | string} [virtual] Where that is linked to run; the same by itself.
 * @property {'witness_entry' | 'entry_physical'} [entry] What e_entry says; by itself the virtual address.
 * @property {readonly string[]} [flags] For its assembler sources.
 */

export const linked = 0x1000000;
/** Where Linux maps itself. */
export const high = '0xffffffff81000000';
export const pvhNote = ['-DWORD=.long', '-DPHYS32=entry_physical'];
/** Alignment, lowest start, highest last byte. */
export const relocation = '-DRELOC=0x200000,0x1000000,0x3fffffff';

const shared = ['witness.c', 'cpu.c', 'digest.c', 'memory.c', 'json.c', 'linux.c', 'name.c'].map(
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
  return files.map((source) => {
    const own = source.endsWith('name.c') ? [`-DWITNESS="${name}"`] : source.endsWith('.S') ? more : [];
    return compileOnce(source, scratch, [...widths[width].flags, ...own]);
  });
}

/** Where the code of an ET_DYN begins: like every such file it holds its own headers, linked at 0. */
export const HEADERS = 0x200;

/**
 * An ELF image of one program.
 *
 * @param {ElfRecipe} recipe
 * @returns {(name: string, scratch: string) => string}
 */
export function elf({ physical, virtual = physical, entry = 'witness_entry', moves = false, ...of }) {
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
export function bzImage(name, scratch, entries) {
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
export function vmlinux(name, scratch) {
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
