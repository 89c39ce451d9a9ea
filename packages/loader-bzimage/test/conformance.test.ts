import { readFileSync } from 'node:fs';
import type { LoaderManifest, Machine } from '@kexec-kit/loader-api';
import { checks, type Sample, standardMachines } from '@kexec-kit/loader-testkit';
import { test } from 'vitest';
import { loader } from '../src/index.js';
import { bzImage, I386, MEMTEST, MEMTEST_32, old, type Shape } from './bzimage.js';

const manifest = JSON.parse(
  readFileSync(new URL('../loader.json', import.meta.url), 'utf8'),
) as LoaderManifest;

const machines: Readonly<Record<string, Machine>> = {
  ...standardMachines,
  i386Small: { ...standardMachines.small, architecture: 'i386' },
  i386Above4g: { ...standardMachines.above4g, architecture: 'i386' },
  i386ManyRanges: { ...standardMachines.manyRanges, architecture: 'i386' },
};

const all = Object.keys(machines);
const x86_64 = all.filter((name) => !name.startsWith('i386'));
/** There is RAM below 4 GiB, and below 896 MiB. */
const low = all.filter((name) => name !== 'onlyAbove4g');
/** And in pieces that are large enough for Linux of today. */
const roomy = low.filter((name) => !/manyRanges/i.test(name));
const withBios = (names: readonly string[]) => names.filter((name) => name !== 'uefi');
const initrd = [{ source: 'initrd.0', name: 'initrd.img', size: 0x12345, arguments: '' }];

interface Case {
  readonly shape: Shape;
  readonly fits: readonly string[];
  readonly options?: Sample['options'];
  /** How much of what the header declares may be missing, in bytes; Linux of today: nothing. */
  readonly slack?: number;
  readonly purposes?: Sample['purposes'];
}

function sample(name: string, { shape, fits, options, slack = 0, purposes }: Case): Sample {
  const bytes = bzImage(shape);
  const declaredEnd = bytes.length - (shape.certificates ?? 0x40) - slack;
  return {
    ...{ name, bytes, declaredEnd, fits, options: { commandLine: 'console=ttyS0', initrd, ...options } },
    ...(purposes && { purposes }),
  };
}

const realMode = { realMode: true };
const normal = ['normal'] as const;
/** Without a payload the header counts paragraphs that need not be full. */
const slack = 15;

const accepts: Sample[] = [
  sample('Linux by its best entry', { shape: {}, fits: [...new Set([...x86_64, ...roomy])] }),
  sample('Linux by its 64-bit entry', { shape: {}, fits: x86_64, options: { entry: '64' } }),
  sample('Linux by its 32-bit entry', { shape: {}, fits: roomy, options: { entry: '32' }, purposes: normal }),
  sample('Linux by its 32-bit entry, after a crash', {
    ...{ shape: {}, fits: ['crashBelow4g'], options: { entry: '32' }, purposes: ['crash'] },
  }),
  sample('Linux by its real-mode code', {
    ...{ shape: {}, fits: withBios(roomy), options: realMode, purposes: normal },
  }),
  sample('i386 Linux', { shape: I386, fits: low, purposes: normal }),
  sample('memtest86+ x64', { shape: MEMTEST, fits: low, slack, purposes: normal }),
  sample('memtest86+ ia32', { shape: MEMTEST_32, fits: low, slack, purposes: normal }),
  sample('Linux of protocol 2.04', { shape: old(0x204), fits: low, slack, purposes: normal }),
  // Before 2.04 the header declares no size of the code: none of it can be known to be missing.
  sample('Linux of protocol 2.01', {
    shape: old(0x201),
    fits: withBios(low),
    options: realMode,
    purposes: normal,
    slack: 0x1000,
  }),
];
const rejects: Sample[] = [
  { name: 'a boot sector of something else', bytes: bzImage({ fields: { header: 0 } }) },
  { name: 'a header that is too short', bytes: bzImage({ displacement: 0x10 }) },
];

for (const { name, run } of checks({ loader, manifest, accepts, rejects, machines })) test(name, run);
