// @ts-check
/**
 * `kexec-kit/imports`: what a file imports is declared by its own package, and no relative path leaves the package.
 * (n/no-extraneous-import also accepts what the workspace root declares, which no installed package has.)
 */
import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { importable, packages, readJson, root } from '../workspace.mjs';

/** @import { Rule } from 'eslint' */
/** @import { Manifest } from '../workspace.mjs' */

/** @type {Rule.RuleModule} */
export const imports = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      undeclared:
        '"{{name}}" is not declared in {{manifest}}: whoever installs that package would not have it.',
      leaves: 'A relative import leaves its package: import "@kexec-kit/…" and declare it.',
    },
  },
  create(context) {
    const home = packageFolder(context.filename);
    const isTest = relative(home, context.filename).split(sep)[0] !== 'src';
    const declared = declaredBy(home, isTest);

    /** @param {{ source?: unknown }} node */
    function check(node) {
      const source = /** @type {Rule.Node & { value?: unknown } | null | undefined} */ (node.source);
      if (typeof source?.value !== 'string') return;
      const problem = problemOf(source.value, context.filename, home, declared, isTest);
      if (problem !== undefined) context.report({ node: source, ...problem });
    }

    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/**
 * @param {string} source
 * @param {string} file
 * @param {string} home
 * @param {ReadonlySet<string>} declared
 * @param {boolean} isTest
 */
function problemOf(source, file, home, declared, isTest) {
  if (source.startsWith('.')) {
    const target = relative(home, resolve(dirname(file), source));
    // Tests may reach the repository's tools; the inside of another package is out of bounds for them too.
    const leaves = target.startsWith('..') && (!isTest || inPackages(home, target));
    return leaves ? { messageId: 'leaves' } : undefined;
  }
  if (source.startsWith('node:') || builtinModules.includes(source)) return undefined;
  const name = source.split('/', source.startsWith('@') ? 2 : 1).join('/');
  if (declared.has(name)) return undefined;
  return { messageId: 'undeclared', data: { name, manifest: relative(root, join(home, 'package.json')) } };
}

/**
 * @param {string} home
 * @param {string} target
 */
function inPackages(home, target) {
  return relative(join(root, 'packages'), resolve(home, target)).split(sep)[0] !== '..';
}

/**
 * @param {string} file
 * @returns {string}
 */
function packageFolder(file) {
  const folder = dirname(file);
  return existsSync(join(folder, 'package.json')) || folder === dirname(folder)
    ? folder
    : packageFolder(folder);
}

/**
 * Tests run in the repository only, where the root's development tools and every package are at hand.
 *
 * @param {string} home
 * @param {boolean} isTest
 * @returns {Set<string>}
 */
function declaredBy(home, isTest) {
  const own = /** @type {Manifest} */ (readJson(join(home, 'package.json')));
  const names = [own.name, ...Object.keys(importable(own))];
  if (!isTest) return new Set(names);
  const top = /** @type {Manifest} */ (readJson(join(root, 'package.json')));
  const siblings = packages().map(({ manifest }) => manifest.name);
  return new Set([...names, ...siblings, ...Object.keys({ ...own.devDependencies, ...top.devDependencies })]);
}
