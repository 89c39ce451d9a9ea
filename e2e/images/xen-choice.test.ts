import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { guestMachine, qemuTarget } from '@kexec-kit/backend-qemu';
import { createRegistry, decompressImage, linkPlanned, open, plan, select } from '@kexec-kit/core';
import { nodeDecompressors, nodeEngines } from '@kexec-kit/host-node';
import {
  range,
  unwrap,
  type Machine,
  type Range,
  type Result,
  type SegmentsSubmission,
  type SourceBytes,
  type Target,
} from '@kexec-kit/loader-api';
import { checks } from '@kexec-kit/loader-testkit';
import { loader } from '@kexec-kit/loader-xen';
import { usableFrom } from '@kexec-kit/memory';
import { loaders } from '@kexec-kit/preset-x86';
import { describe, expect, test } from 'vitest';
import { image } from '../../tools/images.mjs';
import { vmlinux } from './vmlinux.js';

const read = async (name: string) => new Uint8Array(readFileSync((await image(name)).path));
const packed = await read('xen-4.17');
const xen = new Uint8Array(gunzipSync(packed));
/** Where its headers are, and in each its checksum. */
const MULTIBOOT = 0x88;
const MULTIBOOT2 = 0x98;

/** Xen with other bytes at some places. */
function xenWith(changes: Readonly<Record<number, readonly number[]>>): Uint8Array {
  const bytes = xen.slice();
  for (const [at, values] of Object.entries(changes)) bytes.set(values, Number(at));
  return bytes;
}

/** No ELF file: the head of Xen without its ELF header. */
const flat = xen.subarray(0x80, 0x3000).slice();
const registry = unwrap(createRegistry(loaders));
const wrongChecksums = { [MULTIBOOT + 8]: [0], [MULTIBOOT2 + 12]: [0] };

/** File, the loader that is chosen, and all whose probes match; none for what nobody takes. */
const files: readonly (readonly [
  string,
  () => Uint8Array | Promise<Uint8Array>,
  string | undefined,
  string,
])[] = [
  ['Xen 4.17 as Debian packs it', () => packed, 'xen', 'elf multiboot multiboot2 xen'],
  ['Xen 4.17 unpacked', () => xen, 'xen', 'elf multiboot multiboot2 xen'],
  [
    'Xen whose Multiboot2 checksum is wrong',
    () => xenWith({ [MULTIBOOT2 + 12]: [0] }),
    'xen',
    'elf multiboot xen',
  ],
  [
    'Xen whose Multiboot checksum is wrong',
    () => xenWith({ [MULTIBOOT + 8]: [0] }),
    'xen',
    'elf multiboot2 xen',
  ],
  ['Xen whose checksums are both wrong', () => xenWith(wrongChecksums), 'elf', 'elf'],
  ['no ELF file, with both headers', () => flat, 'multiboot2', 'multiboot multiboot2'],
  [
    'no ELF file, with the magics and wrong checksums',
    () => xenWith(wrongChecksums).subarray(0x80, 0x3000).slice(),
    undefined,
    '',
  ],
  ["the specification's example", () => read('multiboot-example'), 'multiboot', 'elf multiboot'],
  ['Debian 6.1, a dom0', () => read('linux-6.1'), 'bzimage', 'bzimage'],
  ['Debian 6.12 cloud', () => read('linux-6.12-cloud'), 'bzimage', 'bzimage'],
  [
    'vmlinux of 6.1, with notes for Xen',
    async () => new Uint8Array(readFileSync(await vmlinux('linux-6.1'))),
    'elf',
    'elf pvh',
  ],
];

describe('which loader takes a file, and which ones could', () => {
  test.each(files)('%s', async (name, bytesOf, chosen, matching) => {
    const unpacked = unwrap(
      await decompressImage(loadedAs(await bytesOf(), name), {
        engines: nodeEngines,
        decompressors: nodeDecompressors,
      }),
    );
    const matches = loaders.filter((each) => each.probe(unpacked.bytes).match).map((each) => each.name);
    expect(matches.sort().join(' ')).toBe(matching);
    const selected = select(registry, unpacked);
    if (chosen !== undefined) expect(unwrap(selected).loader.name).toBe(chosen);
    else expect(selected).toMatchObject({ ok: false, diagnostics: [{ code: 'IMAGE_UNKNOWN' }] });
  });

  test('Xen goes to each of the others when that is asked for', () => {
    for (const type of ['multiboot', 'multiboot2', 'xen'])
      expect(unwrap(open(loadedAs(xen, 'xen'), loaders, { type })).loader.name).toBe(type);
  });
});

describe("Debian's Xen 4.17", () => {
  test('is what mkelf32 makes: linked at 2 MiB, entered there, moved by Multiboot2', () => {
    const facts = loader.inspect?.(unwrap(loader.load(loadedAs(xen, 'xen')))) ?? [];
    const fields = Object.fromEntries(facts.flatMap((group) => group.fields).map((f) => [f.name, f.value]));
    expect(fields).toMatchObject({
      'Multiboot header': 'at 0x88',
      'Multiboot2 header': 'at 0x98',
      'may be moved': 'by Multiboot2, within 0x200000-0xffffffff, aligned to 0x200000',
      entry: '0x200000',
    });
  });

  test('loses its tail: what is loaded is missed', () => {
    expect(loader.load(loadedAs(xen.slice(0, 0x100000), 'xen'))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'ELF_TRUNCATED' }],
    });
  });

  const dom0 = { source: 'dom0', name: 'vmlinuz', size: 0x7dd7c0, arguments: '' };
  const sample = { name: 'itself', bytes: xen, declaredEnd: 0x80 + 0x271920, options: { dom0 }, fits: [] };
  for (const { name, run } of checks({ loader, accepts: [sample] })) test(name, { timeout: 120_000 }, run);
});

const MIB = 1n << 20n;
const guest = guestMachine({ memory: 1024n * MIB, model: 'q35' });

describe('without a BIOS', () => {
  /** As Xen hands over: what is not a segment is not mapped, unless it is asked for. */
  const fromXen: Target = { ...qemuTarget, name: 'xen-x86_64', maps: 'segments' };

  test('the page of the words is mapped, where the running kernel maps segments only', () => {
    expect(unwrap(submit(guest, fromXen)).mappings).toEqual([{ start: 0n, end: 0x1000n }]);
    expect(unwrap(submit(guest, qemuTarget)).mappings).toEqual([]);
  });

  test('nothing but purgatory lies below 1 MiB', () => {
    const { segments } = unwrap(submit(guest, qemuTarget));
    const low = segments.flatMap(({ pieces }) => pieces).filter(({ start }) => start < MIB);
    expect(low.filter(({ id }) => id !== 'purgatory')).toEqual([]);
  });
});

describe('where only odd holes are left', () => {
  /** RAM below 1 MiB, where nothing may go, and in these holes. */
  const odd = (...holes: readonly Range[]): Machine => {
    const told = [range(0n, 0x9fc00n), ...holes].map((each) => ({ kind: 'ram' as const, ...each }));
    return { ...guest, told, usable: usableFrom({ told, systemRam: told }) };
  };
  const unaligned = range(0x2080000n, 0x2500000n);
  const small = range(0x1000000n, 0x13a6000n);

  test('Xen is refused, and each hole says why', () => {
    const result = submit(odd(small, unaligned), qemuTarget);
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'LINK_NO_PLACE' }] });
    const { found = '' } = result.diagnostics[0];
    expect(found).toContain('0x1000000-0x13a6000 (0x3a6000 bytes, 0x3a7000 needed)');
    expect(found).toContain(
      '0x2080000-0x2500000 (0x300000 bytes after aligning to 0x200000, 0x3a7000 needed)',
    );
  });

  test('Multiboot 1 is refused for its one place', () => {
    const result = submit(odd(range(0x1000000n, 0x8000000n)), qemuTarget, { protocol: '1' });
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'LINK_NO_PLACE' }] });
    expect(result.diagnostics[0].found).toContain('at 0x200000');
  });

  test('the highest hole that is large enough is taken', () => {
    const machine = odd(small, range(0x4000000n, 0x8000000n), unaligned, range(0x10000000n, 0x10380000n));
    const { segments } = unwrap(submit(machine, qemuTarget));
    const load = segments.flatMap(({ pieces }) => pieces).find(({ id }) => id === 'load.0');
    expect(load?.start).toBe(0x7c00000n);
  });
});

function submit(
  machine: Machine,
  target: Target,
  options: Readonly<Record<string, string>> = {},
): Result<SegmentsSubmission> {
  const dom0 = loadedAs(new Uint8Array(4096).fill(1), 'vmlinuz', 'dom0');
  const opened = unwrap(open(loadedAs(xen, 'xen'), loaders));
  const planned = plan(opened, { machine, options: { dom0, ...options } });
  if (!planned.ok) return planned;
  return linkPlanned(planned.value, { target, engines: nodeEngines, sources: [dom0] });
}

function loadedAs(bytes: Uint8Array, name: string, id = 'image'): SourceBytes {
  const hasher = nodeEngines.sha256();
  hasher.update(bytes);
  return { id, name, size: bytes.length, sha256: Buffer.from(hasher.digest()).toString('hex'), bytes };
}
