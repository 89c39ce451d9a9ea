// @ts-check
/** One file for each loader: the command line imports one of them at every start, and sixty small modules cost 60 ms. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles a loader package's code and what it is made of into `bundle/index.js`, for programs that look for loaders.
 * Programs that import the package get its modules, as ever.
 *
 * @param {string} from `import.meta.url` of the package's bundle.mjs.
 */
export async function bundleLoader(from) {
  const folder = fileURLToPath(new URL('.', from));
  rmSync(`${folder}bundle`, { recursive: true, force: true });
  await build({
    absWorkingDir: folder,
    entryPoints: ['src/index.ts'],
    outfile: 'bundle/index.js',
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    conditions: ['@kexec-kit/source'],
    legalComments: 'eof',
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'warning',
  });
}
