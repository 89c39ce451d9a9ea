#!/usr/bin/env node
// Starts everything: `node tools/run.mjs setup|demo|test|test:all|bench|build|generate`.
// This file alone is read by a Node that may be too old, so its syntax stays plain and it imports nothing by itself.
const wanted = [20, 19];
const here = process.versions.node.split('.').map(Number);

if (here[0] < wanted[0] || (here[0] === wanted[0] && here[1] < wanted[1])) {
  console.error(
    'kexec-kit is developed on Node ' +
      wanted.join('.') +
      ' or newer, and this is Node ' +
      process.versions.node +
      '.',
  );
  process.exitCode = 1;
} else {
  import('./commands.mjs').then(
    function (commands) {
      return commands.main(process.argv.slice(2));
    },
    function (error) {
      console.error(error);
      process.exitCode = 1;
    },
  );
}
