// @ts-check
/** TypeScript of this repository for a tool: a tool is run by Node as it is. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './workspace.mjs';

/**
 * Bundles a module with our packages from their source; what is installed stays outside.
 *
 * @param {string} entry From the root.
 * @param {string} outfile
 * @returns {Promise<string>} The file that was written.
 */
export async function bundleModule(entry, outfile) {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@kexec-kit/source'],
    external: ['koffi'],
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    plugins: [toolsStayOutside],
    logLevel: 'warning',
  });
  return outfile;
}

/**
 * Tools find the repository from where they lie.
 *
 * @type {import('esbuild').Plugin}
 */
const toolsStayOutside = {
  name: 'tools stay outside',
  setup({ onResolve }) {
    onResolve({ filter: /\/tools\/[^/]+\.mjs$/ }, ({ path, resolveDir }) => {
      return { path: pathToFileURL(join(resolveDir, path)).href, external: true };
    });
  },
};
