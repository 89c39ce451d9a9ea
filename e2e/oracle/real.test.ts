import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSetupHeader, setupCodeSize } from '@kexec-kit/linux-boot';
import { parseElf, readLoads } from '@kexec-kit/elf';
import { unwrap } from '@kexec-kit/loader-api';
import { image } from '../../tools/images.mjs';
import { inFolders } from './bulk.js';
import type { BzImageShape, Case, ElfShape, Image, MadeMachine } from './case.js';
import { differenceLines } from './report.js';
import { judge } from './rules/index.js';
import { ask } from './run.js';

const MIB = 0x100000n;
const ram = (start: bigint, end: bigint) => ({ start, end, type: 'System RAM' });
const reserved = (start: bigint, end: bigint) => ({ start, end, type: 'Reserved' });

const machines: Readonly<Record<string, MadeMachine>> = {
  '512 MiB': made([
    ram(0n, 0x9fc00n),
    reserved(0x9fc00n, 0xa0000n),
    reserved(0xf0000n, MIB),
    ram(MIB, 512n * MIB),
  ]),
  'RAM above 4 GiB': made([
    ram(0n, 0x9fc00n),
    reserved(0x9fc00n, MIB),
    ram(MIB, 3072n * MIB),
    reserved(3072n * MIB, 4096n * MIB),
    ram(4096n * MIB, 9216n * MIB),
  ]),
  '300 ranges': made([
    ram(0n, 0x9f000n),
    ram(MIB, 16n * MIB),
    ...Array.from({ length: 149 }, (_, i) => BigInt(i)).flatMap((i) => [
      ram((16n + i) * MIB, (16n + i) * MIB + 0xf0000n),
      reserved((16n + i) * MIB + 0xf0000n, (17n + i) * MIB),
    ]),
    ram(256n * MIB, 1024n * MIB),
  ]),
};

function made(told: MadeMachine['told']): MadeMachine {
  return { told, unused: [], crash: [], commandLine: 'BOOT_IMAGE=/boot/vmlinuz root=/dev/vda1 ro' };
}

const images = new Map<string, Image>();
const scratch = mkdtempSync(join(tmpdir(), 'kexec-kit-real-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

beforeAll(async () => {
  for (const name of ['linux-6.12-cloud', 'linux-6.1']) {
    const file = (await image(name)).path;
    const bzimage = shapeOf(readFileSync(file));
    images.set(name, { format: 'bzimage64', file, bzimage });
    images.set(`${name}, 32-bit entry`, { format: 'bzimage32', file, bzimage });
  }
  const file = join(scratch, 'xen');
  writeFileSync(file, gunzipSync(readFileSync((await image('xen-4.17')).path)));
  const elf = elfShapeOf(readFileSync(file));
  images.set('xen-4.17, Multiboot 1', {
    format: 'multiboot',
    file,
    multiboot: { elf, flags: 3, kludge: false },
  });
  images.set('xen-4.17, Multiboot 2', {
    format: 'multiboot2',
    file,
    multiboot2: {
      elf,
      requests: [4, 6],
      framebuffer: true,
      moduleAlign: true,
      relocatable: { min: 0x200000, max: 0xffffffff, alignment: 21, preference: 2 },
    },
  });
});

/** What the policy of kexec(8) looks at. */
function shapeOf(bytes: Uint8Array): BzImageShape {
  const header = readSetupHeader(bytes);
  const { version, setup_sects, kernel_alignment = 1, min_alignment = 0, init_size = 0 } = header;
  return {
    version,
    setupSects: setup_sects,
    code: bytes.length - setupCodeSize(header),
    relocatable: header.relocatable_kernel !== 0,
    alignment: Math.log2(kernel_alignment),
    minAlignment: min_alignment,
    prefAddress: header.pref_address ?? 0n,
    initSize: init_size,
    xloadflags: header.xloadflags ?? 0,
    cmdlineSize: header.cmdline_size ?? 255,
    initrdAddrMax: header.initrd_addr_max ?? 0,
  };
}

/** Xen has one PT_LOAD. */
function elfShapeOf(bytes: Uint8Array): ElfShape {
  const source = { name: 'xen', bytes };
  const { loads, span } = unwrap(readLoads(source, unwrap(parseElf(source))));
  const [load] = loads;
  const content = load?.content.length ?? 0;
  const zeros = Number((load?.end ?? 0n) - (load?.start ?? 0n)) - content;
  return {
    bits: 32,
    movable: false,
    base: span.start,
    alignment: Math.log2(Number(load?.header.p_align ?? 1n)),
    loads: [{ gap: 0, content, zeros }],
    entry: 0,
    note: false,
  };
}

const names = [
  'linux-6.12-cloud',
  'linux-6.12-cloud, 32-bit entry',
  'linux-6.1',
  'linux-6.1, 32-bit entry',
  'xen-4.17, Multiboot 1',
  'xen-4.17, Multiboot 2',
];

describe.each(names)('%s', (name) => {
  test.each(Object.keys(machines))('on a machine with %s: kexec(8) and we agree', async (where) => {
    const real = images.get(name)!;
    const isLinux = real.format.startsWith('bzimage');
    const question: Case = {
      image: real,
      machine: machines[where]!,
      purpose: 'normal',
      options: {
        commandLine: 'console=ttyS0',
        reuse: isLinux,
        initrd: isLinux ? 100_000 : 0,
        modules: isLinux
          ? []
          : [
              { size: 100_000, text: 'root=/dev/vda1' },
              { size: 5000, text: '' },
            ],
        efi: true,
      },
    };
    await inFolders(1, async (folder) => {
      const comparison = await ask(question, folder);
      const { unexplained } = judge(comparison);
      expect(unexplained, differenceLines(unexplained).join('\n')).toEqual([]);
      expect(comparison.evidence.theirView, 'kexec(8) loads it').toBeDefined();
      expect(comparison.evidence.ourView, comparison.evidence.ourRefusal).toBeDefined();
      const predicted = comparison.counts.get('places, as predicted');
      expect(predicted?.equal).toBe(predicted?.all);
    });
  });
});
