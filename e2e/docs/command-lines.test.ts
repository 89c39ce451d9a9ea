import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packages, root } from '../../tools/workspace.mjs';
import { markdownBlocks } from './blocks.js';
import { commands } from './cli.js';
import { kexecKitLines, parseLine } from './command-lines.js';

const pages = [
  'README.md',
  ...packages().map(({ path }) => relative(root, join(path, 'README.md'))),
  ...['docs/guide', 'docs/reference'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  ),
].filter((page) => page.endsWith('.md') && existsSync(join(root, page)));

const written = pages.flatMap((page) =>
  markdownBlocks(page)
    .filter(({ info }) => info === 'sh')
    .flatMap(({ code, line }) => kexecKitLines(code).map((argv) => ({ where: `${page}:${line}`, argv }))),
);
const inHelp = commands.flatMap(({ name, examples }) =>
  examples.flatMap(({ line }) => kexecKitLines(line).map((argv) => ({ where: `${name} --help`, argv }))),
);

describe('every kexec-kit command line that the documentation shows can be typed', () => {
  it.each([...written, ...inHelp])('$where: $argv', ({ argv }) => {
    expect(() => parseLine(argv)).not.toThrow();
  });

  it('of every command one is shown', () => {
    const shown = new Set([...written, ...inHelp].map(({ argv }) => argv[0]));
    expect(commands.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});

describe('what cannot be typed is found', () => {
  it.each([
    ['kexec-kit inspekt vmlinuz', 'there is no command'],
    ['sudo kexec-kit plan vmlinuz --initd x', 'there is no option --initd'],
    ['npx kexec-kit plan vmlinuz --memory', 'needs a value'],
    ['$ kexec-kit inspect one two', 'one operand too many'],
    ['kexec-kit boot vmlinuz --model pc \\\n  --json | less', '--model is one of'],
  ])('%s', (line, complaint) => {
    const [argv] = kexecKitLines(line);
    expect(() => parseLine(argv!)).toThrow(complaint);
  });
});
