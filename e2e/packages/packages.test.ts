import { readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { node18 } from '../../tools/node18.mjs';
import { nodeLayers, readJson, root } from '../../tools/workspace.mjs';
import { install, packAll, published, runIn, type Tarball } from './sandbox.js';

const nodes = [
  ['Node 18.20', node18()],
  ['this Node', process.execPath],
] as const;

let tarballs: ReadonlyMap<string, Tarball>;
beforeAll(async () => {
  tarballs = await packAll();
});
afterAll(async () => {
  const first = tarballs.values().next().value;
  if (first) await rm(dirname(first.path), { recursive: true });
});

it('the old Node is what Debian 12 has', async () => {
  expect(await runIn('/', nodes[0][1], '--version')).toMatch(/^v18\.20\./);
});

describe.each(published.map((one) => [one.manifest.name, one] as const))(
  '%s, packed and installed alone',
  (name, one) => {
    const isLibrary = one.manifest.exports?.['.'] !== undefined;
    let folder: string;
    beforeAll(async () => {
      folder = await install([name], tarballs, 'linked');
    });
    afterAll(async () => {
      await rm(folder, { recursive: true });
    });

    it('ships what it is made of and no test', () => {
      const { files } = tarballs.get(name)!;
      expect(files).toEqual(
        expect.arrayContaining([
          'package.json',
          'README.md',
          'dist/index.js',
          'dist/index.d.ts',
          'src/index.ts',
        ]),
      );
      expect(
        files.filter((file) => /(^|[/.-])(tests?|fixtures|golden|vitest)([/.-]|$)|tsbuildinfo/i.test(file)),
      ).toEqual([]);
    });

    if (isLibrary) {
      it.each(nodes)('is imported by %s', async (_node, binary) => {
        const names = (what: string): string =>
          `console.log(Object.keys(await import('${what}')).sort().join())`;
        const imported = await runIn(folder, binary, '--input-type=module', '--eval', names(name));
        const built = await runIn(
          root,
          process.execPath,
          '--input-type=module',
          '--eval',
          names(`${one.path}/dist/index.js`),
        );
        expect(imported).toBe(built);
      });

      it('gives its types to a strict user', async () => {
        await writeFile(
          join(folder, 'user.ts'),
          `import * as it from '${name}';\nexport const all: typeof it = it;\n`,
        );
        await writeFile(
          join(folder, 'tsconfig.json'),
          JSON.stringify({ compilerOptions: userOptions(), files: ['user.ts'] }),
        );
        await runIn(
          folder,
          process.execPath,
          join(root, 'node_modules/typescript/bin/tsc'),
          '--project',
          folder,
        );
      });
    }

    it('is a package as publint wants it', async () => {
      const pkgDir = join(folder, 'node_modules', name);
      const { messages } = await publint({ pkgDir, pack: false, strict: true });
      const manifest = readJson(join(pkgDir, 'package.json')) as Record<string, unknown>;
      expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
    });

    it('names nothing of the machine that packed it', async () => {
      const { files } = tarballs.get(name)!;
      for (const file of files) {
        expect(await readFile(join(folder, 'node_modules', name, file), 'latin1'), file).not.toContain(root);
      }
    });

    function userOptions(): object {
      const usesNode = nodeLayers.includes(one.layer);
      return {
        module: 'nodenext',
        target: 'es2022',
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        skipLibCheck: false,
        types: usesNode ? ['node'] : [],
        typeRoots: [join(root, 'node_modules/@types')],
      };
    }
  },
);
