// Links src/native into a flat blob for each running architecture and writes them to src/generated, which is committed: only
// who changes purgatory needs a compiler. `CC` chooses another compiler than gcc; then blobs are proved, but never written.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const native = fileURLToPath(new URL('src/native', import.meta.url));
const generated = fileURLToPath(new URL('src/generated', import.meta.url));
const script = join(native, 'purgatory.lds');
const shared = [
  'purgatory.c',
  'verify.c',
  'copy.c',
  'record.c',
  'console.c',
  'screen.c',
  'vga.c',
  'font.c',
  'pic.c',
  'sha256.c',
  'sha256-extensions.S',
  'sse.c',
];

/** Where xmm registers are used: between sse_begin and sse_end alone. */
const vectors = ['sha256-sse2.c', 'sha256-extensions.S', 'sse.c'];

/**
 * What differs between the running architectures. Each is linked at two addresses: a program that is not position-independent
 * differs, though it may have no relocations.
 */
const variants = {
  x86_64: {
    name: 'purgatory64',
    entry: 'entry64.S',
    sources: ['fault.c', 'sha256-sse2.c'],
    flags: ['-m64', '-mcmodel=small'],
    emulation: 'elf_x86_64',
    bases: ['0', '0x123456000'],
  },
  i386: {
    name: 'purgatory32',
    entry: 'entry32.S',
    sources: ['sha256-scalar.c'],
    flags: ['-m32', '-march=i686'],
    emulation: 'elf_i386',
    bases: ['0', '0x23456000'],
  },
};

/** @typedef {keyof typeof variants} Architecture */
/** @typedef {(typeof variants)[Architecture]} Variant */

/** No library, no table of addresses, nothing that a compiler adds unasked. */
const flags = [
  '-c -O2 -std=c11 -Wall -Wextra -Wconversion -Werror -Wframe-larger-than=1024',
  '-ffreestanding -fno-builtin -fPIC -fvisibility=hidden -fno-jump-tables -fno-delete-null-pointer-checks',
  '-mno-red-zone -fno-tree-vectorize -fno-stack-protector -fcf-protection=none',
  '-fno-asynchronous-unwind-tables -fno-ident',
].flatMap((line) => line.split(' '));

/**
 * @typedef {object} Blob
 * @property {Buffer} bytes
 * @property {number} entryOffset of the first instruction
 * @property {number} parametersOffset where the parameter block begins; the stack ends there
 * @property {ReadonlyMap<string, number>} offsets of everything that has a name
 */

/**
 * Writes the generated files, or with `check` compares them.
 * With other tools than those that made the committed blob the bytes may differ: then it is proved, and left as it is.
 *
 * @param {{ check?: boolean }} [options]
 * @returns {string[]} the files that were not what they should be
 */
export function generate({ check = false } = {}) {
  const compiler = process.env['CC'] ?? 'gcc';
  const made = madeBy(compiler);
  return /** @type {Architecture[]} */ (Object.keys(variants))
    .filter((architecture) => {
      const blob = build({ compiler, architecture });
      return !keep(pathOf(architecture), asTypeScript(blob, variants[architecture], made), { check, made });
    })
    .map(pathOf);
}

/** @param {Architecture} architecture */
function pathOf(architecture) {
  return join(generated, `${variants[architecture].name}.ts`);
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
      `${basename(path)}: proved with ${made}; not compared, since the committed blob is from other tools.`,
    );
    return true;
  }
  if (!check) writeFileSync(path, text);
  return false;
}

/**
 * Compiles, links at both addresses, and refuses what is not one flat position-independent program without vector code.
 *
 * @param {{ compiler: string, architecture?: Architecture, own?: readonly string[], extraSources?: readonly string[] }} options
 *   `own`: what {@link compileOwn} gave, if that is to be used again
 * @returns {Blob}
 */
export function build({ compiler, architecture = 'x86_64', own, extraSources = [] }) {
  const variant = variants[architecture];
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-purgatory-'));
  try {
    const extra = extraSources.map((source) => compile(compiler, variant, source, folder));
    const objects = [...(own ?? compileOwn({ compiler, architecture, folder })), ...extra];
    const programs = variant.bases.map((base) => link(objects, variant, base, folder));
    const [first, second] = programs.map((program) => flatten(program));
    if (!first.equals(second))
      throw new Error(`purgatory's bytes depend on its address (${variant.bases.join(', ')})`);
    demandNoDynamicRelocations(objects, variant, folder);
    return { bytes: first, ...symbols(programs[0]) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * @param {{ compiler: string, architecture: Architecture, folder: string }} options
 * @returns {string[]} purgatory's own objects, in `folder`
 */
export function compileOwn({ compiler, architecture, folder }) {
  const variant = variants[architecture];
  const sources = [variant.entry, ...shared, ...variant.sources];
  return sources.map((name) => compile(compiler, variant, join(native, name), folder));
}

/**
 * @param {string} compiler
 * @param {Variant} variant
 * @param {string} source
 * @param {string} folder
 */
function compile(compiler, variant, source, folder) {
  const object = join(folder, `${basename(source)}.o`);
  const registers = basename(source) === 'sha256-sse2.c' ? '-msse2' : '-mgeneral-regs-only';
  run(compiler, [...flags, ...variant.flags, registers, '-o', object, source]);
  demandNoVectorCode(object, vectors.includes(basename(source)));
  return object;
}

/**
 * @param {readonly string[]} objects
 * @param {Variant} variant
 * @param {string} base
 * @param {string} folder
 */
function link(objects, { emulation }, base, folder) {
  const program = join(folder, `purgatory-${base}.elf`);
  run(
    'ld',
    ['-m', emulation, '-static', '--fatal-warnings', '--orphan-handling=error'].concat([
      ...[`--defsym=base=${base}`, '-T', script, '-o', program],
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
 * @param {Variant} variant
 * @param {string} folder
 */
function demandNoDynamicRelocations(objects, { emulation }, folder) {
  const library = join(folder, 'purgatory.so');
  const symbols = ['parameters', 'stack_end'].map((name) => `--defsym=${name}=0`);
  run(
    'ld',
    ['-m', emulation, '-shared', '-Bsymbolic', '-z', 'notext', ...symbols].concat([
      '-o',
      library,
      ...objects,
    ]),
  );
  const listed = run('readelf', ['--relocs', '--wide', library]);
  if (!listed.includes('no relocations')) throw new Error(`purgatory has dynamic relocations:${listed}`);
}

/**
 * CR4.OSFXSR may be clear: there an instruction on xmm registers is an invalid opcode. Wider ones nobody turns on at all.
 *
 * @param {string} object
 * @param {boolean} hasSse whether it runs where xmm registers have been turned on
 */
function demandNoVectorCode(object, hasSse) {
  const listing = run('objdump', ['--disassemble', '--no-show-raw-insn', object]);
  const forbidden = hasSse ? /^.*%(?:[yz]?mm|st\b|k)\d?.*$/m : /^.*%(?:[xyz]?mm|st\b|k)\d?.*$/m;
  const found = forbidden.exec(listing);
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
  return { entryOffset: offset('purgatory_entry'), parametersOffset: offset('parameters'), offsets: values };

  /** @param {string} name */
  function offset(name) {
    const value = values.get(name);
    if (value === undefined) throw new Error(`purgatory has no symbol ${name}`);
    return value;
  }
}

/**
 * @param {Blob} blob
 * @param {Variant} variant
 * @param {string} made
 */
function asTypeScript({ bytes, entryOffset, parametersOffset }, { name }, made) {
  const lines = bytes.toString('hex').match(/.{1,96}/g) ?? [];
  return `// Generated by build.mjs from native/. Do not edit.
// ${made}
import { fromHex } from '@kexec-kit/structures';

/** Of {@link ${name}}. */
export const ${name}Sha256 = '${createHash('sha256').update(bytes).digest('hex')}';

/** Of the first instruction, from the blob's start, in bytes. */
export const entryOffset = ${entryOffset};

/** Of the parameter block, from the blob's start, in bytes; the stack lies between the two. */
export const parametersOffset = ${parametersOffset};

/** Code and constants, position-independent: ${bytes.length} bytes. */
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
