import { type FilePlan, range, type Result } from '@kexec-kit/loader-api';
import { describe, expect, test } from 'vitest';
import { loader } from '../src/index.js';
import { bzImage, MEMTEST, type Shape, source } from './bzimage.js';
import { NOTHING, POLICY } from './inputs.js';
import { BIOS_1_GIB } from './machines.js';

type Input = Parameters<typeof loader.plan>[1];

const FILE = { source: 'initrd.0', name: 'initrd.img', size: 0x1000, arguments: '' };

function planFile(shape: Shape = {}, options: Partial<Input['options']> = {}, changes: Partial<Input> = {}) {
  const loaded = loader.load(source(bzImage(shape)));
  if (!loaded.ok) throw new Error(loaded.diagnostics[0].code);
  const machine = {
    ...BIOS_1_GIB,
    commandLine: 'BOOT_IMAGE=/vmlinuz ro crashkernel=256M',
    crashKernel: [range(0x20000000n, 0x30000000n)],
  };
  return loader.planFile!(loaded.value, {
    ...{ machine, purpose: 'normal', policy: POLICY, options: { ...NOTHING, ...options } },
    ...changes,
  });
}

function codeOf(result: Result<FilePlan>): string | undefined {
  return result.ok ? undefined : result.diagnostics[0].code;
}

describe('what the running kernel loads by itself', () => {
  test('has a command line and initrds in their order, without those that are empty', () => {
    const initrd = [FILE, { ...FILE, source: 'initrd.1', size: 0 }, { ...FILE, source: 'initrd.2' }];
    const planned = planFile({}, { commandLine: 'quiet', initrd });
    expect(planned).toMatchObject({
      ok: true,
      value: { commandLine: 'quiet', initrds: ['initrd.0', 'initrd.2'] },
    });
    expect(planned.diagnostics).toHaveLength(1);
  });

  test('takes over the running command line, for a crash kernel without crashkernel', () => {
    const options = { reuseCommandLine: true, commandLine: 'quiet' };
    const text = (purpose: 'normal' | 'crash') => {
      const planned = planFile({}, options, { purpose });
      return planned.ok ? planned.value.commandLine : undefined;
    };
    expect(text('normal')).toBe('ro crashkernel=256M quiet');
    expect(text('crash')).toBe('ro quiet');
  });

  test('has a command line that fits with its NUL, and for a crash kernel with elfcorehdr', () => {
    const ofLength = (length: number, purpose: 'normal' | 'crash' = 'normal') =>
      codeOf(planFile({ fields: { cmdline_size: 255 } }, { commandLine: 'x'.repeat(length) }, { purpose }));
    expect(ofLength(254)).toBeUndefined();
    expect(ofLength(255)).toMatch(/COMMAND_LINE/);
    expect(ofLength(224, 'crash')).toBeUndefined();
    expect(ofLength(225, 'crash')).toMatch(/COMMAND_LINE/);
  });
});

test('told before any system call: no memory is reserved for a crash kernel', () => {
  expect(codeOf(planFile({}, {}, { machine: BIOS_1_GIB, purpose: 'crash' }))).toBe('KDUMP_NO_REGION');
  expect(codeOf(planFile({}, {}, { machine: BIOS_1_GIB }))).toBeUndefined();
});

describe('told before any system call: the running kernel does not load', () => {
  test.each<[string, Shape]>([
    ['a 32-bit kernel', { fields: { xloadflags: 0 } }],
    ['one that may not lie above 4 GiB', { fields: { xloadflags: 1 } }],
    ['one of a protocol before 2.12', { fields: { version: 0x020b } }],
    ['memtest86+', MEMTEST],
  ])('%s', (_, shape) => {
    expect(codeOf(planFile(shape))).toBe('BZIMAGE_NOT_FOR_FILE_LOAD');
  });

  test('one that is to be entered in another mode', () => {
    expect(codeOf(planFile({}, { entry32bit: true }))).toBe('BZIMAGE_NOT_FOR_FILE_LOAD');
    expect(codeOf(planFile({}, { realMode: true }))).toBe('BZIMAGE_NOT_FOR_FILE_LOAD');
    expect(codeOf(planFile({}, { realMode: true, entry32bit: true }))).toBe('BZIMAGE_ENTRY_CONFLICT');
    expect(codeOf(planFile({}, { entry: '64' }))).toBeUndefined();
  });
});
