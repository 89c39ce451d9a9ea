import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { node18 } from '../../tools/node18.mjs';
import { nodeLayers, readJson, root, type Package } from '../../tools/workspace.mjs';
import { install, packAll, published, runIn, type Tarball } from './sandbox.js';

const nodes = [
  ['Node 18.20', node18()],
  ['this Node', process.execPath],
] as const;
const libraries = published.filter(isLibrary);

let tarballs: ReadonlyMap<string, Tarball>;
const folders = new Map<string, string>();
beforeAll(async () => {
  tarballs = await packAll();
  await Promise.all([installEach(0), installEach(1)]);
});
afterAll(async () => {
  const first = tarballs.values().next().value;
  if (first) await rm(dirname(first.path), { recursive: true });
  await Promise.all([...folders.values()].map((folder) => rm(folder, { recursive: true })));
});

/** Every other package, each alone in a folder of its own: two of these keep two cores busy. */
async function installEach(start: number): Promise<void> {
  for (const { manifest } of published.filter((_, index) => index % 2 === start)) {
    folders.set(manifest.name, await install([manifest.name], tarballs, 'linked'));
  }
}

function isLibrary({ manifest }: Package): boolean {
  return manifest.exports?.['.'] !== undefined;
}

it('the old Node is what Debian 12 has', async () => {
  expect(await runIn('/', nodes[0][1], '--version')).toMatch(/^v18\.20\./);
});

describe.each(published.map((one) => [one.manifest.name, one] as const))(
  '%s, packed and alone',
  (name, one) => {
    it('ships what it is made of and no test', () => {
      const { files } = tarballs.get(name)!;
      const library = ['dist/index.js', 'dist/index.d.ts', 'src/index.ts'];
      const wanted = ['package.json', 'README.md', 'LICENSE', ...(isLibrary(one) ? library : [])];
      expect(files).toEqual(expect.arrayContaining(wanted));
      const tests = /(^|[/.-])(tests?|fixtures|golden|vitest)([/.-]|$)|tsbuildinfo/i;
      expect(files.filter((file) => tests.test(file))).toEqual([]);
    });

    it('is a package as publint wants it', async () => {
      const pkgDir = join(folders.get(name)!, 'node_modules', name);
      const { messages } = await publint({ pkgDir, pack: false, strict: true });
      const manifest = readJson(join(pkgDir, 'package.json')) as Record<string, unknown>;
      expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
    });

    it('names nothing of the machine that packed it', async () => {
      for (const file of tarballs.get(name)!.files) {
        const text = await readFile(join(folders.get(name)!, 'node_modules', name, file), 'latin1');
        expect(text.includes(root), file).toBe(false);
      }
    });
  },
);

describe.each(nodes)('%s', (_node, binary) => {
  it.each(libraries.map((one) => [one.manifest.name, one] as const))('imports %s', async (name, { path }) => {
    const names = (what: string): string => `console.log(Object.keys(await import('${what}')).sort().join())`;
    const [imported, built] = await Promise.all([
      runIn(folders.get(name)!, binary, '--input-type=module', '--eval', names(name)),
      runIn(root, process.execPath, '--input-type=module', '--eval', names(`${path}/dist/index.js`)),
    ]);
    expect(imported).toBe(built);
  });
});

// All of them in one program: what is asked is whether their types resolve, and a compiler takes long to start.
describe('a strict user has the types', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await install(
      libraries.map(({ manifest }) => manifest.name),
      tarballs,
      'hoisted',
    );
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it.each([
    ['of what runs on Node', libraries.filter(({ layer }) => nodeLayers.includes(layer)), ['node']],
    [
      'of what runs anywhere, where Node is not known',
      libraries.filter(({ layer }) => !nodeLayers.includes(layer)),
      [],
    ],
  ])('%s', async (_what, some, types) => {
    const imports = some.map(
      ({ manifest }, index) => `export * as it${String(index)} from '${manifest.name}';\n`,
    );
    const compilerOptions = {
      ...{ module: 'nodenext', target: 'es2022', lib: ['es2022'], noEmit: true, skipLibCheck: false },
      ...{ strict: true, exactOptionalPropertyTypes: true },
      ...{ types, typeRoots: [join(root, 'node_modules/@types')] },
    };
    await writeFile(join(folder, 'user.ts'), imports.join(''));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
    await runIn(folder, process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '--project', folder);
  });
});
