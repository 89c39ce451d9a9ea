import { readFileSync } from 'node:fs';
import { qemuTarget } from '@kexec-kit/backend-qemu';
import { linkPlanned, open, plan } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import { range, type Range, type SegmentsSubmission, type SourceBytes, unwrap } from '@kexec-kit/loader-api';
import { loader } from '@kexec-kit/loader-pvh';
import { checks, standardMachines } from '@kexec-kit/loader-testkit';
import { describe, expect, test } from 'vitest';
import { image } from '../../tools/images.mjs';
import { vmlinux } from './vmlinux.js';

/** A copy: the slice() of Node's Buffer would be a view, and what damages it would damage the image. */
const contentOf = (path: string) => new Uint8Array(readFileSync(path));
const loadedAs = (bytes: Uint8Array): SourceBytes => ({
  ...{ id: 'image', name: 'image', size: bytes.length, sha256: nodeDigest(bytes) },
  bytes,
});

function nodeDigest(bytes: Uint8Array): string {
  const hasher = nodeEngines.sha256();
  hasher.update(bytes);
  return Buffer.from(hasher.digest()).toString('hex');
}

const noRelocation = 'none: it may not be moved';
/** From Debian's packages; the notes as readelf says. */
const KERNELS = {
  'linux-6.12-cloud': {
    bytes: contentOf(await vmlinux('linux-6.12-cloud')),
    detail: 'ELF64 EM_X86_64, a Linux kernel with a PVH entry, may be moved',
    facts: {
      PHYS32_ENTRY: '0x1000a30 in PT_LOAD 0',
      PHYS32_RELOC: 'within 0x1000000-0x40000000, aligned to 0x200000',
    },
  },
  'linux-6.1': {
    bytes: contentOf(await vmlinux('linux-6.1')),
    detail: 'ELF64 EM_X86_64, a Linux kernel with a PVH entry',
    facts: { PHYS32_RELOC: noRelocation },
  },
  'linux-6.1-686-pae': {
    bytes: contentOf(await vmlinux('linux-6.1-686-pae')),
    detail: 'ELF32 EM_386, a Linux kernel with a PVH entry',
    facts: { PHYS32_RELOC: noRelocation },
  },
  grub: {
    bytes: contentOf((await image('grub-i386-xen_pvh')).path),
    detail: 'ELF32 EM_386, with a PVH entry',
    facts: { PHYS32_ENTRY: '0x100000 in PT_LOAD 0', PHYS32_RELOC: noRelocation },
  },
} as const;

describe.each(Object.entries(KERNELS))('%s', (_, { bytes, detail, facts }) => {
  test('is recognised, and its notes are read', () => {
    expect(loader.probe(bytes)).toEqual({ match: true, detail });
    const [first] = loader.inspect?.(unwrap(loader.load(loadedAs(bytes)))) ?? [];
    const shown = Object.fromEntries((first?.fields ?? []).map(({ name, value }) => [name, value]));
    expect(shown).toMatchObject(facts);
  });
});

/** The kit takes a quarter of a minute on a large image: what has the most notes waits for test:all. */
const CONFORMING = process.env['KEXEC_KIT_ALL'] === '1' ? Object.keys(KERNELS) : ['linux-6.1', 'grub'];

describe.each(CONFORMING)('%s', (name) => {
  const { bytes } = KERNELS[name as keyof typeof KERNELS];
  const low = Object.keys(standardMachines).filter((machine) => machine !== 'onlyAbove4g');
  // 6.1 does not move, and its place is not free everywhere; it takes 128 ranges.
  const fits =
    name === 'grub' ? low.filter((machine) => machine !== 'uefi') : ['small', 'above4g', 'crash', 'uefi'];
  const options = { commandLine: 'console=ttyS0' };
  const sample = { name: 'itself', bytes, declaredEnd: endOfLoads(bytes), fits: [...fits], options };
  for (const { name: rule, run } of checks({ loader, accepts: [sample] }))
    test(rule, { timeout: 120_000 }, run);
});

/** Where the file part of the last PT_LOAD ends, or the notes that the entry needs; read here by hand. */
function endOfLoads(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [table, size, filesz] = bytes[4] === 2 ? [64, 56, 32] : [52, 32, 16];
  const count = view.getUint16(bytes[4] === 2 ? 0x38 : 0x2c, true);
  const headers = Array.from({ length: count }, (_, i) => table + i * size);
  const needed = headers.filter((at) => [1, 4].includes(view.getUint32(at, true)));
  const offset = bytes[4] === 2 ? 8 : 4;
  return Math.max(
    ...needed.map((at) => view.getUint32(at + offset, true) + view.getUint32(at + filesz, true)),
  );
}

describe('linked on the recorded machines', () => {
  const link = (name: keyof typeof KERNELS, machine: keyof typeof standardMachines) => {
    const opened = unwrap(open(loadedAs(KERNELS[name].bytes), [loader]));
    const planned = plan(opened, { machine: standardMachines[machine], policy: { efi: false } });
    if (!planned.ok) return planned;
    return linkPlanned(planned.value, { target: qemuTarget, engines: nodeEngines, sources: [] });
  };
  const rangeOf = ({ segments }: SegmentsSubmission): Range => {
    const loads = segments.flatMap(({ pieces }) => pieces).filter(({ id }) => id.startsWith('load.'));
    const starts = loads.map(({ start }) => start).sort((a, b) => (a < b ? -1 : 1));
    const ends = loads.map(({ start, memorySize }) => start + memorySize).sort((a, b) => (a < b ? -1 : 1));
    return range(starts[0] ?? 0n, ends.at(-1) ?? 0n);
  };

  test.each([
    // `holes` has one at 48 MiB, and the highest that fits ends at 0xffe0000.
    ['small', range(0x1000000n, 0x4200000n), []],
    ['above4g', range(0x1000000n, 0x4200000n), []],
    ['uefi', range(0x1000000n, 0x4200000n), []],
    ['holes', range(0xcc00000n, 0xfe00000n), ['LINK_MOVED']],
  ] as const)('6.12 on %s', (machine, where, codes) => {
    const linked = link('linux-6.12-cloud', machine);
    expect(rangeOf(unwrap(linked))).toEqual(where);
    expect(linked.diagnostics.map(({ code }) => code)).toEqual(codes);
  });

  test('6.1 is refused where 6.12 was moved, with its own range and the one in the way', () => {
    const refused = link('linux-6.1', 'holes');
    expect(refused).toMatchObject({
      ok: false,
      diagnostics: [
        {
          code: 'PVH_ADDRESS_TAKEN',
          expected: expect.stringMatching(/^usable memory at 0x1000000-0x[0-9a-f]+$/) as string,
          found: '0x3000000-0x3100000 (it is no usable RAM)',
        },
      ],
    });
  });

  test('6.12 finds no place where all memory is above 4 GiB, and every hole says why', () => {
    const refused = link('linux-6.12-cloud', 'onlyAbove4g');
    const loads = 'as one group: load.0, load.1, load.2, load.3';
    expect(refused).toMatchObject({
      ok: false,
      diagnostics: [
        {
          code: 'LINK_NO_PLACE',
          expected: `at 0x1000000, ${loads}, or within 0x1000000-0x40000000, aligned to 0x200000, from the top, ${loads}`,
        },
      ],
    });
  });
});
