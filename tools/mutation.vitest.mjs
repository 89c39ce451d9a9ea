// @ts-check
/** How vitest runs the tests of one package on the copy of the tree in which tools/mutation.mjs changes it. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { mutated } from './mutation-packages.mjs';

const name = process.env['KEXEC_KIT_MUTATED'] ?? '';
const conditions = ['@kexec-kit/source', 'node', 'module'];

export default defineConfig({
  resolve: {
    conditions,
    // node_modules links to the tree that is not changed.
    alias: {
      [`@kexec-kit/${name}`]: fileURLToPath(new URL(`../packages/${name}/src/index.ts`, import.meta.url)),
    },
  },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [`packages/${name}/test/**/*.test.ts`],
    exclude: (mutated[name]?.without ?? []).map((each) => `packages/${name}/test/${each}.test.ts`),
    setupFiles: fileURLToPath(new URL('mutation-setup.mjs', import.meta.url)),
    testTimeout: 30_000,
  },
});
