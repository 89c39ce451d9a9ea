import { existsSync, readFileSync } from 'node:fs';
import { qemuTarget } from '@kexec-kit/backend-qemu';
import { linkPlanned, open, plan, type GivenValue } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import {
  type Facts,
  type Machine,
  type Result,
  type SegmentsSubmission,
  type SourceBytes,
  unwrap,
} from '@kexec-kit/loader-api';
import { loader } from '@kexec-kit/loader-elf';
import { checks, standardMachines } from '@kexec-kit/loader-testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { elfFile } from '../../tools/elf-file.mjs';
import type { ElfShape } from '../../tools/elf-file.mjs';
import { vmlinux } from './vmlinux.js';

const loadedAs = (bytes: Uint8Array, name = 'image'): SourceBytes => ({
  ...{ id: 'image', name, size: bytes.length, sha256: nodeDigest(bytes) },
  bytes,
});

function nodeDigest(bytes: Uint8Array): string {
  const hasher = nodeEngines.sha256();
  hasher.update(bytes);
  return Buffer.from(hasher.digest()).toString('hex');
}

/** From Debian's packages, taken out of the bzImage: entry as readelf says. */
const KERNELS = [
  { name: 'linux-6.12-cloud', entry: '0x1000b53', salt: /6\.12\..*-cloud-amd64/ },
  { name: 'linux-6.1', entry: '0x1000000', salt: /6\.1\..*-amd64/ },
];

for (const { name, entry, salt } of KERNELS) {
  // A copy: the slice() of Node's Buffer would be a view, and what damages it would damage the image.
  const bytes = new Uint8Array(readFileSync(await vmlinux(name)));

  describe(`the vmlinux of ${name}`, () => {
    let facts: Facts;
    beforeAll(() => {
      facts = loader.inspect?.(unwrap(loader.load(loadedAs(bytes)))) ?? [];
    });

    test('is recognised as a Linux kernel', () => {
      expect(loader.probe(bytes)).toEqual({ match: true, detail: 'ELF64 EM_X86_64 ET_EXEC, a Linux kernel' });
    });

    test('has its entry, four loads and its notes read', () => {
      const fields = facts.flatMap((group) => group.fields);
      expect(fields.find((fact) => fact.name === 'entry point')?.value).toBe(`${entry} in PT_LOAD 0`);
      expect(fields.filter((fact) => fact.name.startsWith('PT_LOAD'))).toHaveLength(4);
      expect(fields.find((fact) => fact.name === 'Xen 0x6')?.value).toBe('linux\\x00');
      expect(fields.find((fact) => fact.name === 'Linux 0x100')?.value).toMatch(salt);
    });

    // The kit takes a quarter of a minute on an image of this size: one kernel always, the other with test:all.
    if (name !== 'linux-6.12-cloud' && process.env['KEXEC_KIT_ALL'] !== '1') return;
    for (const { name: rule, run } of checks({
      loader,
      accepts: [
        {
          ...{ name: 'itself', bytes, declaredEnd: endOfLoads(bytes) },
          options: { commandLine: 'console=ttyS0' },
        },
      ],
    }))
      test(rule, { timeout: 120_000 }, run);
  });
}

/** Where the file part of the last PT_LOAD ends, read here by hand. */
function endOfLoads(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const headers = Array.from({ length: view.getUint16(0x38, true) }, (_, i) => 64 + i * 56);
  const loads = headers.filter((at) => view.getUint32(at, true) === 1);
  return Math.max(...loads.map((at) => view.getUint32(at + 8, true) + view.getUint32(at + 32, true)));
}

describe('files of this very system that are no kernel are refused by their kind', () => {
  test.each([
    ['a static program', '/bin/busybox', 'ELF_USER_PROGRAM'],
    ['a dynamic program', '/bin/true', 'ELF_USER_PROGRAM'],
    ['the C library', '/lib/x86_64-linux-gnu/libc.so.6', 'ELF_SHARED_LIBRARY'],
    ['a library that needs it', '/lib/x86_64-linux-gnu/libm.so.6', 'ELF_SHARED_LIBRARY'],
    ['the dynamic linker', '/lib64/ld-linux-x86-64.so.2', 'ELF_SHARED_LIBRARY'],
  ])('%s', (_, path, code) => {
    expect(existsSync(path), `${path} belongs to Debian`).toBe(true);
    const result = loader.load(loadedAs(readFileSync(path), path));
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code, at: { source: path } }] });
  });
});

describe('linked', () => {
  const code = { p_flags: 5, content: new Uint8Array(0x123).fill(0x90) };

  function link(shape: ElfShape, machine: Machine, args = 'none'): Result<SegmentsSubmission> {
    const options: Record<string, readonly GivenValue[]> = { args: [args] };
    const planned = plan(unwrap(open(loadedAs(elfFile(shape)), [loader])), { machine, options });
    if (!planned.ok) return planned;
    return linkPlanned(planned.value, { target: qemuTarget, engines: nodeEngines, sources: [] });
  }

  const loads = (result: Result<SegmentsSubmission>) =>
    unwrap(result)
      .segments.flatMap(({ pieces }) => pieces)
      .filter(({ id }) => id.startsWith('load.'))
      .map(({ start }) => start);

  const fixed = (...addresses: number[]): ElfShape => ({
    header: { e_entry: addresses[0] ?? 0 },
    segments: addresses.map((p_paddr) => ({ ...code, p_vaddr: p_paddr, p_paddr })),
  });

  test('loads that begin within a page, and two that share one, stand where they were linked', () => {
    const addresses = [0x100123, 0x100400, 0x200080];
    expect(loads(link(fixed(...addresses), standardMachines.small))).toEqual(addresses.map(BigInt));
  });

  test('a place that is taken is refused with the range and the holes', () => {
    const result = link(fixed(0x3000000), standardMachines.holes);
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'LINK_NO_PLACE' }] });
    expect(JSON.stringify(result.diagnostics)).toContain('0x3000000');
  });

  test('an image that is linked into page 0 is refused', () => {
    expect(link(fixed(0x800), standardMachines.small)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINK_PAGE_ZERO' }],
    });
  });

  test('an image that may move keeps its distances, at its alignment, in the first hole that fits', () => {
    const shape: ElfShape = {
      header: { e_type: 3, e_entry: 0x10 },
      segments: [
        { ...code, p_align: 0x200000 },
        { ...code, p_flags: 6, p_vaddr: 0x300000, p_paddr: 0x300000, p_memsz: 0x2c00000 },
      ],
    };
    expect(loads(link(shape, standardMachines.small))).toEqual([0x200000n, 0x500000n]);
    // The second load fits into no hole below 0x3100000; the first one then begins in the hole before.
    expect(loads(link(shape, standardMachines.holes))).toEqual([0x2e00000n, 0x3100000n]);
  });

  test('boot notes carry the Internet checksum of the whole block', () => {
    const { segments } = unwrap(link(fixed(0x100000), standardMachines.small, 'elf'));
    const blocks = segments
      .flatMap(({ parts }) => parts)
      .flatMap((part) => ('bytes' in part ? [Buffer.from(part.bytes)] : []));
    const bytes = blocks.find((each) => each.indexOf('07b01f0e', 'hex') >= 0) ?? Buffer.alloc(8);
    const start = bytes.indexOf('07b01f0e', 'hex');
    const block = bytes.subarray(start, start + bytes.readUInt32LE(start + 4));
    let sum = 0;
    for (let at = 0; at < block.length; at += 2) sum += block.readUInt16LE(at);
    expect(((sum & 0xffff) + (sum >>> 16)) & 0xffff).toBe(0xffff);
    expect(block.readUInt16LE(8)).not.toBe(0);
  });

  test.each(['elf', 'linux', 'none'])(
    'a 32-bit kernel is entered in protected mode with arguments %s',
    (args) => {
      const { segments } = unwrap(link({ ...fixed(0x100000), bits: 32 }, standardMachines.above4g, args));
      const pieces = segments.flatMap((each) => each.pieces);
      expect(pieces.find(({ id }) => id === 'load.0')?.start).toBe(0x100000n);
      for (const { start, memorySize, id } of pieces) expect(start + memorySize <= 1n << 32n, id).toBe(true);
    },
  );
});
