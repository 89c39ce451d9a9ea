// @ts-check
/**
 * npm run oracle: made-up machines and images, asked of Debian's kexec(8) and of us.
 * The oracle is TypeScript, as its tests are; it is bundled for this from the packages' own source.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleModule } from './bundle-module.mjs';
import { root } from './workspace.mjs';

const folder = join(root, '.cache', 'oracle');
const bundle = await bundleModule('e2e/oracle/main.ts', join(folder, 'main.mjs'));
const { main } = await import(pathToFileURL(bundle).href);
process.exitCode = await main(process.argv.slice(2), join(folder, 'cases'));
