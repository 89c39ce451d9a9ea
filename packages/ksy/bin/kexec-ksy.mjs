#!/usr/bin/env node
// Committed, so that npm links it before anything is built.
import('../dist/main.js').then(
  async ({ main }) => {
    process.exitCode = await main();
  },
  (error) => {
    const unbuilt =
      error && error.code === 'ERR_MODULE_NOT_FOUND' && /dist.main\.js/.test(String(error.message));
    process.stderr.write(
      unbuilt ? 'kexec-ksy is not built here: run "npm run setup" first\n' : `${error && error.stack}\n`,
    );
    process.exitCode = 1;
  },
);
