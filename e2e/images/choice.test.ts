import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { coreCodes, createRegistry, decompressImage, open, plan, select, type Opened } from '@kexec-kit/core';
import { nodeDecompressors, nodeEngines } from '@kexec-kit/host-node';
import { unwrap, type Machine, type Placement, type Result, type SourceBytes } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { loaders } from '@kexec-kit/preset-x86';
import { describe, expect, test } from 'vitest';
import { elfFile } from '../../tools/elf-file.mjs';
import { image } from '../../tools/images.mjs';
import { vmlinux } from './vmlinux.js';

const FOUR_GIB = 1n << 32n;

/** Of Debian's packages, by its name in tools/images.mjs. */
const packaged = (name: string) => async () => readFileSync((await image(name)).path);
/** The ELF file inside a bzImage. */
const inside = (name: string) => async () => readFileSync(await vmlinux(name));

/** File, the loader that is chosen, and all whose probes match. */
const CHOSEN = [
  ['Debian 6.1 amd64', packaged('linux-6.1'), 'bzimage', ['bzimage']],
  ['Debian 6.12 cloud', packaged('linux-6.12-cloud'), 'bzimage', ['bzimage']],
  ['Debian 6.1 686-pae', packaged('linux-6.1-686-pae'), 'bzimage', ['bzimage']],
  ['vmlinux of 6.1 amd64', inside('linux-6.1'), 'elf', ['elf', 'pvh']],
  ['vmlinux of 6.12 cloud', inside('linux-6.12-cloud'), 'elf', ['elf', 'pvh']],
  ['vmlinux of 6.1 686-pae', inside('linux-6.1-686-pae'), 'elf', ['elf', 'pvh']],
  ['memtest86+ x64', packaged('memtest86+x64'), 'bzimage', ['bzimage']],
  ['memtest86+ ia32', packaged('memtest86+ia32'), 'bzimage', ['bzimage']],
  ['grub-i386-xen_pvh.bin', packaged('grub-i386-xen_pvh'), 'pvh', ['pvh']],
] as const;

describe.each(CHOSEN)('%s', (name, read, chosen, matching) => {
  test(`is started by ${chosen}, of ${matching.join(' and ')}`, async () => {
    const file = source(name, await read());
    const matches = loaders.filter((loader) => loader.probe(file.bytes).match);
    expect(matches.map((loader) => loader.name).sort()).toEqual(matching);
    expect(unwrap(select(registry, file)).loader.name).toBe(chosen);
    expect(unwrap(open(file, loaders)).loader.name).toBe(chosen);
  });

  test('is started by any other that matches, when that is asked for', async () => {
    const file = source(name, await read());
    for (const type of matching) expect(unwrap(open(file, loaders, { type })).loader.name).toBe(type);
  });

  test('is chosen alike whatever the order of the loaders', async () => {
    const file = source(name, await read());
    expect(unwrap(open(file, [...loaders].reverse())).loader.name).toBe(chosen);
  });
});

/** Who could start it, and says that it is no kernel; or nobody, and then what it looks like. */
const REFUSED = [
  ['a PE', packaged('systemd-boot'), 'IMAGE_UNKNOWN', /PE|EFI/],
  [
    'a gzip of text',
    () => Promise.resolve(gzipSync('this is no kernel\n'.repeat(100))),
    'IMAGE_UNKNOWN',
    /text/,
  ],
  [
    'an ELF shared library',
    () => Promise.resolve(readFileSync(sharedLibrary())),
    'ELF_SHARED_LIBRARY',
    /DT_SONAME/,
  ],
  ['a core file', () => Promise.resolve(coreFile()), 'ELF_NOT_EXECUTABLE', /core/i],
  [
    'a static user program',
    () => Promise.resolve(readFileSync('/bin/busybox')),
    'ELF_USER_PROGRAM',
    /ABI-tag|ELFOSABI_GNU/,
  ],
] as const;

describe.each(REFUSED)('%s', (name, read, code, evidence) => {
  test(`is refused with ${code}, and why`, async () => {
    const refused = await openAsCommandsDo(source(name, await read()));
    if (refused.ok) throw new Error('it was not refused');
    const [{ message, found, hint, ...first }] = refused.diagnostics;
    expect(first).toMatchObject({ code, severity: 'error' });
    expect(`${message} ${found ?? ''}`).toMatch(evidence);
    expect(hint).toMatch(/\w/);
  });

  test('is refused as pvh too, since its probe says no', async () => {
    const refused = await openAsCommandsDo(source(name, await read()), 'pvh');
    expect(refused).toMatchObject({ ok: false, diagnostics: [{ code: 'TYPE_CONTRADICTED' }] });
    expect(Object.keys(coreCodes)).toContain('TYPE_CONTRADICTED');
  });
});

test('memtest86+ x64 is entered in 64-bit mode, but nothing of it may lie above 4 GiB', async () => {
  const opened = unwrap(open(source('memtest', await packaged('memtest86+x64')()), loaders));
  const machine: Machine = standardMachines.above4g;
  const { handoff, segments } = unwrap(plan(opened, { machine })).plan;
  expect(handoff.mode).toBe('long64');
  for (const { id, placements, memorySize } of segments) {
    for (const placement of placements)
      expect(endOf(placement, memorySize), id).toBeLessThanOrEqual(FOUR_GIB);
  }
});

function endOf(placement: Placement, size: bigint): bigint {
  if ('at' in placement) return placement.at + size;
  return 'within' in placement ? placement.within.end : size;
}

const registry = unwrap(createRegistry(loaders));

/** What a command does with a file before it asks which loader it is for. */
async function openAsCommandsDo(file: SourceBytes, type?: string): Promise<Result<Opened>> {
  const unpacked = await decompressImage(file, { engines: nodeEngines, decompressors: nodeDecompressors });
  return open(unwrap(unpacked), loaders, { type });
}

function source(name: string, bytes: Uint8Array): SourceBytes {
  return { id: 'image', name, size: bytes.length, sha256: '0'.repeat(64), bytes };
}

/** The C library of the Node that runs this: the file that is mapped. */
function sharedLibrary(): string {
  const mapped = /\/\S*\/libc\.so\.6$/m.exec(readFileSync('/proc/self/maps', 'utf8'));
  if (mapped === null) throw new Error('this Node has no libc.so.6 mapped');
  return mapped[0];
}

/** As the kernel writes one: ET_CORE, a note NT_PRSTATUS of owner CORE, memory that was mapped. */
function coreFile(): Uint8Array {
  return elfFile({
    header: { e_type: 4 },
    segments: [
      { notes: [{ name: 'CORE', type: 1, desc: new Uint8Array(336) }] },
      { p_flags: 5, p_vaddr: 0x400000, content: new Uint8Array(0x1000), p_align: 0x1000 },
    ],
  });
}
