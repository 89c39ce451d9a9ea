// @ts-check
/**
 * The packages of this repository as their manifests describe them: the one place where tools learn which packages
 * there are, so that a new package needs no edit anywhere.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
export const scope = '@kexec-kit/';

/** Left may not import right; a package imports from what stands before it. */
export const layers = /** @type {const} */ ([
  'contract',
  'lib',
  'loader',
  'engine',
  'host',
  'app',
  'kit',
  'dev',
]);

/** @typedef {typeof layers[number]} Layer */

/**
 * From which layers each layer may import. What two loaders share is a lib; a loader whose images have an
 * image of another format in them imports that loader (docs/decisions/0013).
 *
 * @type {Record<Layer, readonly Layer[]>}
 */
export const mayImport = {
  contract: ['contract'],
  lib: ['contract', 'lib'],
  loader: ['contract', 'lib', 'loader'],
  engine: ['contract', 'lib', 'engine'],
  host: ['contract', 'lib', 'engine', 'host'],
  app: ['contract', 'lib', 'loader', 'engine', 'host', 'app'],
  kit: ['contract', 'lib', 'kit'],
  dev: ['contract', 'lib', 'dev'],
};

/** Layers whose packages run on Node only and may therefore import `node:*`. */
export const nodeLayers = /** @type {readonly Layer[]} */ (['host', 'app', 'dev']);

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {boolean} [private]
 * @property {Record<string, string>} [scripts]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [devDependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string> | string} [bin]
 * @property {Record<string, unknown>} [exports]
 * @property {readonly string[]} [files]
 * @property {{ layer: Layer }} [kexecKit]
 */

/**
 * @typedef {object} Package
 * @property {string} folder Its name under `packages/`.
 * @property {string} path
 * @property {Layer} layer
 * @property {Manifest} manifest
 */

/**
 * @param {string} path
 * @returns {any}
 */
export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * Every folder of `packages/` that has a manifest, by name.
 *
 * @returns {Package[]}
 */
export function packages(at = root) {
  return readdirSync(join(at, 'packages'))
    .sort()
    .filter((folder) => existsSync(join(at, 'packages', folder, 'package.json')))
    .map((folder) => packageAt(join(at, 'packages', folder), folder));
}

/**
 * The packages from which a package's sources may import: what is there when it is installed. Who ships a bundle
 * and no modules carries its development dependencies in it.
 *
 * @param {Manifest} manifest
 * @returns {Readonly<Record<string, string>>}
 */
export function importable({
  dependencies,
  peerDependencies,
  optionalDependencies,
  devDependencies,
  files = [],
}) {
  const bundled = files.includes('bundle') && !files.includes('dist') ? devDependencies : {};
  return { ...dependencies, ...peerDependencies, ...optionalDependencies, ...bundled };
}

/**
 * @param {string} path
 * @param {string} folder
 * @returns {Package}
 */
function packageAt(path, folder) {
  const manifest = /** @type {Manifest} */ (readJson(join(path, 'package.json')));
  const layer = manifest.kexecKit?.layer;
  if (layer === undefined || !layers.includes(layer)) {
    throw new Error(`packages/${folder}/package.json: kexecKit.layer must be one of ${layers.join(', ')}`);
  }
  return { folder, path, layer, manifest };
}
