import { fileURLToPath } from 'node:url';
import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { kexecKit, scratch } from './run.js';

const { folder, remove } = scratch();
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  copyFileSync((await image('linux-6.12-cloud')).path, at('vmlinuz'));
  writeFileSync(at('initrd'), Buffer.alloc(70_000, 7));
});
afterAll(remove);

it('inspect prints every field of the setup header by its own name', () => {
  const { status, stdout } = kexecKit(folder, 'inspect', 'vmlinuz');
  expect(status).toBe(0);
  for (const field of ['setup_sects', 'xloadflags', 'pref_address', 'init_size', 'kernel_info_offset']) {
    expect(stdout).toContain(field);
  }
});

it('probe marks the loader that would be taken', () => {
  expect(kexecKit(folder, 'probe', 'vmlinuz').stdout).toMatch(/^\* bzimage +Linux bzImage 6\.12/m);
});

it('plan draws the map with the reason of every segment, and says nothing of a terminal in a pipe', () => {
  const { status, stdout } = kexecKit(folder, 'plan', 'vmlinuz', '--memory', '256M', '--initrd', 'initrd');
  expect(status).toBe(0);
  expect(stdout).toMatch(/█ kernel \(1\d\.\d MiB of content\)\n +the protected-mode code/);
  expect(stdout).toMatch(/█ initrd/);
  expect(stdout).toMatch(/▌ boot-params/);
  expect(stdout).not.toContain('\u001b');
});

describe('plan --crash', () => {
  const snapshot = fileURLToPath(new URL('../../packages/machine/fixtures/crash-smp.json', import.meta.url));

  it('draws what goes into the memory reserved for a crash kernel, and leaves all else to the running one', () => {
    const { status, stdout } = kexecKit(folder, 'plan', 'vmlinuz', '--crash', '--machine', snapshot);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^0x100000 +0x6f000000 .* of the running kernel: nothing is placed there$/m);
    expect(stdout).toMatch(/^0x7e[0-9a-f]+ +0x7f000000 .* free: reserved for a crash kernel$/m);
    expect(stdout).toMatch(/^0x7e[0-9a-f]+ .* elfcorehdr \(512 bytes of content\)$/m);
    expect(stdout).not.toMatch(/· free$/m);
  });

  it('refuses a machine without such memory, with the cure', () => {
    const { status, stderr } = kexecKit(folder, 'plan', 'vmlinuz', '--crash', '--memory', '256M');
    expect(status).toBe(1);
    expect(stderr).toContain('KDUMP_NO_REGION');
    expect(stderr).toContain('crashkernel=256M');
  });
});

it('plan -v says for each segment what was wanted, what was refused and why, and what was taken', () => {
  const { stdout } = kexecKit(folder, 'plan', 'vmlinuz', '--memory', '256M', '--initrd', 'initrd', '-v');
  expect(stdout).toMatch(/wanted .*aligned to 0x200000, from the top/);
  expect(stdout).toMatch(/taken: 0x[0-9a-f]+/);
});

it('plan --svg draws the same as a picture that is well-formed XML and holds every segment', () => {
  const { status, stderr } = kexecKit(folder, 'plan', 'vmlinuz', '--memory', '256M', '--svg', 'map.svg');
  expect(status).toBe(0);
  expect(stderr).toContain('svg written to map.svg');
  const svg = readFileSync(at('map.svg'), 'utf8');
  for (const piece of ['kernel', 'boot-params', 'command-line', 'purgatory'])
    expect(svg).toContain(`>${piece} `);
  expect(svg.match(/<g>/g)?.length).toBe(svg.match(/<\/g>/g)?.length);
});

describe('a saved plan', () => {
  it('is its owner’s alone, boots as it was planned, and with --embed outlives the files it was made from', () => {
    copyFileSync(at('vmlinuz'), at('gone'));
    expect(kexecKit(folder, 'plan', 'gone', '--memory', '256M', '-o', 'plan.json', '--embed').status).toBe(0);
    expect(statSync(at('plan.json')).mode & 0o777).toBe(0o600);
    expect(statSync(at('plan.json.files')).mode & 0o777).toBe(0o700);
    rmSync(at('gone'));
    const booted = kexecKit(folder, 'boot', 'plan.json', '--memory', '256M', '--until', 'regions verified');
    expect(booted.stderr).toContain('"regions verified" was seen');
    expect(booted.status).toBe(0);
  });

  it('is refused once a file it names is no longer what it was', () => {
    copyFileSync(at('vmlinuz'), at('moving'));
    expect(kexecKit(folder, 'plan', 'moving', '--memory', '256M', '-o', 'moving.json').status).toBe(0);
    const bytes = readFileSync(at('moving'));
    bytes[5_000_000] = (bytes[5_000_000] ?? 0) ^ 1;
    writeFileSync(at('moving'), bytes);
    const { status, stderr } = kexecKit(folder, 'boot', 'moving.json', '--memory', '256M', '--timeout', '20');
    expect(stderr).toContain('is not what it was when the plan was made');
    expect(status).toBe(1);
  });
});

it('boot ends with 3 and the last line when the text does not come', () => {
  const { status, stderr } = kexecKit(
    folder,
    'boot',
    'vmlinuz',
    '--memory',
    '256M',
    '--until',
    'never',
    '--timeout',
    '2',
  );
  expect(stderr).toMatch(
    /error: the guest's time was up before "never" was seen after \d\.\d s; the last line was: /,
  );
  expect(status).toBe(3);
});

it('machine records this machine so that a plan can be made for it', () => {
  expect(kexecKit(folder, 'machine', '-o', 'machine.json').status).toBe(0);
  const { status, stdout } = kexecKit(folder, 'plan', 'vmlinuz', '--machine', 'machine.json');
  expect(status).toBe(0);
  expect(stdout).toBe(kexecKit(folder, 'plan', 'vmlinuz').stdout);
});

it('loaders, explain, completion and help print without a word on stderr', () => {
  for (const argv of [
    ['loaders'],
    ['explain'],
    ['completion', 'bash'],
    ['completion', 'zsh'],
    ['completion', 'fish'],
    ['--help'],
    ['--version'],
    ['plan', '--help'],
  ]) {
    const { status, stdout, stderr } = kexecKit(folder, ...argv);
    expect({ argv, status, stderr }).toEqual({ argv, status: 0, stderr: '' });
    expect(stdout.length).toBeGreaterThan(10);
  }
});

it('help of a command is said of the one that is named', () => {
  expect(kexecKit(folder, 'help', 'load')).toEqual(kexecKit(folder, 'load', '--help'));
  expect(kexecKit(folder, 'help', 'laod')).toMatchObject({ status: 2 });
});

it('explains an error by the name that errno(3) gives it', () => {
  expect(kexecKit(folder, 'explain', 'EPERM')).toEqual(kexecKit(folder, 'explain', 'LINUX_EPERM'));
  expect(kexecKit(folder, 'explain', 'ebusy').stdout).toMatch(/^LINUX_EBUSY\n/);
  expect(kexecKit(folder, 'explain', 'ELOOP')).toMatchObject({ status: 1 });
});

it('help of plan and boot shows the options of every installed loader', () => {
  for (const command of ['plan', 'boot']) {
    expect(kexecKit(folder, command, '--help').stdout).toMatch(
      /Options of the loader bzimage[^]*--initrd FILE/,
    );
  }
});

it('leaves nothing behind beside what it was asked to write', () => {
  kexecKit(folder, 'plan', 'vmlinuz', '--memory', '256M', '-o', 'directory-that-is-not/plan.json');
  expect(existsSync(at('directory-that-is-not'))).toBe(false);
});
