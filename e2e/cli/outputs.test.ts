import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  readdirSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../docs/cli.js';
import { image } from '../../tools/images.mjs';
import { kexecKit, scratch } from './run.js';

const { folder, remove } = scratch();
const at = (name: string) => join(folder, name);
const bin = fileURLToPath(new URL('../../packages/cli/bin/kexec-kit.mjs', import.meta.url));
const guest = ['--memory', '256M'];

let kernel: Buffer;
beforeAll(async () => {
  copyFileSync((await image('linux-6.12-cloud')).path, at('a'));
  kernel = readFileSync(at('a'));
  symlinkSync('a', at('link'));
  linkSync(at('a'), at('second-name'));
  symlinkSync('/proc/self/fd/1', at('stdout'));
  expect(kexecKit(folder, 'plan', 'a', ...guest, '-o', 'plan.json').status).toBe(0);
});
afterAll(remove);

describe('an output is refused where it would overwrite', () => {
  it.each([
    ['the image, in a plan', ['plan', 'a', ...guest, '-o', 'a']],
    ['the image, by another path', ['plan', 'a', ...guest, '-o', './a']],
    ['the image, through a link', ['plan', 'a', ...guest, '-o', 'link']],
    ['the image, that the command knows through a link', ['plan', 'link', ...guest, '-o', 'a']],
    ['the image, by a second name', ['plan', 'a', ...guest, '--svg', 'second-name']],
    ['an initrd', ['plan', 'link', ...guest, '--initrd', 'plan.json', '-o', 'plan.json']],
    ['the other output', ['plan', 'a', ...guest, '--svg', 'map.svg', '-o', './map.svg']],
    ['the image, in a bundle', ['bundle', 'a', ...guest, '-o', 'a']],
    ['the plan of a bundle', ['bundle', 'plan.json', '-o', 'plan.json']],
    ['what the plan of a bundle names', ['bundle', 'plan.json', '-o', 'a']],
    ['the image that is unpacked', ['extract', 'a', '-o', 'link']],
  ])('%s', (_, command) => {
    const plan = readFileSync(at('plan.json'), 'utf8');
    const there = readdirSync(folder);
    const { status, stdout } = kexecKit(folder, ...command, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'CLI_OUTPUT_OVERWRITES', severity: 'error' }],
    });
    expect(readFileSync(at('a')).equals(kernel)).toBe(true);
    expect(readFileSync(at('plan.json'), 'utf8')).toBe(plan);
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder)).toEqual(there);
  });

  it('in every command that writes a file and reads one', () => {
    const writing = commands.filter(({ options }) =>
      options.some(({ name }) => name === 'output' || name === 'svg'),
    );
    // The last one reads the machine alone.
    expect(writing.map(({ name }) => name)).toEqual(['extract', 'plan', 'bundle', 'machine']);
  });
});

it('one device may take several outputs', () => {
  const { status } = kexecKit(folder, 'plan', 'a', ...guest, '-o', '/dev/null', '--svg', '/dev/null');
  expect(status).toBe(0);
});

it.each([
  ['plan', 'a', '-o', '-'],
  ['plan', 'a', '--svg=-'],
  ['extract', 'a', '-o-'],
  ['bundle', 'a', '-o', '-'],
  ['machine', '-o', '-'],
])('%s %s %s: "-" is no file', (...argv) => {
  const { status, stderr } = kexecKit(folder, ...argv);
  expect(status).toBe(2);
  expect(stderr).toContain('./- is a file of that name');
  expect(existsSync(at('-'))).toBe(false);
});

describe('-o into a redirected stdout', () => {
  /** Standard output in a file, as the shell's `>` makes it. */
  function redirected(...argv: readonly string[]): Buffer {
    const out = openSync(at('out'), 'w');
    const { status } = spawnSync(process.execPath, [bin, ...argv], {
      cwd: folder,
      stdio: ['ignore', out, 'inherit'],
    });
    closeSync(out);
    expect(status).toBe(0);
    return readFileSync(at('out'));
  }

  it.each(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1', 'stdout'])(
    '%s is the plan, and then what is printed',
    (name) => {
      const text = redirected('plan', 'a', ...guest, '-o', name).toString();
      const [document = '', drawing = ''] = text.split(/^(?=Linux )/m);
      expect(JSON.parse(document)).toEqual(JSON.parse(readFileSync(at('plan.json'), 'utf8')));
      expect(drawing).toMatch(/█ kernel/);
      expect(lstatSync(at('stdout')).isSymbolicLink()).toBe(true);
    },
  );

  it('of extract is what it writes into a file', () => {
    expect(kexecKit(folder, 'extract', 'a', '-o', 'vmlinux').status).toBe(0);
    expect(redirected('extract', 'a', '-o', '/dev/stdout').equals(readFileSync(at('vmlinux')))).toBe(true);
  });
});
