import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BundleHeader, BundleSegment } from '@kexec-kit/bundle';
import { parse } from '@kexec-kit/structures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { kexecKit, scratch } from './run.js';

const { folder, remove } = scratch();
const at = (name: string) => join(folder, name);
/** Of the page in front of a bundle that makes it an image. */
const FRONT = 0x1000;

let kernel: string;
beforeAll(async () => {
  kernel = (await image('linux-6.12-cloud')).path;
  writeFileSync(at('initrd'), Buffer.alloc(100_001, 'initrd'));
  const plan = kexecKit(folder, 'plan', kernel, '--initrd', 'initrd', '--memory', '256M', '-o', 'plan.json');
  expect(plan.status).toBe(0);
});
afterAll(remove);

interface Printed {
  readonly ok: boolean;
  readonly form: string;
  readonly place?: { readonly start: string; readonly end: string };
  readonly protocols?: readonly string[];
  readonly entries?: Readonly<Record<string, number>>;
  readonly pieces: readonly {
    readonly name: string;
    readonly offset: string;
    readonly contentSize: string;
  }[];
  readonly diagnostics: readonly { readonly code: string }[];
}

function printed(...args: readonly string[]): Printed {
  return JSON.parse(kexecKit(folder, 'bundle', ...args, '--json').stdout) as Printed;
}

describe('kexec-kit bundle', () => {
  it('writes an image for its owner alone, and says where everything goes and what to do with it', () => {
    const { status, stdout, stderr } = kexecKit(folder, 'bundle', 'plan.json', '-o', 'image.elf');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^image\.elf: image of \S+ MiB, a boot loader puts it at 0x100000-0x\w+\. Started, it fills:\n/,
    );
    expect(stdout).toMatch(/^ {2}0x\w+ +initrd: 97\.7 KiB from 0x\w+/m);
    expect(stdout).toContain('-kernel image.elf');
    expect(stdout).toContain('In GRUB: multiboot /boot/image.elf');
    expect(statSync(at('image.elf')).mode & 0o777).toBe(0o600);
  });

  it('puts the bytes of every file where it says', () => {
    const { pieces, place, protocols } = printed('plan.json', '-o', 'image.elf', '--boot-protocol', 'pvh');
    expect(protocols).toEqual(['pvh']);
    const file = readFileSync(at('image.elf'));
    expect(BigInt(place?.end ?? 0) - BigInt(place?.start ?? 0)).toBe(BigInt(file.length));
    const { offset, contentSize } = pieces.find(({ name }) => name.includes('initrd'))!;
    const content = file.subarray(Number(offset), Number(offset) + Number(contentSize));
    expect(content.includes(readFileSync(at('initrd')))).toBe(true);
  });

  it('writes a module, the same without the first page, and says how it is entered', () => {
    const { stdout } = kexecKit(folder, 'bundle', 'plan.json', '--as-module', '-o', 'module');
    expect(stdout).toMatch(/^module: module of \S+ MiB, to be kept at any page\./);
    const { header } = { header: parse(BundleHeader, readFileSync(at('module'))) };
    const offsets = `32-bit mode at offset 0x${header.entry32.toString(16)}, in 64-bit mode at 0x${header.entry64.toString(16)}`;
    expect(stdout).toContain(offsets);
    expect(printed('plan.json', '--as-module', '-o', 'module').entries).toEqual({
      protected32: header.entry32,
      long64: header.entry64,
    });
    kexecKit(folder, 'bundle', 'plan.json', '-o', 'image.elf');
    expect(
      readFileSync(at('image.elf'))
        .subarray(FRONT)
        .equals(readFileSync(at('module'))),
    ).toBe(true);
  });

  it("leaves a guest's last MiB of low RAM alone, as its devices are not known", () => {
    expect(printed(kernel, '--initrd', 'initrd', '--memory', '256M', '-o', 'guest.elf').ok).toBe(true);
    const bytes = readFileSync(at('guest.elf')).subarray(FRONT);
    const { segments, segment_count } = parse(BundleHeader, bytes);
    const ends = Array.from({ length: segment_count }, (_, n) =>
      parse(BundleSegment, bytes.subarray(segments + 80 * n)),
    ).map(({ destination, memory_size }) => destination + memory_size);
    expect(ends.every((end) => end <= 0xfff_0000n - 0x10_0000n)).toBe(true);
  });

  it('refuses what is part of a saved plan', () => {
    const { ok, diagnostics } = printed('plan.json', '--memory', '512M', '-o', 'x');
    expect({ ok, codes: diagnostics.map(({ code }) => code) }).toEqual({
      ok: false,
      codes: ['CLI_PLAN_OPTIONS'],
    });
  });

  it('refuses a plan for which there is no room, and leaves nothing behind', () => {
    writeFileSync(at('large'), Buffer.alloc(60 << 20));
    const { ok, diagnostics } = printed(kernel, '--initrd', 'large', '--memory', '160M', '-o', 'none.elf');
    expect({ ok, codes: diagnostics.map(({ code }) => code) }).toEqual({
      ok: false,
      codes: ['BUNDLE_NO_PLACE'],
    });
    expect(() => statSync(at('none.elf'))).toThrow('ENOENT');
  });

  it('refuses a file that changed since the plan was made', () => {
    writeFileSync(at('initrd'), Buffer.alloc(100_001, 'INITRD'));
    const { ok, diagnostics } = printed('plan.json', '-o', 'changed.elf');
    expect({ ok, codes: diagnostics.map(({ code }) => code) }).toEqual({
      ok: false,
      codes: ['SOURCE_CHANGED'],
    });
    expect(() => statSync(at('changed.elf'))).toThrow('ENOENT');
  });

  it.each([
    [['plan.json'], '-o OUT is missing'],
    [['plan.json', '-o', 'x', '--as-module', '--boot-protocol', 'pvh'], '--boot-protocol is for an image'],
    [
      ['plan.json', '-o', 'x', '--boot-protocol', 'efi'],
      '--boot-protocol is one of multiboot, multiboot2, pvh',
    ],
  ])('explains a command line that cannot be: %j', (args, message) => {
    const { status, stderr } = kexecKit(folder, 'bundle', ...args);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });

  it.each(['BUNDLE_NO_PLACE', 'BUNDLE_EFI', 'BUNDLE_FILE_PLAN'])('explains %s', (code) => {
    expect(kexecKit(folder, 'explain', code).stdout).toContain('cure:');
  });
});
