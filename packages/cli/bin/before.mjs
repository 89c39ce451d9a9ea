#!/usr/bin/env node
// Committed, so that npm links it before anything is built. Keep the syntax old: an old Node must reach the sentence.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 18 || (major === 18 && minor < 20)) {
  process.stderr.write(`kexec-kit needs Node 18.20 or newer, this is ${process.versions.node}\n`);
  process.exitCode = 1;
} else {
  import('../bundle-before/main.js').then(
    ({ main }) => main(),
    (error) => {
      const unbuilt =
        error && error.code === 'ERR_MODULE_NOT_FOUND' && /bundle.main\.js/.test(String(error.message));
      process.stderr.write(
        unbuilt ? 'kexec-kit is not built here: run "npm run setup" first\n' : `${error && error.stack}\n`,
      );
      process.exitCode = unbuilt ? 1 : 70;
    },
  );
}
