import { afterEach, expect, it } from 'vitest';
import type { Guest } from '@kexec-kit/backend-qemu';
import type { GivenOptions } from '@kexec-kit/core';
import { EM_X86_64, ET_CORE, findNote, PT_LOAD } from '@kexec-kit/elf';
import { range, type CrashFacts } from '@kexec-kit/loader-api';
import { decodeText } from '@kexec-kit/structures';
import { vmlinux } from '../images/vmlinux.js';
import { CAPTURED, captureInit, capturedOf, note, withMemory } from './crash.js';
import { prepare, quietConsole, run, type Prepared } from './linux.js';

const MIB = 1n << 20n;
const q35: Guest = { model: 'q35', memory: 1280n * MIB };
/** Between 896 MiB and 4 GiB, where no kernel of i386 could be. */
const region = range(960n * MIB, 1216n * MIB);
/** Nobody has crashed: there are two notes, and memory is what the guest was filled with. */
const registers = note(
  'CORE',
  1,
  Uint8Array.from({ length: 336 }, (_, i) => i & 0xff),
);
const vmcoreinfo = note('VMCOREINFO', 0, Buffer.from('OSRELEASE=made-up\nPAGESIZE=4096\n'));
const facts: CrashFacts = {
  systemRam: [range(0x1000n, 0x9fc00n), range(MIB, 1280n * MIB)],
  cpuNotes: [{ cpu: 0, ...range(512n * MIB, 512n * MIB + 368n) }],
  vmcoreinfo: range(520n * MIB, 520n * MIB + 0x1024n),
  kernel: { ...range(128n * MIB, 160n * MIB), virtualStart: 0xffffffff81000000n },
  pageOffset: 0xffff8bfb40000000n,
};
const left = [
  { start: 512n * MIB, bytes: registers },
  { start: 520n * MIB, bytes: vmcoreinfo },
];

/** How many of the bytes of its 33rd MiB are not the pattern that the guest's memory was filled with. */
const countStrange = "dd if=/proc/vmcore bs=1048576 skip=32 count=1 2>/dev/null | tr -d '\\245' | wc -c";

let prepared: Prepared | undefined;
afterEach(async () => {
  await prepared?.close();
  prepared = undefined;
});

const all = process.env['KEXEC_KIT_ALL'] === '1';
/** Its vmlinux, without what unpacks it in a bzImage. */
const STARTUP_64 = 'startup_64';
const cases: readonly (readonly [kernel: string, by: string, options: GivenOptions])[] = [
  ['linux-6.12-cloud', 'its 64-bit entry', { entry: '64' }],
  ...(all
    ? ([
        ['linux-6.1', 'its 64-bit entry', { entry: '64' }],
        ['linux-6.12-cloud', 'its 32-bit entry', { entry: '32' }],
        ['linux-6.12-cloud', STARTUP_64, {}],
        ['linux-6.1', STARTUP_64, {}],
      ] as const)
    : []),
];

it.each(cases)(
  '%s by %s starts in its region as a crash kernel, and shows all other memory',
  async (kernel, by, options) => {
    const file = by === STARTUP_64 ? { file: await vmlinux(kernel) } : {};
    prepared = await prepare({
      ...file,
      ...{ kernel, guest: q35, payloads: [{}], init: captureInit(countStrange), options },
      crash: { regions: [region], facts },
    });
    const elfcorehdr = placeOf(prepared, 'elfcorehdr');
    const submission = withMemory(prepared.submission, left);
    const { cmdline, ram, size, elf, asked } = capturedOf(
      (await run({ ...prepared, submission }, CAPTURED)).output,
    );

    expect(cmdline).toBe(`elfcorehdr=0x${elfcorehdr.toString(16).padStart(16, '0')} ${quietConsole}`);
    expect(ram).toEqual([
      range(0x1000n, 0x9fc00n),
      range(region.start, elfcorehdr),
      range(elfcorehdr + 0x1000n, region.end),
    ]);
    expect(elf.header).toMatchObject({ e_type: ET_CORE, e_machine: EM_X86_64 });
    const loads = elf.programHeaders.filter(({ p_type }) => p_type === PT_LOAD);
    expect(loads.map(({ p_paddr, p_memsz, p_vaddr }) => [p_paddr, p_memsz, p_vaddr])).toEqual([
      [128n * MIB, 32n * MIB, 0xffffffff81000000n],
      [MIB, 959n * MIB, 0xffff8bfb40100000n],
      [1216n * MIB, 64n * MIB, 0xffff8bfb8c000000n],
    ]);
    expect(elf.notes.map(({ name }) => name)).toEqual(['CORE', 'VMCOREINFO']);
    expect(decodeText(findNote(elf.notes, 'VMCOREINFO', 0)?.desc ?? new Uint8Array())).toContain(
      'OSRELEASE=made-up',
    );
    expect(size).toBe((loads.at(-1)?.p_offset ?? 0n) + 64n * MIB);
    expect(asked).toBe('0');
  },
);

function placeOf({ submission }: Prepared, id: string): bigint {
  const piece = submission.segments.flatMap(({ pieces }) => pieces).find((each) => each.id === id);
  if (piece === undefined) throw new Error(`${id} was not placed`);
  return piece.start;
}
