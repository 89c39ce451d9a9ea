import { readFileSync } from 'node:fs';
import { linkPlanned, linuxTarget, open, plan, type GivenOptions, type Opened } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import {
  range,
  type Architecture,
  type Machine,
  type Range,
  type Result,
  type SegmentsSubmission,
  type Source,
} from '@kexec-kit/loader-api';
import { loaders } from '@kexec-kit/loader-bzimage';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { describe, expect, test } from 'vitest';
import { image } from '../../tools/images.mjs';

const MIB = 1n << 20n;
const GIB = 1n << 30n;
/** A made-up machine of 6 GiB, with a BIOS, on which only limits refuse. */
const RAM = [range(0x1000n, 0x9f000n), range(MIB, 0xfec00000n), range(4n * GIB, 6n * GIB)];
const INITRD: Source = { id: 'initrd.0', name: 'initrd.img', size: 30_000_000, sha256: 'ab'.repeat(32) };

/** Where the running kernel has reserved memory: the mail of 2021-08 names the second and the third. */
const REGIONS = {
  low: range(64n * MIB, 320n * MIB),
  at1968: range(1968n * MIB, (1968n + 256n) * MIB),
  at3264: range(3264n * MIB, (3264n + 256n) * MIB),
  above: range(4n * GIB, 6n * GIB),
};

function machine(architecture: Architecture): Machine {
  return {
    ...standardMachines.small,
    architecture,
    told: RAM.map(({ start, end }) => ({ start, end, kind: 'ram' })),
    usable: architecture === 'i386' ? RAM.slice(0, 2) : RAM,
  };
}

async function opened(name: string): Promise<Opened> {
  const { path, size, sha256 } = await image(name);
  return value(open({ id: 'image', name, size, sha256, bytes: readFileSync(path) }, loaders));
}

/** From the file to places in RAM, as if for kexec_load of that running kernel. */
async function linked(
  name: string,
  running: Architecture,
  options: GivenOptions,
  memory?: Range,
): Promise<Result<SegmentsSubmission>> {
  const request = { machine: machine(running), options, ...(memory && { policy: { memory } }) };
  const planned = plan(await opened(name), request);
  if (!planned.ok) return planned;
  const { opened: given, plan: assembled } = planned.value;
  expect(given.loader.supports.handoffs).toContain(assembled.handoff.mode);
  return linkPlanned(planned.value, {
    target: linuxTarget(running),
    engines: nodeEngines,
    sources: options['initrd'] === undefined ? [] : [INITRD],
  });
}

function value<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.diagnostics[0].code}: ${result.diagnostics[0].message}`);
}

describe('a real kernel and its initrd, by (running kernel, kernel to be started) and region', () => {
  const limit = 'BZIMAGE_I386_LIMIT';
  test.each([
    // running, image, entry: low, 1968 MiB, 3264 MiB, above 4 GiB
    ['x86_64', 'linux-6.12-cloud', '64', 'fits', 'fits', 'fits', 'fits'],
    ['x86_64', 'linux-6.1', '64', 'fits', 'fits', 'fits', 'fits'],
    ['x86_64', 'linux-6.12-cloud', '32', 'fits', 'fits', 'fits', 'LINK_NO_PLACE'],
    ['x86_64', 'linux-6.1', '32', 'fits', 'fits', 'fits', 'LINK_NO_PLACE'],
    ['x86_64', 'linux-6.1-686-pae', '32', 'fits', limit, limit, 'LINK_NO_PLACE'],
    ['i386', 'linux-6.12-cloud', '32', 'fits', limit, limit, 'LINK_NO_PLACE'],
    ['i386', 'linux-6.1', '32', 'fits', limit, limit, 'LINK_NO_PLACE'],
    ['i386', 'linux-6.1-686-pae', '32', 'fits', limit, limit, 'LINK_NO_PLACE'],
  ] as const)('from %s, %s, by its %s-bit entry', async (running, name, entry, ...expected) => {
    const found = [];
    for (const region of Object.values(REGIONS)) {
      const result = await linked(name, running, { entry, initrd: INITRD }, region);
      if (result.ok) for (const segment of result.value.segments) expectWithin(segment, region);
      found.push(result.ok ? 'fits' : result.diagnostics[0].code);
    }
    expect(found).toEqual(expected);
  });
});

function expectWithin({ start, memorySize }: SegmentsSubmission['segments'][number], region: Range): void {
  expect(start).toBeGreaterThanOrEqual(region.start);
  expect(start + memorySize).toBeLessThanOrEqual(region.end);
}

describe('the entry that is best', () => {
  test.each([
    ['linux-6.12-cloud', 'x86_64', 'long64'],
    ['linux-6.12-cloud', 'i386', 'protected32'],
    ['linux-6.1-686-pae', 'x86_64', 'protected32'],
    ['linux-6.1-686-pae', 'i386', 'protected32'],
    ['memtest86+x64', 'x86_64', 'long64'],
    ['memtest86+x64', 'i386', 'protected32'],
    ['memtest86+ia32', 'x86_64', 'protected32'],
    ['memtest86+ia32', 'i386', 'protected32'],
  ] as const)('of %s from %s is %s', async (name, running, mode) => {
    const planned = value(plan(await opened(name), { machine: machine(running) }));
    expect(planned.plan.handoff.mode).toBe(mode);
    expect((await linked(name, running, {})).ok).toBe(true);
  });

  test.each(['linux-6.12-cloud', 'linux-6.1', 'linux-6.1-686-pae'])(
    'the real-mode code of %s finds a place below 0x9a000, the rest above 1 MiB',
    async (name) => {
      const submission = value(await linked(name, 'x86_64', { 'real-mode': true, initrd: INITRD }));
      const pieces = submission.segments.flatMap((segment) => segment.pieces);
      const low = pieces.filter(({ start }) => start < MIB).map(({ id }) => id);
      expect(low.sort()).toEqual(['purgatory', 'setup-code']);
      expect(pieces.map(({ id }) => id).sort()).toEqual(['initrd', 'kernel', 'purgatory', 'setup-code']);
    },
  );
});

describe('memtest86+', () => {
  test.each([
    ['memtest86+x64', 'xloadflags', '0x9 (XLF_KERNEL_64 | XLF_EFI_HANDOVER_64)'],
    ['memtest86+ia32', 'xloadflags', '0x4 (XLF_EFI_HANDOVER_32)'],
  ])('%s says of itself what it is', async (name, field, text) => {
    const { facts, detail, diagnostics } = await opened(name);
    expect(detail).toBe('Linux bzImage Memtest86+, protocol 2.12');
    expect(facts.flatMap(({ fields }) => fields).find(({ name: each }) => each === field)?.value).toBe(text);
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['BZIMAGE_LAST_PARAGRAPH', 'info'],
    ]);
  });

  test.each(['memtest86+x64', 'memtest86+ia32'])(
    '%s lies at 1 MiB and all else below 4 GiB',
    async (name) => {
      const { segments } = value(await linked(name, 'x86_64', {}));
      const pieces = segments.flatMap((segment) => segment.pieces).filter(({ id }) => id !== 'purgatory');
      expect(pieces.find(({ id }) => id === 'kernel')?.start).toBe(MIB);
      for (const { start, memorySize } of pieces) expect(start + memorySize).toBeLessThanOrEqual(4n * GIB);
    },
  );

  test('is refused at every length up to its last paragraph', async () => {
    const { image: bytes } = await opened('memtest86+x64');
    const [loader] = loaders;
    // 8 bytes short of full paragraphs: 7 more may be missing unseen.
    for (let length = 0; length < bytes.size - 7; length += length < 0x300 ? 1 : 97) {
      const cut = { ...bytes, size: length, bytes: bytes.bytes.subarray(0, length) };
      expect(loader?.load(cut), String(length)).toMatchObject({
        ok: false,
        diagnostics: [{ code: 'BZIMAGE_TRUNCATED' }],
      });
    }
  });
});
