import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { packages, root } from '../../tools/workspace.mjs';
import { docstringBlocks, markdownBlocks, type Block } from './blocks.js';
import { comparisonsOf } from './compare.js';
import { helloKernel } from './kernel.js';
import { programOf, type Program, type Scope } from './program.js';
import { typeErrors } from './types.js';

const folder = join(root, '.cache/docs');
const comparer = '../../e2e/docs/compare.js';

interface Example extends Program {
  readonly name: string;
  readonly path: string;
  readonly runs: boolean;
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const files = writeFiles({ vmlinuz: helloKernel('6.12.1'), 'initrd.img': new Uint8Array(5000).fill(0x6b) });
const examples = [...inPages(), ...(await inDocstrings())];

/** What examples name as the reader's own. */
function writeFiles(contents: Readonly<Record<string, Uint8Array>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(contents).map(([name, content]) => {
      writeFileSync(join(folder, name), content);
      return [name, join(folder, name)];
    }),
  );
}

/** Pages are copied whole: they bring their own names. */
function inPages(): readonly Example[] {
  const guide = readdirSync(join(root, 'docs/guide'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/guide/${name}`);
  const written = readmes().filter((file) => existsSync(join(root, file)));
  return ['README.md', ...written, ...guide].flatMap((file) =>
    markdownBlocks(file)
      .filter(({ info }) => /^ts\b/.test(info))
      .map((block) => write(block, new Map())),
  );
}

function readmes(): readonly string[] {
  return packages().map(({ path }) => `${relative(root, path)}/README.md`);
}

/** Docstrings are read where they stand: they see their own file, their package, the contract, and `scope.ts`. */
async function inDocstrings(): Promise<readonly Example[]> {
  const found: Example[] = [];
  for (const { path } of packages()) {
    const files = readdirSync(join(path, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
      .map((name) => relative(root, join(path, 'src', name)));
    for (const file of files) {
      const blocks = docstringBlocks(file).filter(({ info }) => /^ts\b/.test(info));
      if (blocks.length === 0) continue;
      const scope = await scopeOf([
        'packages/loader-api/src/index.ts',
        'packages/core/src/index.ts',
        `${relative(root, path)}/src/index.ts`,
        'e2e/docs/scope.ts',
        file,
      ]);
      found.push(...blocks.map((block) => write(block, scope)));
    }
  }
  return found;
}

/** What these modules export; a later one hides what an earlier one exports. */
async function scopeOf(files: readonly string[]): Promise<Scope> {
  const scope = new Map<string, string>();
  for (const file of files) {
    const path = join(root, file);
    if (!ts.sys.fileExists(path)) continue;
    const text = ts.sys.readFile(path) ?? '';
    const declared = [...text.matchAll(/^export declare const (\w+)/gm)].map(([, name]) => name!);
    const names = Object.keys((await import(path)) as object);
    for (const name of [...names, ...declared]) scope.set(name, `../../${file.replace(/\.ts$/, '.js')}`);
  }
  return scope;
}

function write(block: Block, scope: Scope): Example {
  const program = programOf(block, { scope, files, comparer });
  const path = join(folder, `${block.file.replaceAll(/[/.]/g, '_')}_${block.line}.ts`);
  writeFileSync(path, program.text);
  const runs = !block.info.includes('no-run');
  return { ...program, name: `${block.file}:${block.line}`, path, runs };
}

describe('the examples of READMEs, guides and docstrings', () => {
  it('are there, and so is a README for every package', () => {
    expect(examples.length).toBeGreaterThan(60);
    expect(readmes().filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('compile, as strictly as what they are about', () => {
    expect(typeErrors(examples.map(({ path }) => path))).toEqual([]);
  });
});

describe('what the examples say that comes of it, comes of it', () => {
  it.each(examples.filter(({ runs }) => runs))('$name', async ({ path, comparisons }) => {
    expect(await comparisonsOf(() => import(path))).toBe(comparisons);
  });
});
