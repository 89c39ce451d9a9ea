// @ts-check
/**
 * The tiers of `npm test`, in order. A tier is a row: programs that must succeed, then the tests that vitest knows by
 * the tier's name (vitest.config.ts makes one project of each row that has `tests`).
 */

import { Failed } from './execute.mjs';

/**
 * @typedef {object} Tier
 * @property {string} name
 * @property {string} what
 * @property {number} budget In seconds, on two cores: what does not fit goes to `npm run test:all`.
 * @property {readonly (readonly string[])[]} [steps] Arguments for `node`, each run in the root, all at the same time.
 * @property {readonly string[]} [tests] Globs of test files; a tier that has them and finds none fails.
 * @property {readonly string[]} [images] Names from tools/images.mjs, fetched before the clock starts.
 * @property {number} [testTimeout] In seconds.
 * @property {number} [workers] How many test files at a time, where it is not one for each processor.
 * @property {boolean} [isolate] Whether each test file gets modules of its own; true unless said.
 * @property {number} [retry] How often a failed test is run again, each time said: for guests on a machine that others load.
 */

/** Every real image that tests look at. */
const realImages = [
  'linux-6.12-cloud',
  'linux-6.1',
  'linux-6.1-686-pae',
  'busybox-i386',
  'memtest86+x64',
  'memtest86+ia32',
  'grub-i386-xen_pvh',
  'systemd-boot',
  'systemd-stub',
  'xen-4.17',
  'tboot',
  'multiboot-example',
];

/** What a machine with UEFI wants besides. */
const ofUefi = ['ovmf-code', 'ovmf-vars', 'linux-6.1-efivarfs', 'linux-6.12-cloud-efivarfs'];

/** @type {readonly Tier[]} */
export const tiers = [
  {
    name: 'static',
    what: 'types, lint, format, generated files, the package graph, examples in the documentation',
    budget: 120,
    steps: [
      ['node_modules/typescript/bin/tsc', '--project', 'tsconfig.test.json'],
      ['node_modules/eslint/bin/eslint.js', '.'],
      ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
      ['tools/generate.mjs', '--check'],
    ],
    tests: ['e2e/lint/**/*.test.ts', 'e2e/docs/**/*.test.ts', 'e2e/tools/**/*.test.ts'],
    images: ['linux-6.12-cloud'],
    testTimeout: 120,
    // Examples boot guests.
    retry: 1,
  },
  {
    name: 'unit',
    what: 'every package by itself, the conformance kit, and the loaders on real images',
    budget: 120,
    tests: [
      'packages/*/test/**/*.test.ts',
      'e2e/images/**/*.test.ts',
      'e2e/cli/**/*.test.ts',
      'e2e/fuzz/**/*.test.ts',
    ],
    images: realImages,
    testTimeout: 30,
    // What it tests keeps no state in modules, and loading them anew for a hundred files is a fifth of its time.
    isolate: false,
    // Commands boot guests.
    retry: 1,
  },
  {
    name: 'oracle',
    what: "Debian's own kexec(8) and we, asked about the same images on the same machines",
    budget: 120,
    steps: [['tools/oracle-kexec.mjs']],
    tests: ['e2e/oracle/**/*.test.ts'],
    images: ['linux-6.12-cloud', 'linux-6.1', 'xen-4.17'],
    testTimeout: 120,
  },
  {
    name: 'boot',
    what: 'submissions run in QEMU from the state of hand-over',
    budget: 300,
    tests: ['e2e/boot/**/*.test.ts'],
    images: realImages,
    testTimeout: 180,
    retry: 1,
  },
  {
    name: 'guest',
    what: 'a real Debian kernel in QEMU runs the packed packages, and is replaced by what they load',
    budget: 360,
    tests: ['e2e/guest/!(kexec*).test.ts'],
    images: [...realImages, 'node-i386', ...ofUefi],
    // Each guest is bounded by itself; those of one file that wait for their turn do so within this.
    testTimeout: 1200,
    // The two longest files have one guest each, so that they run side by side; the others run two at a time by themselves.
    workers: 2,
    retry: 1,
  },
  {
    name: 'kexec',
    what: 'kexec and kexec-kit in such guests: every format that they start, from each kernel, and every way to say so',
    budget: 360,
    tests: ['e2e/guest/kexec*.test.ts'],
    images: realImages,
    testTimeout: 1200,
    workers: 1,
    retry: 1,
  },
  {
    name: 'packages',
    what: 'packed, installed alone, imported by Node 18.20 and by this one',
    budget: 120,
    tests: ['e2e/packages/**/*.test.ts'],
    images: ['linux-6.12-cloud'],
    testTimeout: 120,
  },
];

/** What the user opted out of: `KEXEC_KIT_SKIP=boot,packages npm test`. */
export function skipped() {
  const names = (process.env['KEXEC_KIT_SKIP'] ?? '').split(',').filter((name) => name !== '');
  const unknown = names.find((name) => !tiers.some((tier) => tier.name === name));
  if (unknown !== undefined) {
    throw new Failed(
      `KEXEC_KIT_SKIP names "${unknown}"; there are ${tiers.map(({ name }) => name).join(', ')}`,
    );
  }
  return names;
}

/**
 * @param {'test' | 'test:all'} _which Both run every tier; under `test:all` tests see KEXEC_KIT_ALL=1 and leave nothing out.
 * @param {readonly string[]} skip
 */
export function tiersOf(_which, skip) {
  return tiers.filter(({ name }) => !skip.includes(name));
}
