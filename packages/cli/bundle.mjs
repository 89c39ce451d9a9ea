// Bundles the command line into few files: reading fifty small modules costs more than all that most commands do.
// main.js is one file, so that --version and --help read nothing else; the commands share their chunks.
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));
const commands = readdirSync(`${folder}src/commands`).map((file) => `src/commands/${file}`);

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: folder,
  outdir: 'bundle',
  outbase: 'src',
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
await build({ ...common, entryPoints: ['src/main.ts'], external: ['./commands/*'] });
await build({ ...common, entryPoints: commands, splitting: true, chunkNames: 'chunk-[hash]' });
