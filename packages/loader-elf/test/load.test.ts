import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { elfFile } from '../../../tools/elf-file.mjs';
import type { ElfShape, SegmentShape } from '../../../tools/elf-file.mjs';
import { loader } from '../src/index.js';
import {
  BUILD_SALT,
  CODE,
  GUEST_OS,
  KERNEL32,
  KERNEL64,
  MOVABLE64,
  PHYS32_ENTRY,
  source,
  VMLINUX,
} from './kernels.js';

const load = (shape: ElfShape) => loader.load(source(shape));
const withSegments = (shape: ElfShape, ...more: SegmentShape[]): ElfShape => ({
  ...shape,
  segments: [...(shape.segments ?? []), ...more],
});

describe('probe', () => {
  test.each([
    ['ELF64 EM_X86_64 ET_EXEC', KERNEL64],
    ['ELF32 EM_386 ET_EXEC', KERNEL32],
    ['ELF64 EM_X86_64 ET_DYN', MOVABLE64],
    ['ELF64 EM_X86_64 ET_EXEC, a Linux kernel', VMLINUX],
  ] as [string, ElfShape][])('says what it is: %s', (detail, shape) => {
    expect(loader.probe(elfFile(shape))).toEqual({ match: true, detail });
  });

  test('says no to what is no ELF file', () => {
    expect(loader.probe(new Uint8Array(64))).toEqual({ match: false, reason: 'no 0x7f "ELF" at 0' });
  });

  test('leaves an image with a PVH entry to others, unless it is a Linux kernel', () => {
    const pvh = withSegments(KERNEL32, { notes: [PHYS32_ENTRY] });
    expect(loader.probe(elfFile(pvh))).toMatchObject({
      match: false,
      reason: expect.stringContaining('PHYS32_ENTRY') as string,
    });
    expect(loader.probe(elfFile(withSegments(pvh, { notes: [GUEST_OS] })))).toMatchObject({ match: true });
  });

  test('takes a damaged ELF file: what is wrong with it is said by load', () => {
    expect(loader.probe(elfFile(KERNEL64).subarray(0, 40)).match).toBe(true);
  });
});

describe('load', () => {
  test('keeps loads, entry and mode, and no bytes of the file', () => {
    const result = load(KERNEL64);
    expect(result).toMatchObject({
      ok: true,
      diagnostics: [],
      value: {
        mode: 'long64',
        linux: false,
        source: { id: 'image', name: 'kernel.elf' },
        loads: {
          span: { start: 0x100000n, end: 0x103041n },
          entry: { offset: 0x10n, as: 'virtual', load: { start: 0x100000n } },
        },
      },
    });
    expect(result.ok && 'bytes' in result.value.source).toBe(false);
  });

  test.each([
    ['by the note for Xen', { notes: [GUEST_OS] }],
    ['by its own note', { notes: [BUILD_SALT] }],
  ])('knows a Linux kernel %s', (_, segment) => {
    expect(load(withSegments(KERNEL64, segment))).toMatchObject({ ok: true, value: { linux: true } });
  });

  test.each([
    ['another guest', { notes: [{ ...GUEST_OS, desc: new TextEncoder().encode('freebsd\0') }] }],
    ['a vDSO', { notes: [{ ...BUILD_SALT, type: 0 }] }],
  ])('does not take %s for one', (_, segment) => {
    expect(load(withSegments(KERNEL64, segment))).toMatchObject({ ok: true, value: { linux: false } });
  });

  test('a malformed note that nobody needs is a warning', () => {
    expect(load(withSegments(KERNEL64, { p_type: 4, content: Uint8Array.of(1, 2, 3) }))).toMatchObject({
      ok: true,
      diagnostics: [{ code: 'ELF_NOTE_MALFORMED', severity: 'warning' }],
    });
  });

  test('cut off anywhere is refused', () => {
    const whole = elfFile(KERNEL64);
    for (let length = 0; length < whole.length; length++) {
      const image = { ...source(KERNEL64), bytes: whole.subarray(0, length) };
      const code = length === 0 ? 'ELF_NOT_ELF' : 'ELF_TRUNCATED';
      expect(loader.load(image), `${length} bytes`).toMatchObject({ ok: false, diagnostics: [{ code }] });
    }
  });
});

describe('what is no kernel is refused by its kind', () => {
  const dynamic = (tag: number): SegmentShape => ({
    p_type: 2,
    content: Uint8Array.of(tag, ...new Uint8Array(31)),
  });
  const program = (...more: SegmentShape[]): ElfShape => ({
    header: { e_entry: 0x400010 },
    segments: [{ ...CODE, p_vaddr: 0x400000, p_paddr: 0x400000 }, ...more],
  });
  const abiTag = { name: 'GNU', type: 1, desc: new Uint8Array(16) };

  test.each([
    ['a core file', { header: { e_type: 4 } }, 'ELF_NOT_EXECUTABLE', 'ET_CORE'],
    ['an object file', { header: { e_type: 1 } }, 'ELF_NOT_EXECUTABLE', 'ET_REL'],
    ['a type of an operating system', { header: { e_type: 0xfe00 } }, 'ELF_NOT_EXECUTABLE', '0xfe00'],
    ['aarch64', { ...KERNEL64, header: { e_machine: 183 } }, 'ELF_MACHINE', 'ei_class 2, EM_AARCH64'],
    ['x32', { ...KERNEL32, header: { e_machine: 62 } }, 'ELF_MACHINE', 'ei_class 1, EM_X86_64'],
    ['i386 in ELF64', { ...KERNEL64, header: { e_machine: 3 } }, 'ELF_MACHINE', 'ei_class 2, EM_386'],
    ['big-endian', { ...KERNEL64, ident: { 5: 2 } }, 'ELF_BIG_ENDIAN', '2 (ELFDATA2MSB)'],
    ['a library with a name', withSegments(MOVABLE64, dynamic(14)), 'ELF_SHARED_LIBRARY', 'a DT_SONAME'],
    ['a library that needs others', withSegments(MOVABLE64, dynamic(1)), 'ELF_SHARED_LIBRARY', 'a DT_NEEDED'],
    [
      'a dynamic program',
      withSegments(MOVABLE64, { p_type: 3 }, dynamic(1)),
      'ELF_USER_PROGRAM',
      'a PT_INTERP',
    ],
    [
      'a static program of a C library',
      program({ notes: [abiTag] }),
      'ELF_USER_PROGRAM',
      'a GNU ABI-tag note',
    ],
    ['a static PIE', withSegments(MOVABLE64, { notes: [abiTag] }), 'ELF_USER_PROGRAM', 'a GNU ABI-tag note'],
    ['one with IFUNCs', { ...program(), ident: { 7: 3 } }, 'ELF_USER_PROGRAM', 'ei_osabi 3'],
    ['one with thread-local storage', program({ p_type: 7 }), 'ELF_USER_PROGRAM', 'a linker default address'],
    [
      'one of Go',
      program({ notes: [{ ...abiTag, name: 'Go', type: 4 }] }),
      'ELF_USER_PROGRAM',
      'Go build ID',
    ],
  ] as [string, ElfShape, string, string][])('%s', (_, shape, code, found) => {
    expect(load(shape)).toMatchObject({
      ok: false,
      diagnostics: [
        { code, found: expect.stringContaining(found) as string, hint: expect.any(String) as string },
      ],
    });
  });

  test.each([
    ['a stack mark, as linkers add', withSegments(KERNEL64, { p_type: 0x6474e551 })],
    ['a relocatable kernel with a dynamic section of its own', withSegments(MOVABLE64, dynamic(7))],
    ['thread-local storage in a kernel of a chosen address', withSegments(KERNEL64, { p_type: 7 })],
    ['4 MiB, chosen by somebody', program()],
  ])('not for %s', (_, shape) => {
    expect(load(shape)).toMatchObject({ ok: true });
  });
});

test('never throws, whatever the bytes: only declared codes', () => {
  const whole = elfFile(VMLINUX);
  const change = fc.tuple(fc.nat(0x300), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), fc.nat(whole.length), (changes, length) => {
      const bytes = whole.slice(0, length);
      for (const [at, byte] of changes) bytes[at] = byte;
      const result = loader.load({ ...source(VMLINUX), bytes });
      for (const { code } of result.diagnostics) expect(Object.keys(loader.codes)).toContain(code);
      expect(loader.probe(bytes).match).toBeTypeOf('boolean');
    }),
    { numRuns: 500 },
  );
});

describe('inspect', () => {
  test('shows the kernel, the header, every program header and the notes', () => {
    const result = load(VMLINUX);
    const facts = result.ok ? loader.inspect?.(result.value) : undefined;
    expect(facts?.map(({ title }) => title)).toEqual([
      'ELF kernel',
      'ELF header',
      'Program headers',
      'Notes',
    ]);
    expect(facts?.[0]?.fields).toEqual([
      { name: 'kind', value: 'Linux, by its notes' },
      { name: 'entered in', value: 'long64' },
      { name: 'entry point', value: '0x1000b53 in PT_LOAD 0' },
      expect.objectContaining({ name: 'memory' }),
    ]);
  });
});
