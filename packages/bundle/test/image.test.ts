import {
  bootProtocols,
  bundle,
  program32Sha256,
  program64Sha256,
  type BootProtocol,
} from '@kexec-kit/bundle';
import { findNote, parseElf, XEN_ELFNOTE_PHYS32_ENTRY } from '@kexec-kit/elf';
import { unwrap } from '@kexec-kit/loader-api';
import {
  findMultiboot2Header,
  findMultibootHeader,
  readMultiboot2Header,
  readMultibootHeader,
} from '@kexec-kit/multiboot-info';
import { describe, expect, it } from 'vitest';
import { build, generate } from '../build.mjs';
import { crc32 } from '../src/crc32.js';
import { createHash } from 'node:crypto';
import { fileOf, MIB, protected32, segment, submissionOf } from './inputs.js';
import { FRONT, read } from './read.js';

const submission = submissionOf([segment(32n * MIB, 0x3000n, [{ bytes: Uint8Array.of(1, 2, 3) }])]);

function made(protocols: readonly BootProtocol[] = bootProtocols) {
  const image = unwrap(bundle(submission, { form: 'image', protocols }));
  return { image, file: { name: 'image.elf', bytes: fileOf(image) } };
}

describe('an image, read by our own readers', () => {
  it('is an ELF32 of one load that is the whole file', () => {
    const { image, file } = made();
    const { header, programHeaders } = unwrap(parseElf(file));
    expect(header).toMatchObject({ e_type: 2, e_machine: 3, e_phnum: 2 });
    const [load, note] = programHeaders;
    const size = BigInt(file.bytes.length);
    const { start = 0n } = image.place ?? {};
    expect(load).toMatchObject({ p_type: 1, p_offset: 0n, p_vaddr: start, p_paddr: start });
    expect(load).toMatchObject({ p_filesz: size, p_memsz: size, p_flags: 7 });
    expect(note).toMatchObject({ p_type: 4 });
    expect(parseElf(file).diagnostics).toEqual([]);
  });

  it('leads every protocol to the program, with its own address in edi', () => {
    const { image, file } = made();
    const { header, notes } = unwrap(parseElf(file));
    const { start = 0n } = image.place ?? {};
    const { desc } = findNote(notes, 'Xen', XEN_ELFNOTE_PHYS32_ENTRY)!;
    const pvh = new DataView(desc.buffer, desc.byteOffset).getUint32(0, true);
    const view = new DataView(file.bytes.buffer);
    const target = start + BigInt(FRONT + read(file.bytes.subarray(FRONT)).header.boot_entry);
    const at = Number(header.e_entry - start);
    expect([view.getUint8(at), view.getUint32(at + 1, true)]).toEqual([0xbf, Number(start) + FRONT]);
    expect(BigInt(at + 10 + view.getInt32(at + 6, true))).toBe(target - start);
    const atPvh = pvh - Number(start);
    expect([view.getUint8(atPvh), view.getUint32(atPvh + 1, true)]).toEqual([0xb8, 0x336ec578]);
    expect([view.getUint8(atPvh + 5), view.getUint32(atPvh + 6, true)]).toEqual([
      0xbf,
      Number(start) + FRONT,
    ]);
    expect(BigInt(atPvh + 15 + view.getInt32(atPvh + 11, true))).toBe(target - start);
  });

  it('asks both Multiboot loaders for the memory map, and requires nothing else', () => {
    const { file } = made();
    expect(unwrap(readMultibootHeader(file))).toMatchObject({ offset: 0x80, flags: 2 });
    expect(unwrap(readMultiboot2Header(file))).toMatchObject({ offset: 0xb0 });
  });

  it.each(bootProtocols)('has no other protocol than those asked for: %s', (protocol) => {
    const { file } = made([protocol]);
    const { header, notes } = unwrap(parseElf(file));
    expect(findMultibootHeader(file.bytes).ok).toBe(protocol === 'multiboot');
    expect(findMultiboot2Header(file.bytes).ok).toBe(protocol === 'multiboot2');
    expect(notes.length).toBe(protocol === 'pvh' ? 1 : 0);
    expect(header.e_phnum).toBe(protocol === 'pvh' ? 2 : 1);
  });
});

describe('the header', () => {
  it('is a module without the front page: the same bytes', () => {
    const module = fileOf(unwrap(bundle(submission, { form: 'module' })));
    const image = fileOf(unwrap(bundle(submission, { form: 'image' })));
    expect(Buffer.compare(image.subarray(FRONT), module)).toBe(0);
  });

  it('has the CRC-32 of all that is believed', () => {
    expect(crc32(new TextEncoder().encode('123456789')), 'the check value of ISO 3309').toBe(0xcbf43926);
    const file = fileOf(unwrap(bundle(submission, { form: 'module' })));
    const { header } = read(file);
    const checked = file.slice(0, header.checked_size).fill(0, 0xc, 0x10);
    expect(crc32(checked)).toBe(header.checksum);
  });
});

describe('the committed programs', () => {
  it('are what their source gives', () => {
    expect(generate({ check: true })).toEqual([]);
  });

  it.each([
    ['long64', submission, program64Sha256],
    ['protected32', { ...submission, target: protected32 }, program32Sha256],
  ] as const)('have the digest that is published beside them: %s', (handoff, planned, published) => {
    const { bytes } = build({ compiler: 'gcc', handoff });
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(published);
    const file = fileOf(unwrap(bundle(planned, { form: 'module' })));
    expect(Buffer.from(file.subarray(0x68, bytes.length))).toEqual(bytes.subarray(0x68));
  });

  it.each(['long64', 'protected32'] as const)(
    'clang makes position-independent ones of the same source: %s',
    (handoff) => {
      expect(build({ compiler: 'clang', handoff }).bytes.length).toBeGreaterThan(2048);
    },
  );
});
