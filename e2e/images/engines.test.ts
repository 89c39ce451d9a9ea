import { fileURLToPath } from 'node:url';
import { sha256 } from '@noble/hashes/sha2.js';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { linkPlanned, linuxTarget, open, plan, serializeSubmission } from '@kexec-kit/core';
import { nodeEngines, openSource } from '@kexec-kit/host-node';
import { unwrap, type Engines, type Source, type SourceBytes } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { loaders } from '@kexec-kit/preset-x86';
import { image } from '../../tools/images.mjs';

/** What a browser would hand in: SHA-256 in JavaScript. */
const javascriptEngines: Engines = {
  sha256: () => {
    const hash = sha256.create();
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
};

it.each(['linux-6.12-cloud', 'linux-6.1'])(
  '%s gives equal submissions with the engines of Node and of a browser, on every machine where it fits',
  async (name) => {
    const kernel = unwrap(await openSource((await image(name)).path, { id: 'image', keepBytes: true }));
    const initrd: Source = { id: 'initrd.0', name: 'initrd', size: 3_000_001, sha256: 'ab'.repeat(32) };
    for (const [machine, where] of Object.entries(standardMachines)) {
      const [node, browser] = [nodeEngines, javascriptEngines].map((engines) =>
        submit(kernel, initrd, where, engines),
      );
      expect(node, machine).toBe(browser);
    }
  },
);

function submit(
  kernel: SourceBytes,
  initrd: Source,
  machine: Parameters<typeof plan>[1]['machine'],
  engines: Engines,
) {
  const opened = unwrap(open(kernel, loaders));
  const planned = unwrap(plan(opened, { machine, options: { initrd: [initrd], 'command-line': 'quiet' } }));
  const linked = linkPlanned(planned, {
    target: linuxTarget(machine.architecture),
    engines,
    sources: [initrd],
  });
  return linked.ok ? serializeSubmission(linked.value, engines) : JSON.stringify(linked.diagnostics);
}

it('everything up to the submission bundles for a browser: no module of Node is asked for', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const bundled = await build({
    stdin: {
      contents: "export * from '@kexec-kit/core'; export * from '@kexec-kit/loader-bzimage';",
      resolveDir: `${root}packages/preset-x86`,
    },
    nodePaths: [`${root}node_modules`],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['@kexec-kit/source'],
    logLevel: 'silent',
  });
  expect(bundled.errors).toEqual([]);
  expect(bundled.outputFiles[0]?.text.length).toBeGreaterThan(100_000);
});
