import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loader } from '../src/index.js';
import { source, xen, xenFile, type Changes } from './images.js';

describe('probe', () => {
  test.each<[string, Changes, string]>([
    ['both headers', {}, 'Multiboot 1 and 2'],
    ['one of Multiboot 1', { multiboot2: false }, 'Multiboot 1'],
    ['one of Multiboot2', { multiboot: false }, 'Multiboot 2'],
  ])('knows Xen with %s', (_, changes, words) => {
    expect(loader.probe(xenFile(changes))).toEqual({
      match: true,
      detail: `Xen hypervisor, ELF32, ${words}`,
    });
  });

  test.each<[string, Uint8Array, string]>([
    ['what is no ELF file', Uint8Array.of(1, 2, 3), 'no 0x7f "ELF" at 0'],
    ['what is cut off in its header', xenFile().slice(0, 20), 'its headers cannot be read'],
    [
      'an ELF64 file: xen-syms',
      xenFile({ shape: { bits: 64 } }),
      'no ELF32 file for EM_386, as mkelf32 makes it',
    ],
    [
      'Xen for another machine',
      xenFile({ shape: { header: { e_machine: 40 } } }),
      'no ELF32 file for EM_386, as mkelf32 makes it',
    ],
    [
      'another Multiboot kernel, whatever it says of Xen',
      xenFile({ text: 'Runs under Xen version 4.17\0' }),
      'nothing of the Xen hypervisor in it',
    ],
    [
      'Xen without a header',
      xenFile({ multiboot: false, multiboot2: false }),
      'no 0x1badb002 at a multiple of 4 in the first 8192 bytes; no 0xe85250d6 at a multiple of 8 in the first 32768 bytes',
    ],
    [
      'Xen with wrong checksums',
      xenFile({ checksumOff: 1 }),
      '0x1badb002 at 0x88, but its checksum is wrong; 0xe85250d6 at 0x98, but its checksum is wrong',
    ],
  ])('says no to %s', (_, bytes, reason) => {
    expect(loader.probe(bytes)).toEqual({ match: false, reason });
  });
});

describe('load', () => {
  test('reads the headers and the image', () => {
    const { body, multiboot, multiboot2 } = xen();
    expect(multiboot).toMatchObject({ offset: 0x88, flags: 3 });
    expect(multiboot2).toMatchObject({
      offset: 0x98,
      relocatable: { min_addr: 0x200000, max_addr: 0xffffffff, align: 0x200000, preference: 2 },
    });
    expect(body.span).toEqual({ start: 0x200000n, end: 0x5a7000n });
  });

  test('keeps the name and the digest of the file, never its bytes', () => {
    expect(JSON.stringify(xen().source)).not.toContain('bytes');
    expect(xen().source).toMatchObject({ id: 'image', name: '/boot/xen-4.17-amd64.gz' });
  });

  test('says what is ignored of the header once', () => {
    const { diagnostics } = loader.load(source(xenFile()));
    expect(diagnostics.map(({ code, found }) => [code, found])).toEqual([
      ['MULTIBOOT2_TAG_IGNORED', '7 (EFI boot services)'],
      ['MULTIBOOT2_TAG_IGNORED', '9 (EFI amd64 entry address)'],
    ]);
  });

  test.each<[string, Uint8Array, string]>([
    ['XEN_NOT_XEN', xenFile({ text: 'a kernel' }), 'nothing that only Xen says'],
    ['XEN_NO_HEADER', xenFile({ checksumOff: 4 }), '0x1badb002 at 0x88, but its checksum is wrong'],
    ['ELF_NO_LOADS', xenFile({ shape: { header: { e_phnum: 0, e_entry: 0x200000 } } }), ''],
    ['MULTIBOOT_MACHINE', xenFile({ shape: { bits: 64 } }), 'ei_class 2'],
  ])('refuses with %s', (code, bytes, found) => {
    const result = loader.load(source(bytes));
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code }] });
    expect(result.diagnostics[0].found ?? '').toContain(found);
  });

  test('whatever the bytes, only declared codes', () => {
    const at = fc.nat({ max: 0x200 });
    fc.assert(
      fc.property(fc.array(fc.tuple(at, fc.nat({ max: 255 })), { maxLength: 8 }), (changes) => {
        const bytes = xenFile();
        for (const [offset, value] of changes) bytes[offset] = value;
        for (const { code } of loader.load(source(bytes)).diagnostics)
          expect(Object.keys(loader.codes)).toContain(code);
      }),
      { numRuns: 500 },
    );
  });
});

test('inspect shows both headers, how it moves, and the ELF file', () => {
  const [own, ...elf] = loader.inspect?.(xen()) ?? [];
  expect(own).toEqual({
    title: 'Xen hypervisor',
    fields: [
      { name: 'Multiboot header', value: 'at 0x88', offset: 0x88, spec: 'Multiboot 0.6.96, 3.1.1' },
      { name: 'Multiboot2 header', value: 'at 0x98', offset: 0x98, spec: 'Multiboot2 2.0, 3.1.1' },
      { name: 'may be moved', value: 'by Multiboot2, within 0x200000-0xffffffff, aligned to 0x200000' },
      { name: 'memory', value: '0x200000-0x5a7000' },
      { name: 'entry', value: '0x200000' },
    ],
  });
  expect(elf.length).toBeGreaterThan(0);
  const [old] = loader.inspect?.(xen({ multiboot2: false })) ?? [];
  expect(old?.fields.find(({ name }) => name === 'may be moved')?.value).toBe('no');
});
