import { ESLint } from 'eslint';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../tools/workspace.mjs';

// The repository's own configuration, with one line planted in a file that is really there: what fires here fires in `npm test`.
let eslint: ESLint;
beforeAll(() => {
  // Under CI=true typescript-eslint reads each file from the disk once and would not see the planted line.
  process.env['TSESTREE_SINGLE_RUN'] = 'false';
  eslint = new ESLint({ cwd: root });
});

/** The rules that an added line breaks in a source file, which without it breaks none of them. */
async function brokenBy(line: string, file: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${line}\n`, { filePath: join(root, file) });
  const ours = /^(boundaries|kexec-kit|n)\/|^no-restricted-syntax$|^no-console$/;
  const broken = result!.messages.map(({ ruleId, message, fatal }) =>
    fatal === true ? message : (ruleId ?? message),
  );
  return [...new Set(broken.filter((rule) => ours.test(rule) || rule.includes('Parsing')))].sort();
}

const contract = 'packages/loader-api/src/index.ts';
const lib = 'packages/memory/src/index.ts';
const loader = 'packages/loader-bzimage/src/index.ts';
const engine = 'packages/core/src/index.ts';
const host = 'packages/host-node/src/index.ts';
const app = 'packages/cli/src/main.ts';
const kit = 'packages/loader-testkit/src/index.ts';

describe('an import against the layers is refused', () => {
  it.each([
    ['the contract imports a lib', contract, 'memory'],
    ['a lib imports an engine', lib, 'link'],
    ['a lib imports a loader', lib, 'loader-bzimage'],
    ['a loader imports an engine', loader, 'core'],
    ['a loader imports a host', loader, 'machine'],
    ['an engine imports a loader', engine, 'loader-bzimage'],
    ['an engine imports a host', engine, 'host-node'],
    ['a host imports a loader', host, 'loader-bzimage'],
    ['a host imports an app', host, 'preset-x86'],
    ['the kit imports an engine', kit, 'link'],
    ['the app imports the kit', app, 'loader-testkit'],
    ['the app imports a development tool', app, 'ksy'],
  ])('%s', async (_what, file, target) => {
    expect(await brokenBy(`export * as planted from '@kexec-kit/${target}';`, file)).toContain(
      'boundaries/dependencies',
    );
  });

  it('and in every form of import', async () => {
    for (const line of [
      "import { link } from '@kexec-kit/link'; export const planted = link;",
      "import type { LinkInput } from '@kexec-kit/link'; export type Planted = LinkInput;",
      "export { link } from '@kexec-kit/link';",
      "export const planted = import('@kexec-kit/link');",
    ]) {
      expect(await brokenBy(line, lib), line).toContain('boundaries/dependencies');
    }
  });

  it('with a sentence that says which layers there are', async () => {
    const [result] = await eslint.lintText("export * from '@kexec-kit/link';\n", {
      filePath: join(root, lib),
    });
    const message = result!.messages.find(({ ruleId }) => ruleId === 'boundaries/dependencies')?.message;
    expect(message).toMatch(/^A lib package may not import @kexec-kit\/link: .*contract → lib → loader/);
  });
});

describe("Node's own modules are for what runs on Node only", () => {
  const line = "import { readFileSync } from 'node:fs'; export const planted = readFileSync;";

  it.each([contract, lib, loader, engine, kit])('refused in %s', async (file) => {
    expect(await brokenBy(line, file)).toContain('boundaries/dependencies');
  });

  it.each([host, app, 'packages/ksy/src/index.ts'])('allowed in %s', async (file) => {
    expect(await brokenBy(line, file)).toEqual([]);
  });

  it('refused without the prefix too', async () => {
    expect(await brokenBy(line.replace('node:', ''), lib)).toContain('boundaries/dependencies');
  });

  it('and what Node 18.20 does not have is refused even there', async () => {
    expect(await brokenBy("import { hash } from 'node:crypto'; export const planted = hash;", host)).toEqual([
      'n/no-unsupported-features/node-builtins',
    ]);
  });
});

describe('an import that its own package does not declare is refused', () => {
  it.each([
    ['of a sibling in a layer that it may use', 'packages/structures/src/index.ts', '@kexec-kit/memory'],
    ['of what only the root has', lib, 'yaml'],
    ['of what nobody has', lib, 'left-pad'],
    ['of what only a sibling declares', host, 'valibot'],
  ])('%s', async (_what, file, name) => {
    expect(await brokenBy(`export * as planted from '${name}';`, file)).toContain('kexec-kit/imports');
  });
});

describe('a relative import that leaves its package is refused', () => {
  it.each(['../../link/src/index.js', '../../loader-api/src/index.js', '../../../tools/images.mjs'])(
    '%s',
    async (path) => {
      expect(await brokenBy(`export * as planted from '${path}';`, lib)).toContain('kexec-kit/imports');
    },
  );

  it('in tests too, when it enters another package', async () => {
    const test = 'packages/memory/test/ranges.test.ts';
    expect(await brokenBy("export * as planted from '../../link/src/index.js';", test)).toEqual([
      'kexec-kit/imports',
    ]);
    expect(await brokenBy("export * as planted from '../../../tools/images.mjs';", test)).toEqual([]);
  });
});

describe('what the layers allow is left alone', () => {
  it.each([
    ['a lib imports the contract', lib, '@kexec-kit/loader-api'],
    ['a loader imports a lib', loader, '@kexec-kit/linux-boot'],
    ['an engine imports an engine', engine, '@kexec-kit/link'],
    ['a host imports an engine', host, '@kexec-kit/core'],
    ['the app imports a host', app, '@kexec-kit/machine'],
    ['the kit imports a lib', kit, '@kexec-kit/memory'],
    ['a declared package from outside', engine, 'valibot'],
  ])('%s', async (_what, file, name) => {
    expect(await brokenBy(`export * as planted from '${name}';`, file)).toEqual([]);
  });
});

describe('the house rules', () => {
  it.each([
    ['a default export', 'export default 1;', 'no-restricted-syntax'],
    ['a default export by name', 'const one = 1; export { one as default };', 'no-restricted-syntax'],
    [
      'Number of a bigint',
      'export const planted = (value: bigint): number => Number(value);',
      'kexec-kit/no-number-of-bigint',
    ],
    [
      'Number of what may be a bigint',
      'export const planted = (value: bigint | string): number => Number(value);',
      'kexec-kit/no-number-of-bigint',
    ],
    ['parseInt', "export const planted = parseInt('12abc', 10);", 'no-restricted-syntax'],
    ['Math.random', 'export const planted = Math.random();', 'no-restricted-syntax'],
  ])('refuse %s', async (_what, line, rule) => {
    expect(await brokenBy(line, lib)).toEqual([rule]);
  });

  it('allow Number of a text that was checked', async () => {
    expect(await brokenBy('export const planted = (value: string): number => Number(value);', lib)).toEqual(
      [],
    );
  });

  it('leave generated readers alone', async () => {
    expect(await eslint.isPathIgnored(join(root, 'packages/linux-boot/src/generated/setup_header.ts'))).toBe(
      true,
    );
  });
});
