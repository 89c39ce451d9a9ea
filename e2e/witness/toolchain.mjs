// @ts-check
/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- types stand in JSDoc, as in all of our tools */
/** gcc and binutils as every witness needs them: no library, no address of its own, the same bytes every time. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const sources = fileURLToPath(new URL('.', import.meta.url));

/**
 * @typedef {32 | 64} Width
 * @typedef {Readonly<Record<string, string | number>>} Symbols
 */

/** No library, no vector register, no table of addresses, nothing that a compiler adds unasked. */
const flags = [
  '-c -O2 -std=gnu11 -Wall -Wextra -Werror',
  '-ffreestanding -fno-builtin -fPIC -fvisibility=hidden -fno-jump-tables -fno-delete-null-pointer-checks',
  '-mgeneral-regs-only -mno-red-zone -fno-tree-vectorize -fno-stack-protector -fcf-protection=none',
  '-fno-asynchronous-unwind-tables -fno-ident -fno-zero-initialized-in-bss',
  `-I${join(sources, 'common')}`,
].flatMap((line) => line.split(' '));

export const widths = {
  32: { flags: ['-m32', '-march=i686'], emulation: 'elf_i386' },
  64: { flags: ['-m64', '-mcmodel=small'], emulation: 'elf_x86_64' },
};

/**
 * Most objects are those of other witnesses too. Their names get into the symbol table: they tell nothing of where the sources lie.
 *
 * @param {string} source
 * @param {string} scratch
 * @param {readonly string[]} more
 */
export function compileOnce(source, scratch, more) {
  const key = createHash('sha256')
    .update([source, ...more].join('\0').replaceAll(sources, ''))
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
export function compile(source, object, more) {
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
export function link(output, width, script, symbols, args) {
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

/** @param {string} program */
export function flatten(program) {
  run('objcopy', ['-O', 'binary', '-j', '.all', program, `${program}.bin`]);
  return `${program}.bin`;
}

/**
 * The low 32 bits of symbols: enough for their distances.
 *
 * @param {string} path
 * @returns {(name: string) => number}
 */
export function symbols(path) {
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
export function alignUp(value, align) {
  return Math.ceil(value / align) * align;
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
export function run(program, args) {
  // What a tool complains of is in the exception.
  const env = { ...process.env, LC_ALL: 'C', SOURCE_DATE_EPOCH: '0' };
  return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe', env });
}
