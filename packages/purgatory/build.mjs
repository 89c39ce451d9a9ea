// Links src/native into one flat blob and writes it to src/generated/purgatory64.ts, which is committed: only who changes
// purgatory needs a compiler. `CC` chooses another compiler than gcc; then the blob is proved, but never written.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const native = fileURLToPath(new URL('src/native', import.meta.url));
const target = fileURLToPath(new URL('src/generated/purgatory64.ts', import.meta.url));
const script = join(native, 'purgatory.lds');
const sources = ['entry.S', 'purgatory.c', 'console.c', 'sha256.c'].map((name) => join(native, name));

/** No library, no vector register, no table of addresses, nothing that a compiler adds unasked. */
const flags = [
  '-c -O2 -std=c11 -Wall -Wextra -Wconversion -Werror -Wframe-larger-than=1024',
  '-ffreestanding -fno-builtin -fPIC -fvisibility=hidden -mcmodel=small -fno-jump-tables -fno-delete-null-pointer-checks',
  '-mgeneral-regs-only -mno-red-zone -fno-tree-vectorize -fno-stack-protector -fcf-protection=none',
  '-fno-asynchronous-unwind-tables -fno-ident',
].flatMap((line) => line.split(' '));

/** Linked at two addresses: a program that is not position-independent differs, though it may have no relocations. */
const bases = ['0', '0x123456000'];

/**
 * @typedef {object} Blob
 * @property {Buffer} bytes
 * @property {number} entryOffset of the first instruction
 * @property {number} parametersOffset where the parameter block begins; the stack ends there
 */

/**
 * Writes the generated file, or with `check` compares it.
 * With other tools than those that made the committed blob the bytes may differ: then it is proved, and left as it is.
 *
 * @param {{ check?: boolean }} [options]
 * @returns {string[]} the files that were not what they should be
 */
export function generate({ check = false } = {}) {
  const compiler = process.env['CC'] ?? 'gcc';
  const made = madeBy(compiler);
  const blob = build({ compiler });
  const committed = readOrEmpty(target);
  if (committed === asTypeScript(blob, made)) return [];
  const foreign = compiler !== 'gcc' || (check && !committed.includes(`// ${made}\n`));
  if (foreign) {
    console.log(
      `purgatory: proved with ${made}; not compared, since the committed blob is from other tools.`,
    );
    return [];
  }
  if (!check) writeFileSync(target, asTypeScript(blob, made));
  return [target];
}

/**
 * Compiles, links at both addresses, and refuses what is not one flat position-independent program without vector code.
 *
 * @param {{ compiler: string, extraSources?: readonly string[] }} options
 * @returns {Blob}
 */
export function build({ compiler, extraSources = [] }) {
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-purgatory-'));
  try {
    const objects = [...sources, ...extraSources].map((source) => compile(compiler, source, folder));
    const programs = bases.map((base) => link(objects, base, folder));
    const [first, second] = programs.map((program) => flatten(program));
    if (!first.equals(second))
      throw new Error(`purgatory's bytes depend on its address (${bases.join(', ')})`);
    demandNoDynamicRelocations(objects, folder);
    demandNoVectorCode(programs[0]);
    return { bytes: first, ...symbols(programs[0]) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {string} compiler
 * @param {string} source
 * @param {string} folder
 */
function compile(compiler, source, folder) {
  const object = join(folder, `${basename(source)}.o`);
  run(compiler, [...flags, '-o', object, source]);
  return object;
}

/**
 * @param {readonly string[]} objects
 * @param {string} base
 * @param {string} folder
 */
function link(objects, base, folder) {
  const program = join(folder, `purgatory-${base}.elf`);
  run(
    'ld',
    ['-static', '--fatal-warnings', '--orphan-handling=error', `--defsym=base=${base}`, '-T', script].concat([
      '-o',
      program,
      ...objects,
    ]),
  );
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
 * @param {string} folder
 */
function demandNoDynamicRelocations(objects, folder) {
  const shared = join(folder, 'purgatory.so');
  run(
    'ld',
    [
      '-shared',
      '-Bsymbolic',
      '-z',
      'notext',
      '--defsym=base=0',
      '--defsym=parameters=0',
      '--defsym=stack_end=0',
    ].concat(['-o', shared, ...objects]),
  );
  const listed = run('readelf', ['--relocs', '--wide', shared]);
  if (!listed.includes('no relocations')) throw new Error(`purgatory has dynamic relocations:${listed}`);
}

/**
 * CR4.OSFXSR may be clear: there an instruction on xmm registers is an invalid opcode.
 *
 * @param {string} program
 */
function demandNoVectorCode(program) {
  const listing = run('objdump', ['--disassemble', '--no-show-raw-insn', program]);
  const found = /^.*%(?:[xyz]?mm|st\b|k)\d?.*$/m.exec(listing);
  if (found) throw new Error(`purgatory has vector code: ${found[0].trim()}`);
}

/** @param {string} program linked at 0, so that a symbol's value is its offset */
function symbols(program) {
  const values = new Map(
    run('nm', [program])
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([value, , name]) => [name, Number(`0x${value}`)]),
  );
  return { entryOffset: offset('purgatory_entry'), parametersOffset: offset('parameters') };

  /** @param {string} name */
  function offset(name) {
    const value = values.get(name);
    if (value === undefined) throw new Error(`purgatory has no symbol ${name}`);
    return value;
  }
}

/**
 * @param {Blob} blob
 * @param {string} made
 */
function asTypeScript({ bytes, entryOffset, parametersOffset }, made) {
  const lines = bytes.toString('hex').match(/.{1,96}/g) ?? [];
  return `// Generated by build.mjs from native/. Do not edit.
// ${made}
import { fromHex } from '@kexec-kit/structures';

/** Of {@link purgatory64}. */
export const purgatory64Sha256 = '${createHash('sha256').update(bytes).digest('hex')}';

/** Of the first instruction, from the blob's start, in bytes. */
export const entryOffset = ${entryOffset};

/** Of the parameter block, from the blob's start, in bytes; the stack lies between the two. */
export const parametersOffset = ${parametersOffset};

/** Code and constants, position-independent: ${bytes.length} bytes. */
export const purgatory64: Uint8Array = fromHex(\`
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
