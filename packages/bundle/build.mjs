// Links src/native into a flat program for each way in which purgatory begins and writes them to src/generated, which is
// committed: only who changes the program needs a compiler. `CC` chooses another than gcc; then it is proved, but never written.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const native = fileURLToPath(new URL('src/native', import.meta.url));
const generated = fileURLToPath(new URL('src/generated', import.meta.url));
const script = join(native, 'bundle.lds');
const shared = ['bundle.c', 'memory-map.c', 'random.c', 'say.c'];

/** Each is linked at two addresses: a program that is not position-independent differs, though it may have no relocations. */
const variants = {
  long64: {
    name: 'program64',
    sources: ['start64.S', ...shared, 'page-tables.c'],
    entries: ['boot_entry', 'entry32', 'entry64'],
    flags: ['-m64', '-mcmodel=small'],
    emulation: 'elf_x86_64',
    bases: ['0', '0x123456000'],
  },
  protected32: {
    name: 'program32',
    sources: ['start32.S', ...shared],
    entries: ['boot_entry', 'entry32'],
    flags: ['-m32', '-march=i686'],
    emulation: 'elf_i386',
    bases: ['0', '0x23456000'],
  },
};

/** @typedef {keyof typeof variants} Handoff */
/** @typedef {(typeof variants)[Handoff]} Variant */

/** No library, no vector register, no table of addresses, nothing that a compiler adds unasked. */
const flags = [
  '-c -O2 -std=c11 -Wall -Wextra -Wconversion -Werror -Wframe-larger-than=1024',
  '-ffreestanding -fno-builtin -fPIC -fvisibility=hidden -fno-jump-tables -fno-delete-null-pointer-checks',
  '-mgeneral-regs-only -mno-red-zone -fno-tree-vectorize -fno-stack-protector -fcf-protection=none',
  '-fno-asynchronous-unwind-tables -fno-ident -fno-strict-aliasing -fno-tree-loop-distribute-patterns',
].flatMap((line) => line.split(' '));

/** What only gcc knows; clang does the like by itself, or not at all. */
const gccOnly = ['-fno-tree-loop-distribute-patterns'];

/**
 * @typedef {object} Program
 * @property {Buffer} bytes its first bytes are where the header goes
 * @property {Readonly<Record<string, number>>} entries offsets by name
 */

/**
 * Writes the generated files, or with `check` compares them.
 * With other tools than those that made the committed program the bytes may differ: then it is proved, and left as it is.
 *
 * @param {{ check?: boolean }} [options]
 * @returns {string[]} the files that were not what they should be
 */
export function generate({ check = false } = {}) {
  const compiler = process.env['CC'] ?? 'gcc';
  const made = madeBy(compiler);
  return /** @type {Handoff[]} */ (Object.keys(variants)).flatMap((handoff) => {
    const path = join(generated, `${variants[handoff].name}.ts`);
    const text = asTypeScript(build({ compiler, handoff }), variants[handoff], made);
    return keep(path, text, { check, made }) ? [] : [path];
  });
}

/**
 * @param {string} path
 * @param {string} text
 * @param {{ check: boolean, made: string }} how
 * @returns {boolean} whether the file was as it should be
 */
function keep(path, text, { check, made }) {
  const committed = readOrEmpty(path);
  if (committed === text) return true;
  const foreign = process.env['CC'] !== undefined || (check && !committed.includes(`// ${made}\n`));
  if (foreign) {
    console.log(
      `${basename(path)}: proved with ${made}; not compared, since the committed one is from other tools.`,
    );
    return true;
  }
  if (!check) writeFileSync(path, text);
  return false;
}

/**
 * Compiles, links at both addresses, and refuses what is not one flat position-independent program without vector code.
 *
 * @param {{ compiler: string, handoff: Handoff }} options
 * @returns {Program}
 */
export function build({ compiler, handoff }) {
  const variant = variants[handoff];
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-bundle-'));
  try {
    const objects = variant.sources.map((name) => compile(compiler, variant, join(native, name), folder));
    const programs = variant.bases.map((base) => link(objects, variant, base, folder));
    const [first, second] = programs.map((program) => flatten(program));
    if (!first.equals(second))
      throw new Error(`the bytes depend on the address (${variant.bases.join(', ')})`);
    demandNoDynamicRelocations(objects, variant, folder);
    demandNoVectorCode(programs[0]);
    return { bytes: first, entries: entriesOf(programs[0], variant) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} compiler
 * @param {Variant} variant
 * @param {string} source
 * @param {string} folder
 */
function compile(compiler, variant, source, folder) {
  const object = join(folder, `${basename(source)}.o`);
  const own = compiler.includes('clang') ? flags.filter((flag) => !gccOnly.includes(flag)) : flags;
  run(compiler, [...own, ...variant.flags, '-o', object, source]);
  return object;
}

/**
 * @param {readonly string[]} objects
 * @param {Variant} variant
 * @param {string} base
 * @param {string} folder
 */
function link(objects, { emulation }, base, folder) {
  const program = join(folder, `bundle-${base}.elf`);
  const fixed = ['-m', emulation, '-static', '--fatal-warnings', '--orphan-handling=error'];
  run('ld', [...fixed, `--defsym=base=${base}`, '-T', script, '-o', program, ...objects]);
  return program;
}

/** @param {string} program */
function flatten(program) {
  run('objcopy', ['-O', 'binary', '-j', '.blob', program, `${program}.bin`]);
  return readFileSync(`${program}.bin`);
}

/**
 * A shared object has a relocation for every address that only a loader could fill in: there must be none.
 *
 * @param {readonly string[]} objects
 * @param {Variant} variant
 * @param {string} folder
 */
function demandNoDynamicRelocations(objects, { emulation }, folder) {
  const library = join(folder, 'bundle.so');
  run('ld', ['-m', emulation, '-shared', '-Bsymbolic', '-z', 'notext', '-o', library, ...objects]);
  const listed = run('readelf', ['--relocs', '--wide', library]);
  if (!listed.includes('no relocations')) throw new Error(`the program has dynamic relocations:${listed}`);
}

/**
 * CR4.OSFXSR may be clear: there an instruction on xmm registers is an invalid opcode.
 *
 * @param {string} program
 */
function demandNoVectorCode(program) {
  const listing = run('objdump', ['--disassemble', '--no-show-raw-insn', program]);
  const found = /^.*%(?:[xyz]?mm|st\b|k)\d?.*$/m.exec(listing);
  if (found) throw new Error(`the program has vector code: ${found[0].trim()}`);
}

/**
 * @param {string} program linked at 0, so that a symbol's value is its offset
 * @param {Variant} variant
 */
function entriesOf(program, { entries }) {
  const lines = run('nm', [program]).trim().split('\n');
  const values = new Map(lines.map((line) => line.split(' ')).map(([value, , name]) => [name, value]));
  return Object.fromEntries(entries.map((name) => [name, Number(`0x${values.get(name)}`)]));
}

/**
 * @param {Program} program
 * @param {Variant} variant
 * @param {string} made
 */
function asTypeScript({ bytes, entries }, { name }, made) {
  const lines = bytes.toString('hex').match(/.{1,96}/g) ?? [];
  return `// Generated by build.mjs from native/. Do not edit.
// ${made}
import { fromHex } from '@kexec-kit/structures';

/** Of {@link ${name}}. */
export const ${name}Sha256 = '${createHash('sha256').update(bytes).digest('hex')}';

/** Of the first instruction for a boot loader, from the program's start, in bytes. */
export const bootEntry = ${entries['boot_entry']};
/** And for who kept it in memory: in 32-bit protected mode, in 64-bit mode (0: there is none). */
export const entry32 = ${entries['entry32']};
export const entry64 = ${entries['entry64'] ?? 0};

/** Code and constants, position-independent: ${bytes.length} bytes, of which the first are where the header goes. */
export const ${name}: Uint8Array = fromHex(\`
${lines.join('\n')}
\`);
`;
}

/** @param {string} compiler */
function madeBy(compiler) {
  return [compiler, 'ld'].map((tool) => run(tool, ['--version']).split('\n')[0]).join('; ');
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function run(program, args) {
  const settings = {
    encoding: /** @type {const} */ ('utf8'),
    // What a tool complains of is in the exception.
    stdio: /** @type {const} */ ('pipe'),
    env: { ...process.env, LC_ALL: 'C', SOURCE_DATE_EPOCH: '0' },
  };
  return execFileSync(program, args, settings);
}

/** @param {string} path */
function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return '';
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const check = process.argv.includes('--check');
  const stale = generate({ check });
  for (const path of stale) {
    console.log(
      check
        ? `${path} is not what src/native gives: run "npm run generate" and commit it`
        : `written: ${path}`,
    );
  }
  if (check && stale.length > 0) process.exitCode = 1;
}
