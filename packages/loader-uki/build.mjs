import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { generateManifest } from '../../tools/loader-manifest.mjs';

/** @param {{ check: boolean }} options */
export function generate(options) {
  return generateManifest(import.meta.url, options);
}

if (pathToFileURL(argv[1] ?? '').href === import.meta.url) await generate({ check: false });
