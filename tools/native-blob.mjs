// @ts-check
/**
 * How a few pages of machine code become a committed TypeScript file: compiled, linked at two addresses, proved to be one flat
 * position-independent program, and compared with what is committed. What is particular to a program stands in its package's
 * build.mjs. `CC` chooses another compiler than gcc; then a program is proved, but never written.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** No library, no table of addresses, nothing that a compiler adds unasked. Whether vector registers are used, each source says. */
export const flags = [
  '-c -O2 -std=c11 -Wall -Wextra -Wconversion -Werror -Wframe-larger-than=1024',
  '-ffreestanding -fno-builtin -fPIC -fvisibility=hidden -fno-jump-tables -fno-delete-null-pointer-checks',
  '-mno-red-zone -fno-tree-vectorize -fno-stack-protector -fcf-protection=none',
  '-fno-asynchronous-unwind-tables -fno-ident',
].flatMap((line) => line.split(' '));

/**
 * @typedef {object} Linking
 * @property {string} script
 * @property {string} emulation
 * @property {string} elsewhere a second address, beside 0: what is not position-independent differs, though it may have no relocations
 * @property {readonly string[]} [undefinedSymbols] what only the script gives
 */

/**
 * Links at both addresses, and refuses what is not one flat position-independent program.
 *
 * @param {readonly string[]} objects
 * @param {Linking} linking
 * @param {string} folder for what lies between
 * @returns {{ bytes: Buffer, symbols: ReadonlyMap<string, number> }} symbols: offsets by name
 */
export function linkFlat(objects, linking, folder) {
  const program = link(objects, linking, '0', folder);
  const bytes = flatten(program);
  if (!bytes.equals(flatten(link(objects, linking, linking.elsewhere, folder))))
    throw new Error(`the bytes depend on the address: at 0 they are others than at ${linking.elsewhere}`);
  demandNoDynamicRelocations(objects, linking, folder);
  return { bytes, symbols: symbolsOf(program) };
}

/**
 * @param {readonly string[]} objects
 * @param {Linking} linking
 * @param {string} base
 * @param {string} folder
 */
function link(objects, { script, emulation }, base, folder) {
  const program = join(folder, `linked-${base}.elf`);
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
 * @param {Linking} linking
 * @param {string} folder
 */
function demandNoDynamicRelocations(objects, { emulation, undefinedSymbols = [] }, folder) {
  const library = join(folder, 'shared.so');
  const symbols = undefinedSymbols.map((name) => `--defsym=${name}=0`);
  const fixed = ['-m', emulation, '-shared', '-Bsymbolic', '-z', 'notext'];
  run('ld', [...fixed, ...symbols, '-o', library, ...objects]);
  const listed = run('readelf', ['--relocs', '--wide', library]);
  if (!listed.includes('no relocations')) throw new Error(`there are dynamic relocations:${listed}`);
}

/**
 * CR4.OSFXSR may be clear: there an instruction on xmm registers is an invalid opcode. Wider ones nobody turns on at all.
 *
 * @param {string} object
 * @param {{ sse?: boolean }} [allowed] sse: it runs where xmm registers have been turned on
 */
export function demandNoVectorCode(object, { sse = false } = {}) {
  const listing = run('objdump', ['--disassemble', '--no-show-raw-insn', object]);
  const forbidden = sse ? /^.*%(?:[yz]?mm|st\b|k)\d?.*$/m : /^.*%(?:[xyz]?mm|st\b|k)\d?.*$/m;
  const found = forbidden.exec(listing);
  if (found) throw new Error(`${basename(object)} has vector code: ${found[0].trim()}`);
}

/** @param {string} program linked at 0, so that a symbol's value is its offset */
function symbolsOf(program) {
  const lines = run('nm', [program]).trim().split('\n');
  return new Map(
    lines.map((line) => line.split(' ')).map(([value, , name]) => [String(name), Number(`0x${value}`)]),
  );
}

/**
 * @template T
 * @param {string} name
 * @param {(folder: string) => T} work given a private folder that is gone afterwards
 * @returns {T}
 */
export function inScratch(name, work) {
  const folder = mkdtempSync(join(tmpdir(), `kexec-kit-${name}-`));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Writes the generated files, or with `check` compares them. With other tools than those that made what is committed the
 * bytes may differ: then that is said, and the file is left as it is.
 *
 * @param {readonly { path: string, textOf: (made: string) => string }[]} files
 * @param {{ check?: boolean, compiler: string }} how
 * @returns {string[]} the files that were not what they should be
 */
export function keepGenerated(files, { check = false, compiler }) {
  const made = madeBy(compiler);
  return files
    .filter(({ path, textOf }) => !isKept(path, textOf(made), { check, made }))
    .map(({ path }) => path);
}

/**
 * @param {string} path
 * @param {string} text
 * @param {{ check: boolean, made: string }} how
 */
function isKept(path, text, { check, made }) {
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

/** @param {string} compiler */
function madeBy(compiler) {
  return [compiler, 'ld'].map((tool) => run(tool, ['--version']).split('\n')[0]).join('; ');
}

/**
 * The bytes as an argument of `fromHex`.
 *
 * @param {Buffer} bytes
 */
export function hexLines(bytes) {
  return (bytes.toString('hex').match(/.{1,96}/g) ?? []).join('\n');
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
export function run(program, args) {
  return execFileSync(program, args, {
    encoding: /** @type {const} */ ('utf8'),
    // What a tool complains of is in the exception.
    stdio: /** @type {const} */ ('pipe'),
    env: { ...process.env, LC_ALL: 'C', SOURCE_DATE_EPOCH: '0' },
  });
}

/** @param {string} path */
export function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return '';
    throw error;
  }
}

/**
 * What `node build.mjs [--check]` does.
 *
 * @param {string} url of the module
 * @param {(options: { check: boolean }) => readonly string[]} generate
 */
export function runAsProgram(url, generate) {
  if (process.argv[1] !== fileURLToPath(url)) return;
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
