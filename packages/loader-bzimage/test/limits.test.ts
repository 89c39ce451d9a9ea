import {
  type Architecture,
  type CrashFacts,
  type Machine,
  type Plan,
  range,
  type Range,
  type Result,
} from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { findHole } from '@kexec-kit/memory';
import { describe, expect, test } from 'vitest';
import { loader } from '../src/index.js';
import { bzImage, I386, MEMTEST, MEMTEST_32, type Shape, source } from './bzimage.js';
import { NOTHING, POLICY } from './inputs.js';

const MIB = 1n << 20n;
const FOUR_GIB = 1n << 32n;
/** Where Linux 5.2 and newer reserve: the mail of 2021-08 names both. */
const CRASH_1968 = range(1968n * MIB, (1968n + 256n) * MIB);
const CRASH_3264 = range(3264n * MIB, (3264n + 256n) * MIB);
const LOW = range(64n * MIB, 320n * MIB);

/** 4 GiB of RAM without a hole, so that only the limits refuse. */
const machine = (architecture: Architecture): Machine => ({
  ...standardMachines.above4g,
  architecture,
  told: [{ ...range(0n, FOUR_GIB), kind: 'ram' }],
  usable: [range(0x1000n, 0x9f000n), range(MIB, FOUR_GIB)],
});

type Entry = '64' | '32' | '16';

/** What nobody needs to know of a running kernel that plans a crash kernel. */
const crash: CrashFacts = {
  systemRam: [range(MIB, FOUR_GIB)],
  cpuNotes: [{ cpu: 0, ...range(0x2000000n, 0x2000170n) }],
};

/** Into the memory that is reserved, whatever else is usable. */
function planCrash(shape: Shape, running: Architecture, memory: Range, entry?: Entry): Result<Plan> {
  const image = loader.load(source(bzImage(shape)));
  if (!image.ok) throw new Error(image.diagnostics[0].code);
  return loader.plan(image.value, {
    machine: { ...machine(running), crashKernel: [memory], crash },
    purpose: 'crash',
    policy: POLICY,
    options: { ...NOTHING, entry, initrd: [INITRD] },
  });
}

function planIn(shape: Shape, running: Architecture, memory: Range, entry?: Entry): Result<Plan> {
  const image = loader.load(source(bzImage(shape)));
  if (!image.ok) throw new Error(image.diagnostics[0].code);
  return loader.plan(image.value, {
    machine: machine(running),
    purpose: 'normal',
    policy: { ...POLICY, memory },
    options: { ...NOTHING, entry, initrd: [INITRD] },
  });
}

const INITRD = { source: 'initrd.0', name: 'initrd.img', size: 0x100000, arguments: '' };

/** Whether every segment has a place of its own within a range: what the linker looks for. */
function fits({ segments }: Plan, memory: Range): boolean {
  return segments.every(({ memorySize: size, placements }) =>
    placements.some((placement) => {
      if (!('within' in placement)) return false;
      const { within, align, from } = placement;
      return findHole({ holes: [memory], size, within, align, from }).ok;
    }),
  );
}

const X86_64: Shape = {};
const X86_64_BELOW_4G: Shape = { fields: { xloadflags: 0x7d, initrd_addr_max: 0xffffffff } };

describe.each([
  ['as the only memory that the policy allows', planIn],
  ['as a crash kernel', planCrash],
] as const)(
  'kernel and all that it is handed find a place in a region %s, or the refusal says why',
  (_, planned) => {
    test.each([
      // From a 64-bit kernel a 64-bit one goes anywhere that its entry reaches.
      ['x86_64', 'x86_64', X86_64, '64', LOW, true],
      ['x86_64', 'x86_64', X86_64, '64', CRASH_1968, true],
      ['x86_64', 'x86_64', X86_64, '64', CRASH_3264, true],
      ['x86_64', 'x86_64', X86_64, '32', LOW, true],
      ['x86_64', 'x86_64', X86_64, '32', CRASH_1968, true],
      ['x86_64', 'x86_64', X86_64, '32', CRASH_3264, true],
      ['x86_64', 'x86_64, not above 4 GiB', X86_64_BELOW_4G, '64', CRASH_3264, true],
      ['x86_64', 'x86_64, not above 4 GiB', X86_64_BELOW_4G, '32', CRASH_3264, true],
      // With i386 on either side the limit of 896 MiB stands.
      ['x86_64', 'i386', I386, '32', LOW, true],
      ['x86_64', 'i386', I386, '32', CRASH_1968, 'the kernel to be started has no 64-bit entry'],
      ['x86_64', 'i386', I386, '32', CRASH_3264, 'the kernel to be started has no 64-bit entry'],
      ['i386', 'x86_64', X86_64, '32', LOW, true],
      ['i386', 'x86_64', X86_64, '32', CRASH_1968, 'the running kernel is i386'],
      ['i386', 'x86_64', X86_64, '32', CRASH_3264, 'the running kernel is i386'],
      ['i386', 'i386', I386, '32', LOW, true],
      ['i386', 'i386', I386, '32', CRASH_1968, 'both kernels are i386'],
      ['i386', 'i386', I386, '32', CRASH_3264, 'both kernels are i386'],
    ] as const)(
      'from %s to %s (%o) by the %s-bit entry in %o: %s',
      (running, _, shape, entry, memory, expected) => {
        const result = planned(shape, running, memory, entry);
        if (expected === true) {
          expect(result.diagnostics).toEqual([]);
          expect(result.ok && fits(result.value, memory)).toBe(true);
          return;
        }
        expect(result).toMatchObject({
          ok: false,
          diagnostics: [
            {
              code: 'BZIMAGE_I386_LIMIT',
              message: expect.stringContaining(`below 0x38000000, since ${expected}`) as string,
              found: `room in 0x${memory.start.toString(16)}-0x${memory.end.toString(16)} only`,
              expected: 'room below 0x38000000',
            },
          ],
        });
      },
    );
  },
);

describe('the highest address of each segment, by (running kernel, kernel to be started)', () => {
  const ends = (shape: Shape, running: Architecture, entry?: Entry) => {
    const result = planIn(shape, running, range(0n, FOUR_GIB), entry);
    if (!result.ok) throw new Error(result.diagnostics[0].code);
    return Object.fromEntries(
      result.value.segments.map(({ id, placements }) => [
        id,
        placements.map((each) => ('within' in each ? each.within.end : 'at' in each ? each.at : 0n)).at(-1),
      ]),
    );
  };
  const ANYWHERE = 1n << 64n;

  test.each([
    ['x86_64', X86_64, '64', ANYWHERE, ANYWHERE, ANYWHERE],
    ['x86_64', X86_64, '32', FOUR_GIB, FOUR_GIB, FOUR_GIB],
    ['i386', X86_64, '32', 0x38000000n, 0x38000000n, 0x80000000n],
    ['x86_64', I386, '32', 0x38000000n, 0x38000000n, 0x80000000n],
    ['i386', I386, '32', 0x38000000n, 0x38000000n, 0x80000000n],
    [
      'i386',
      { fields: { ...I386.fields, initrd_addr_max: 0x2fffffff } },
      '32',
      0x30000000n,
      0x30000000n,
      0x30000000n,
    ],
    ['x86_64', MEMTEST, '64', 0x100000n, FOUR_GIB, FOUR_GIB],
    ['x86_64', MEMTEST, '32', 0x100000n, FOUR_GIB, FOUR_GIB],
    ['x86_64', MEMTEST_32, '32', 0x100000n, 0x38000000n, FOUR_GIB],
    ['i386', MEMTEST_32, '32', 0x100000n, 0x38000000n, FOUR_GIB],
  ] as const)('from %s to %o by %s', (running, shape, entry, kernel, bootParams, initrd) => {
    expect(ends(shape, running, entry)).toMatchObject({ kernel, 'boot-params': bootParams, initrd });
  });

  test('real mode: the code below 0x9a000, the kernel and the initrd as for the 32-bit entry', () => {
    expect(ends(X86_64, 'x86_64', '16')).toEqual({
      kernel: FOUR_GIB,
      'setup-code': 0x9a000n,
      initrd: FOUR_GIB,
    });
    expect(ends(I386, 'i386', '16')).toEqual({
      kernel: 0x38000000n,
      'setup-code': 0x9a000n,
      initrd: 0x80000000n,
    });
  });
});

describe('the limit of i386', () => {
  test('refuses a kernel that wants to be above it, by what it wants', () => {
    const fields = { ...I386.fields, pref_address: 0x37fff000n };
    expect(planIn({ ...I386, fields }, 'i386', range(0n, FOUR_GIB))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_I386_LIMIT', found: expect.stringContaining('0x37fff000') as string }],
    });
  });

  test('refuses a kernel that runs above it only', () => {
    const fields = { ...I386.fields, pref_address: 0x40000000n, relocatable_kernel: 0 };
    expect(planIn({ ...I386, fields }, 'i386', range(0n, FOUR_GIB))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_I386_LIMIT' }],
    });
  });

  test('is not blamed where there is no room at all', () => {
    expect(planIn(I386, 'i386', range(64n * MIB, 65n * MIB)).ok).toBe(true);
  });

  test('is said of every kernel that it holds for, in the plan', () => {
    const result = planIn(I386, 'x86_64', LOW);
    const kernel = result.ok ? result.value.segments.find(({ id }) => id === 'kernel') : undefined;
    expect(kernel?.why).toContain('below 0x38000000, since the kernel to be started has no 64-bit entry');
  });

  test('lets the kernel begin at the bottom: what i386 maps directly ends some MiB below 896 MiB', () => {
    const result = planIn(I386, 'i386', LOW);
    const kernel = result.ok ? result.value.segments.find(({ id }) => id === 'kernel') : undefined;
    expect(kernel?.placements[0]).toMatchObject({ from: 'bottom', within: { start: 0x1000000n } });
  });
});
