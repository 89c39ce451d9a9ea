// Bundles the command line into few files: reading fifty small modules costs more than all that most commands do.
// main.js and kexec.js are one file each, so that --version and --help read nothing else; the commands share their chunks.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const folder = fileURLToPath(new URL('.', import.meta.url));
const bundle = join(folder, 'bundle');

/** @type {import('rolldown').InputOptions} */
const source = {
  cwd: folder,
  platform: 'node',
  resolve: { conditionNames: ['@kexec-kit/source', 'node', 'import'] },
  transform: { target: 'node18.20' },
  logLevel: 'warn',
  // Entries are imported by their names, and nothing else is.
  preserveEntrySignatures: 'allow-extension',
};

/** @type {import('rolldown').OutputOptions} */
const output = {
  dir: bundle,
  format: 'esm',
  chunkFileNames: 'chunk-[hash].js',
  // Names stay as they are: they are what a stack trace says.
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
};

rmSync(bundle, { recursive: true, force: true });
const later = { external: [/^\.\/commands\//, './perform.js'] };
await write({ main: 'src/main.ts' }, later);
await write({ kexec: 'src/kexec/main.ts' }, later);
const commands = readdirSync(join(folder, 'src/commands')).map(
  (file) => /** @type {const} */ ([`commands/${parse(file).name}`, `src/commands/${file}`]),
);
const modules = await write(
  { ...Object.fromEntries(commands), perform: 'src/kexec/perform.ts' },
  // Native code cannot be bundled: the one dependency.
  { external: ['koffi'] },
  // Each file costs as much as 10 KiB that are not needed: what five commands share is in one.
  {
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'common', minShareCount: 5 }] },
  },
);
writeFileSync(join(bundle, 'LICENSES.txt'), licences(modules));

/**
 * @param {Record<string, string>} input
 * @param {import('rolldown').InputOptions} more
 * @param {import('rolldown').OutputOptions} [split]
 * @returns {Promise<string[]>} The modules that it is made of.
 */
async function write(input, more, split) {
  const built = await rolldown({ ...source, ...more, input });
  const { output: files } = await built.write({ ...output, ...split });
  await built.close();
  return files.flatMap((file) => ('moduleIds' in file ? file.moduleIds : []));
}

/**
 * What others ask to be told where their code is copied.
 *
 * @param {readonly string[]} modules
 */
function licences(modules) {
  const packages = modules.map((id) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.slice(0, 2));
  const found = new Map(packages.filter((found) => found !== undefined).map(([path, name]) => [name, path]));
  return [...found].map(([name, path]) => `${name}\n\n${licenceIn(path)}`).join('\n\n');
}

/** @param {string} path */
function licenceIn(path) {
  const file = readdirSync(path).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${path} has no licence`);
  return readFileSync(join(path, file), 'utf8');
}
