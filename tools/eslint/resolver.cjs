'use strict';
// Tells eslint-plugin-boundaries which file an import means: our packages by their source, so that linting needs no build.
const { existsSync } = require('node:fs');
const { builtinModules } = require('node:module');
const { dirname, join, resolve } = require('node:path');

const packages = resolve(__dirname, '../../packages');
const ours = /^@kexec-kit\/([^/]+)$/;

exports.interfaceVersion = 2;

exports.resolve = (/** @type {string} */ source, /** @type {string} */ file) => {
  if (source.startsWith('node:') || builtinModules.includes(source)) return { found: true, path: null };
  const folder = ours.exec(source)?.[1];
  if (folder !== undefined) return existing(join(packages, folder, 'src/index.ts'));
  if (!source.startsWith('.')) return { found: false };
  const target = resolve(dirname(file), source);
  return existing(target.replace(/\.js$/, '.ts'), target);
};

function existing(/** @type {string[]} */ ...candidates) {
  const path = candidates.find((candidate) => existsSync(candidate));
  return path === undefined ? { found: false } : { found: true, path };
}
