// Bundles the command line into few files: reading fifty small modules costs more than all that most commands do.
// main.js and kexec.js are one file each, so that --version and --help read nothing else; the commands share their chunks.
import { readdirSync, rmSync } from 'node:fs';
import { parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));
const named = (/** @type {string} */ name) => ({ in: `src/${name}.ts`, out: name });
const commands = readdirSync(`${folder}src/commands`).map((file) => named(`commands/${parse(file).name}`));

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: folder,
  outdir: 'bundle',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node18.20',
  conditions: ['@kexec-kit/source'],
  legalComments: 'eof',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
};

rmSync(`${folder}bundle`, { recursive: true, force: true });
const programs = [named('main'), { in: 'src/kexec/main.ts', out: 'kexec' }];
await build({ ...common, entryPoints: programs, external: ['./commands/*', './perform.js'] });
await build({
  ...common,
  entryPoints: [...commands, { in: 'src/kexec/perform.ts', out: 'perform' }],
  splitting: true,
  chunkNames: 'chunk-[hash]',
  // Native code cannot be bundled: the one dependency.
  external: ['koffi'],
});
