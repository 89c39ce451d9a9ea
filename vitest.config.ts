import { defineConfig } from 'vitest/config';
import { tiers } from './tools/tiers.mjs';

// Our packages by their source: a test needs no build.
// Not `import`: it would be handed to `require` in the workers as well.
const conditions = ['@kexec-kit/source', 'node', 'module'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    pool: 'threads',
    projects: tiers.flatMap(({ name, tests, testTimeout = 30, retry = 0, isolate = true }) =>
      tests === undefined
        ? []
        : [
            {
              extends: true,
              test: {
                name,
                include: [...tests],
                retry,
                isolate,
                testTimeout: testTimeout * 1000,
                hookTimeout: testTimeout * 1000,
              },
            },
          ],
    ),
  },
});
