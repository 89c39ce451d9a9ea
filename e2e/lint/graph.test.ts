import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  importable,
  mayImport,
  nodeLayers,
  packages,
  readJson,
  root,
  scope,
  type Package,
} from '../../tools/workspace.mjs';

const all = packages();
const byName = new Map(all.map((one) => [one.manifest.name, one]));

interface TsConfig {
  readonly extends: string;
  readonly compilerOptions: { readonly types?: readonly string[] };
  readonly references: readonly { readonly path: string }[];
}

function tsconfig(one: Package): TsConfig {
  return readJson(join(one.path, 'tsconfig.json')) as TsConfig;
}

/** Which of our packages a package imports, and the versions it accepts. */
function needs({ manifest }: Package): Readonly<Record<string, string>> {
  const ours = Object.entries(importable(manifest)).filter(([name]) => name.startsWith(scope));
  return Object.fromEntries(ours.sort());
}

/** The first way back to where it started, or nothing. */
function circle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  function visit(name: string, path: readonly string[]): string[] | undefined {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of graph.get(name) ?? []) {
      const found = visit(next, [...path, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  }
  for (const name of graph.keys()) {
    const found = visit(name, []);
    if (found) return found;
  }
  return undefined;
}

describe('the packages', () => {
  it('need each other without a circle', () => {
    expect(circle(new Map(all.map((one) => [one.manifest.name, Object.keys(needs(one))])))).toBeUndefined();
  });

  it('would be caught in a circle', () => {
    expect(circle(new Map([['a', ['b']], ['b', ['c']], ['c', ['b']]]))).toEqual(['b', 'c', 'b']); // prettier-ignore
  });

  it('are all built from the root', () => {
    const { references } = readJson(join(root, 'tsconfig.json')) as TsConfig;
    expect(references.map(({ path }) => path).sort()).toEqual(all.map(({ folder }) => `packages/${folder}`));
  });
});

describe.each(all.map((one) => [one.folder, one] as const))('%s', (folder, one) => {
  it('is named like its folder, and says what it is and on which terms', () => {
    expect(one.manifest.name).toBe(`${scope}${folder}`);
    expect(existsSync(join(one.path, 'README.md')), 'README.md').toBe(true);
    expect(readFileSync(join(one.path, 'LICENSE'), 'utf8')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });

  it('declares only what its layer may import', () => {
    const wrong = Object.keys(needs(one)).filter(
      (name) => !mayImport[one.layer].includes(byName.get(name)!.layer),
    );
    expect(wrong).toEqual([]);
  });

  it('refers to exactly the projects that it declares', () => {
    const declared = Object.keys(needs(one)).map((name) => `../${name.slice(scope.length)}`);
    expect(
      tsconfig(one)
        .references.map(({ path }) => path)
        .sort(),
    ).toEqual(declared);
  });

  it('accepts the versions of its siblings that are here', () => {
    for (const [name, range] of Object.entries(needs(one))) {
      expect(range, name).toBe(`^${byName.get(name)!.manifest.version}`);
    }
  });

  it('compiles at the repository’s strictness, and knows Node only where its layer does', () => {
    const { extends: base, compilerOptions } = tsconfig(one);
    expect(base).toBe('../../tsconfig.base.json');
    expect(compilerOptions.types).toEqual(nodeLayers.includes(one.layer) ? ['node'] : []);
    expect(Object.keys(compilerOptions).filter((key) => /^(strict|no|exact|lib$)/.test(key))).toEqual([]);
  });

  it('runs no script when it is installed', () => {
    const { scripts = {} } = one.manifest;
    expect(
      Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare|pack|publish)$/.test(name)),
    ).toEqual([]);
  });

  it('uses every package that it declares', () => {
    const unused = Object.keys(one.manifest.dependencies ?? {}).filter((name) => !mentions(one, name));
    expect(unused).toEqual([]);
  });
});

function mentions(one: Package, name: string): boolean {
  const files = sources(one);
  return files.some((text) => text.includes(`'${name}'`) || text.includes(`'${name}/`));
}

/** bundle.mjs too: what it leaves out of the bundle has to be there beside it. */
function sources({ path }: Package): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^((src|bin)\/.*\.(ts|mjs)|bundle\.mjs)$/.test(file))
    .map((file) => readFileSync(join(path, file), 'utf8'));
}
