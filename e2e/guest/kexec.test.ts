import { describe, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { initramfs, MARKER } from '../../tools/initramfs.mjs';
import { vmlinux } from '../images/vmlinux.js';
import { runGuest, type Files, type GuestResult } from './guest.js';
import {
  bzImage,
  bzImages,
  carried,
  carriedDigest,
  expectTold,
  last,
  onward,
  tell,
  type Linux,
} from './kexec.js';

const ALL = process.env['KEXEC_KIT_ALL'] === '1';

/** What is no Linux of its own, and ends a chain. */
interface End {
  /** A command line of kexec. */
  readonly load: string;
  readonly files: () => Promise<Files>;
  /** What it says on the serial line. */
  readonly until: string;
  readonly expect?: (guest: GuestResult) => void;
}

const xenLine = 'com1=115200,8n1 console=com1 noreboot';
const dom0Line = 'console=hvc0 panic=-1 quiet';

function xen(options: string): End {
  return {
    load:
      `kexec -c -l /opt/end/xen.gz ${options} --command-line="${xenLine}" ` +
      `--module="/opt/end/dom0 ${dom0Line}" --module=/opt/end/witness.gz`,
    files: async () => ({
      'opt/end/xen.gz': { from: (await image('xen-4.17')).path },
      'opt/end/dom0': { from: await bzImage('6.1') },
      'opt/end/witness.gz': initramfs({ files: carried }),
    }),
    until: MARKER,
    expect: (guest) => {
      expect(guest.console).toMatch(/^\(XEN\) Command line: com1=115200,8n1 console=com1 noreboot$/m);
      expect(guest.witnesses, last(guest)).toMatchObject([{ sha256: carriedDigest }]);
      // Xen adds to it what it knows.
      expect(guest.witnesses[0]?.cmdline.replace(/ acpi=off$/, '').trim()).toBe(dom0Line);
    },
  };
}

function memtest(name: string): End {
  return {
    load: 'kexec -c -l /opt/end/memtest --command-line=console=ttyS0,115200',
    files: async () => ({ 'opt/end/memtest': { from: (await image(name)).path } }),
    until: 'Memtest86+ v6',
  };
}

const ends = {
  'Xen with dom0 by Multiboot 1': xen('-t multiboot'),
  'Xen with dom0 by Multiboot 2': xen(''),
  'memtest86+ for x86_64': memtest('memtest86+x64'),
  'memtest86+ for ia32': memtest('memtest86+ia32'),
} satisfies Record<string, End>;

/** How one Linux is loaded in another's place. */
const ways = {
  'a bzImage by -c': 'kexec -c -l /opt/bzImage-',
  'a bzImage by -s': 'kexec -s -l /opt/bzImage-',
  'a vmlinux by -c': 'kexec -c -l /opt/vmlinux-',
  'a vmlinux by -c and its PVH entry': 'kexec -c -t pvh -l /opt/vmlinux-',
};

/** Begins with a kernel, goes on to the other one by each of the ways in turn, and ends. */
type Chain = readonly [first: Linux, ways: readonly (keyof typeof ways)[], end: keyof typeof ends];

/** Each way and each end from both kernels, every one once. */
const byBzImage = ['a bzImage by -c', 'a bzImage by -s'] as const;
const byVmlinux = ['a vmlinux by -c', 'a vmlinux by -c and its PVH entry'] as const;
const chains: readonly Chain[] = [
  ['6.12', byBzImage, 'Xen with dom0 by Multiboot 2'],
  ['6.1', byBzImage, 'Xen with dom0 by Multiboot 1'],
  ['6.12', byVmlinux, 'memtest86+ for x86_64'],
  ['6.1', byVmlinux, 'memtest86+ for ia32'],
];
const more: readonly Chain[] = [
  ['6.12', [], 'Xen with dom0 by Multiboot 1'],
  ['6.1', [], 'Xen with dom0 by Multiboot 2'],
  ['6.12', [], 'memtest86+ for ia32'],
  ['6.1', [], 'memtest86+ for x86_64'],
];

const other = { '6.12': '6.1', '6.1': '6.12' } as const;

/** The file that a way begins with, in the place of a kernel of this version. */
async function kernelFile(way: keyof typeof ways, version: Linux): Promise<Files> {
  const path = ways[way].slice(ways[way].indexOf('/opt/') + 1) + version;
  return {
    [path]: { from: path.includes('vmlinux') ? await vmlinux(bzImages[version]) : await bzImage(version) },
  };
}

describe.concurrent('kexec -l and kexec -e start', () => {
  it.each([...chains, ...(ALL ? more : [])])('from %s %j, then %s', async (first, by, to) => {
    const end: End = ends[to];
    const kernels = by.reduce<readonly Linux[]>((run, _, n) => [...run, other[run[n]!]], [first]);
    const files = await Promise.all(by.map((way, n) => kernelFile(way, kernels[n + 1]!)));
    const hops = by.map((way, n) => [tell, ...onward(n + 1, ways[way] + kernels[n + 1]!)]);
    const guest = await runGuest({
      kernel: await bzImage(first),
      files: carried,
      shared: Object.assign(await end.files(), ...files) as Files,
      stages: [...hops, [tell, end.load, 'kexec -e']],
      until: end.until,
    });
    for (const [stage, running] of kernels.slice(1).entries()) expectTold(guest, stage + 1, running);
    expect(guest.outcome, last(guest)).toBe('seen');
    end.expect?.(guest);
  });
});
