// Bundles the command line into few files: reading fifty small modules costs more than all that most commands do.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));

rmSync(`${folder}bundle`, { recursive: true, force: true });
await build({
  absWorkingDir: folder,
  entryPoints: ['src/main.ts'],
  outdir: 'bundle',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node18.20',
  conditions: ['@kexec-kit/source'],
  legalComments: 'eof',
  chunkNames: 'chunk-[hash]',
  logLevel: 'warning',
  // CommonJS dependencies ask for `require`, which an ES module does not have.
  banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
});
