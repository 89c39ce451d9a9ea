// Links src/native into a flat blob for each running architecture and writes them to src/generated, which is committed: only
// who changes purgatory needs a compiler. `CC` chooses another compiler than gcc; then blobs are proved, but never written.
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  demandNoVectorCode,
  flags,
  hexLines,
  inScratch,
  keepGenerated,
  linkFlat,
  run,
  runAsProgram,
} from '../../tools/native-blob.mjs';

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
    elsewhere: '0x123456000',
  },
  i386: {
    name: 'purgatory32',
    entry: 'entry32.S',
    sources: ['sha256-scalar.c'],
    flags: ['-m32', '-march=i686'],
    emulation: 'elf_i386',
    elsewhere: '0x23456000',
  },
};

/** @typedef {keyof typeof variants} Architecture */
/** @typedef {(typeof variants)[Architecture]} Variant */

/**
 * @typedef {object} Blob
 * @property {Buffer} bytes
 * @property {number} entryOffset of the first instruction
 * @property {number} parametersOffset where the parameter block begins; the stack ends there
 * @property {ReadonlyMap<string, number>} offsets of everything that has a name
 */

/**
 * Writes the generated files, or with `check` compares them.
 *
 * @param {{ check?: boolean }} [options]
 * @returns {string[]} the files that were not what they should be
 */
export function generate({ check = false } = {}) {
  const compiler = process.env['CC'] ?? 'gcc';
  const files = /** @type {Architecture[]} */ (Object.keys(variants)).map((architecture) => ({
    path: join(generated, `${variants[architecture].name}.ts`),
    textOf: (/** @type {string} */ made) =>
      asTypeScript(build({ compiler, architecture }), variants[architecture], made),
  }));
  return keepGenerated(files, { check, compiler });
}

/**
 * Compiles, links at both addresses, and refuses what is not one flat position-independent program without vector code.
 *
 * @param {{ compiler: string, architecture?: Architecture, own?: readonly string[], extraSources?: readonly string[] }} options
 *   `own`: what {@link compileOwn} gave, if that is to be used again
 * @returns {Blob}
 */
export function build({ compiler, architecture = 'x86_64', own, extraSources = [] }) {
  const { emulation, elsewhere, ...variant } = variants[architecture];
  return inScratch('purgatory', (folder) => {
    const extra = extraSources.map((source) => compile(compiler, variant, source, folder));
    const objects = [...(own ?? compileOwn({ compiler, architecture, folder })), ...extra];
    const linking = { script, emulation, elsewhere, undefinedSymbols: ['parameters', 'stack_end'] };
    const { bytes, symbols } = linkFlat(objects, linking, folder);
    return {
      bytes,
      entryOffset: offset(symbols, 'purgatory_entry'),
      parametersOffset: offset(symbols, 'parameters'),
      offsets: symbols,
    };
  });
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
 * @param {Pick<Variant, 'flags'>} variant
 * @param {string} source
 * @param {string} folder
 */
function compile(compiler, variant, source, folder) {
  const object = join(folder, `${basename(source)}.o`);
  const registers = basename(source) === 'sha256-sse2.c' ? '-msse2' : '-mgeneral-regs-only';
  run(compiler, [...flags, ...variant.flags, registers, '-o', object, source]);
  demandNoVectorCode(object, { sse: vectors.includes(basename(source)) });
  return object;
}

/**
 * @param {ReadonlyMap<string, number>} symbols
 * @param {string} name
 */
function offset(symbols, name) {
  const value = symbols.get(name);
  if (value === undefined) throw new Error(`purgatory has no symbol ${name}`);
  return value;
}

/**
 * @param {Blob} blob
 * @param {Variant} variant
 * @param {string} made
 */
function asTypeScript({ bytes, entryOffset, parametersOffset }, { name }, made) {
  return `// Generated by build.mjs from native/. Do not edit.
// ${made}
import { fromHex } from '@kexec-kit/structures';

/** Of {@link ${name}}. */
export const ${name}Sha256 = '${createHash('sha256').update(bytes).digest('hex')}';

/** Of the first instruction, from the blob's start, in bytes. */
export const entryOffset = ${entryOffset};

/** Of the parameter block, from the blob's start, in bytes; the stack lies between the two. */
export const parametersOffset = ${parametersOffset};

/** Code and constants, position-independent: ${bytes.length} bytes. Decoded when first asked for: one of the two is enough for most. */
export const ${name} = (): Uint8Array => (decoded ??= fromHex(hex));

let decoded: Uint8Array | undefined;

const hex = \`
${hexLines(bytes)}
\`;
`;
}

runAsProgram(import.meta.url, generate);
