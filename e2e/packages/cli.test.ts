import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { node18 } from '../../tools/node18.mjs';
import { install, packAll, runIn, type Tarball } from './sandbox.js';

// What a user has who installs the command line and one loader from the registry.
let tarballs: ReadonlyMap<string, Tarball>;
let folder: string;
beforeAll(async () => {
  tarballs = await packAll();
  folder = await install(['@kexec-kit/cli', '@kexec-kit/loader-bzimage'], tarballs, 'hoisted');
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(dirname(tarballs.values().next().value!.path), { recursive: true });
});

describe.each([
  ['Node 18.20', node18()],
  ['this Node', process.execPath],
])('the packed command line on %s', (_node, binary) => {
  const kexecKit = (...args: readonly string[]): Promise<string> =>
    runIn(folder, binary, join(folder, 'node_modules/.bin/kexec-kit'), ...args);

  it('helps', async () => {
    expect(await kexecKit('--help')).toContain('kexec-kit inspect');
  });

  it('has the program kexec, for scripts, which knows the same loader', async () => {
    const kexec = (...args: readonly string[]) =>
      runIn(folder, binary, join(folder, 'node_modules/.bin/kexec'), ...args);
    expect(await kexec('--version')).toMatch(/^kexec of kexec-kit \d/);
    expect(await kexec('--help')).toContain('Types: bzimage, bzImage64, bzImage.');
  });

  it('knows the loader that is installed beside it, and no other', async () => {
    const loaders = JSON.parse(await kexecKit('loaders', '--json')) as unknown;
    expect(JSON.stringify(loaders).match(/"name":"[a-z0-9-]+","version"/g)).toHaveLength(1);
  });

  it('inspects a real kernel', async () => {
    const { path } = await image('linux-6.12-cloud');
    const inspected = JSON.parse(await kexecKit('inspect', path, '--json')) as {
      loader: unknown;
      facts: unknown[];
    };
    expect(JSON.stringify(inspected.loader)).toContain('bzimage');
    expect(inspected.facts.length).toBeGreaterThan(0);
  });

  it('plans a real kernel', async () => {
    const { path } = await image('linux-6.12-cloud');
    const plan = await kexecKit('plan', path, '--memory', '1G', '--json');
    expect(JSON.parse(plan)).toMatchObject({ ok: true, plan: { submission: { method: 'segments' } } });
  });
});
