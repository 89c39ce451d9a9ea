import { chmodSync, copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { kexecKit, scratch } from './run.js';

const { folder, remove } = scratch();
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  copyFileSync((await image('linux-6.12-cloud')).path, at('vmlinuz'));
  copyFileSync(at('vmlinuz'), at('truncated'));
  truncateSync(at('truncated'), 3_000_000);
  writeFileSync(at('empty'), '');
  writeFileSync(at('picture.jpg'), Buffer.from('ffd8ffe000104a46494600', 'hex'));
  writeFileSync(at('text.gz'), gzipSync('nothing that boots'));
  writeFileSync(at('large-initrd'), Buffer.alloc(100 << 20));
  mkdirSync(at('directory'));
  expect(kexecKit(folder, 'plan', 'vmlinuz', '--memory', '256M', '-o', 'plan.json').status).toBe(0);
  const plan = readFileSync(at('plan.json'), 'utf8');
  writeFileSync(at('edited.json'), plan.replace(/"entry": "0x[0-9a-f]+"/, '"entry": "0x100000"'), {
    mode: 0o600,
  });
  writeFileSync(at('changed.json'), plan.replace('"name": "bzimage"', '"name": "bzimagf"'), { mode: 0o600 });
  writeFileSync(at('open.json'), plan);
  chmodSync(at('open.json'), 0o666);
  kexecKit(folder, 'machine', '-o', 'machine.json');
  const machine = JSON.parse(readFileSync(at('machine.json'), 'utf8')) as object;
  writeFileSync(at('no-ram.json'), JSON.stringify({ ...machine, told: [], usable: [] }));
});
afterAll(remove);

describe('bad input gets one clear sentence, a code, a hint, and exit status 1', () => {
  it.each([
    ['no such file', ['inspect', 'nowhere'], 'FILE_NOT_FOUND', 'there is no such file: nowhere'],
    ['an empty file', ['inspect', 'empty'], 'FILE_EMPTY', 'the file is empty: empty'],
    ['a directory', ['plan', 'directory', '--memory', '256M'], 'FILE_IS_DIRECTORY', 'this is a directory'],
    ['a JPEG', ['boot', 'picture.jpg'], 'IMAGE_UNKNOWN', 'it looks like a JPEG picture'],
    ['a gzip of text', ['inspect', 'text.gz'], 'IMAGE_UNKNOWN', 'nothing that an installed loader can start'],
    [
      'a truncated kernel',
      ['plan', 'truncated', '--memory', '256M'],
      'BZIMAGE_TRUNCATED',
      'truncated is cut off',
    ],
    [
      'an initrd too large for RAM',
      ['plan', 'vmlinuz', '--memory', '128M', '--initrd', 'large-initrd'],
      'LINK_NO_PLACE',
      'there is no place for initrd (0x6400000 bytes)',
    ],
    [
      'a command line too long',
      ['plan', 'vmlinuz', '--memory', '256M', '--command-line', 'x'.repeat(2048)],
      'LINUX_COMMAND_LINE_TOO_LONG',
      'has 2048 bytes; this kernel takes 2047',
    ],
    ['no RAM in the map', ['plan', 'vmlinuz', '--machine', 'no-ram.json'], 'LINK_NO_RAM', 'no usable RAM'],
    [
      'a saved plan edited by hand',
      ['boot', 'changed.json'],
      'SUBMISSION_EDITED',
      'was changed after it was made',
    ],
    [
      'a saved plan that contradicts itself',
      ['boot', 'edited.json'],
      'SUBMISSION_INCONSISTENT',
      'lies in no segment',
    ],
    [
      'a saved plan that others can write',
      ['boot', 'open.json'],
      'FILE_UNTRUSTED',
      'somebody else could have written',
    ],
    [
      'a saved plan for another machine',
      ['boot', 'plan.json', '--memory', '128M'],
      'QEMU_OTHER_MACHINE',
      '0x8000000-0x10000000: was ram, is now not told of',
    ],
    [
      'an option beside a saved plan',
      ['boot', 'plan.json', '--command-line', 'x'],
      'CLI_PLAN_OPTIONS',
      '--command-line is part of a plan',
    ],
    [
      'a loader that is not there',
      ['inspect', 'vmlinuz', '--type', 'plan9'],
      'TYPE_UNKNOWN',
      'there is no loader "plan9"',
    ],
    [
      'a missing initrd',
      ['plan', 'vmlinuz', '--memory', '256M', '--initrd', 'gone'],
      'FILE_NOT_FOUND',
      'gone',
    ],
    ['a code that is not there', ['explain', 'BZIMAGE_TRUNCATE'], 'CLI_CODE_UNKNOWN', 'there is no code'],
    [
      'a guest too small to exist',
      ['boot', 'vmlinuz', '--memory', '1M'],
      'QEMU_BAD_GUEST',
      'no guest can have memory',
    ],
  ])('%s', (_what, argv, code, sentence) => {
    const { status, stdout, stderr } = kexecKit(folder, ...argv);
    const [first = '', ...rest] = stderr.split('\n');
    expect(first).toMatch(new RegExp(`^error: .+ \\[${code}\\]$`));
    expect(first).toContain(sentence);
    expect(rest.join('\n')).toContain('  hint:');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    // What is said here is explained there.
    expect(kexecKit(folder, 'explain', code).stdout).toContain('cause:');
  });

  it('says the same as JSON when asked to', () => {
    const { status, stdout } = kexecKit(folder, 'inspect', 'empty', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'FILE_EMPTY', severity: 'error' }],
    });
  });
});

describe('a wrong command line gets one sentence and exit status 2', () => {
  it.each([
    [['bot'], 'there is no command "bot"', 'did you mean boot?'],
    [['plan', 'x', '--memroy', '1G'], 'there is no option --memroy', 'did you mean --memory?'],
    [['plan', 'x', '--memory', '1Q'], '--memory takes a size or address', 'kexec-kit plan --help'],
    [['plan', 'x', '--memory', '1G', '--machine', 'y'], 'describe two machines', 'give one of them'],
    [['plan', 'x', '--embed'], '--embed needs --output', 'kexec-kit plan --help'],
    [['boot', 'x', '--timeout', 'soon'], '--timeout takes a number of seconds', 'kexec-kit boot --help'],
    [['inspect'], 'FILE is missing', 'kexec-kit inspect --help'],
  ])('%j', (argv, sentence, hint) => {
    const { status, stdout, stderr } = kexecKit(folder, ...argv);
    expect(stderr.split('\n')[0]).toMatch(/^error: /);
    expect(stderr).toContain(sentence);
    expect(stderr).toContain(hint);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});
