import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, guestMachine, probeGuestMachine, REGISTER_GARBAGE, type Guest } from '@kexec-kit/backend-qemu';
import { range, sizeOf, type Part, type Region } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import {
  assemble,
  enter,
  GIB,
  look,
  MIB,
  PAGE,
  PATTERN,
  SEGMENT,
  word,
  ZEROS,
  type Options,
} from './rom-look.js';
import { noSource, segment, submissionFor } from './rom-submission.js';

const guest = { model: 'q35', memory: 256n * MIB, firmware: 'seabios' } as const;
const large = { ...guest, memory: 6n * GIB } as const;
const both = ['x86_64', 'i386'] as const;

describe('the memory map of a guest with SeaBIOS', () => {
  it.each([16n * MIB, 256n * MIB, 6n * GIB])(
    'of %d bytes is the one that QEMU built, as a PC has it',
    async (memory) => {
      const machine = await machineOf({ ...guest, memory });
      const { told, usable } = machine;
      expect(told.slice(0, 3)).toEqual([
        { ...range(0n, 0x9fc00n), kind: 'ram' },
        { ...range(0x9fc00n, 0xa0000n), kind: 'reserved' },
        { ...range(0xf0000n, MIB), kind: 'reserved' },
      ]);
      told.slice(1).forEach(({ start }, n) => {
        expect(start, 'ascending, disjoint').toBeGreaterThanOrEqual((told[n] as { end: bigint }).end);
      });
      if (memory === guest.memory) expect(told.map(logged)).toEqual((await bareBios()).map);
      const all = guestMachine({ model: 'q35', memory }).usable.reduce((sum, each) => sum + sizeOf(each), 0n);
      const left = usable.reduce((sum, each) => sum + sizeOf(each), 0n);
      expect(all - left, 'SeaBIOS keeps its tables to itself').toBeGreaterThan(0n);
      expect(all - left).toBeLessThanOrEqual(MIB / 4n);
    },
  );

  it('comes with the ACPI tables and the screen in text mode', async () => {
    const { acpiRsdp = 0n, screen } = (await machineOf(guest)).firmware;
    const { state } = await look(guest, { at: 32n * MIB, scans: [range(acpiRsdp, acpiRsdp + 8n)] });
    expect(state.scans[0]?.first).toBe(word(Buffer.from('RSD PTR ').readBigUInt64LE()));
    const info = Buffer.from(screen?.screenInfo ?? '', 'hex');
    expect(info).toHaveLength(64);
    expect({
      mode: info[6],
      columns: info[7],
      lines: info[0x0e],
      vga: info[0x0f],
      points: info[0x10],
    }).toEqual({
      ...{ mode: 3, columns: 80, lines: 25, vga: 1, points: 16 },
    });
  });

  it('is what a plan is held to: one for the same guest without SeaBIOS is refused', async () => {
    const submission = submissionFor(
      { ...guest, firmware: 'none' },
      [segment(2n * MIB, [{ zeros: 1n }], PAGE)],
      2n * MIB,
    );
    expect(await boot(submission, noSource, { ...guest, timeoutMs: 10_000 })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'QEMU_OTHER_MACHINE' }],
    });
  });
});

describe('after SeaBIOS', () => {
  it.each([4, 5] as const)(
    'a kernel is entered in the state of Linux, with %d levels of paging',
    async (paging) => {
      const { state } = await look({ ...large, paging }, { at: 5n * GIB });
      expect(state).toMatchObject({
        ...{ cr0: word(0x80000033n), cr4: word(paging === 5 ? 0x1020n : 0x20n), efer: word(0xd01n) },
        ...{ gdtLimit: word(0n), idtLimit: word(0n), cs: word(0x10n), ds: word(0x18n), ss: word(0x18n) },
        ...{
          rax: word(REGISTER_GARBAGE),
          rsp: word(REGISTER_GARBAGE + 7n),
          r15: word(REGISTER_GARBAGE + 15n),
        },
      });
      expect(BigInt(state.rflags) & 0x700n).toBe(0n);
    },
  );

  it('an i386 kernel is entered in the state of i386 Linux', async () => {
    const { state } = await look({ ...guest, architecture: 'i386' }, { at: 32n * MIB });
    expect(state).toMatchObject({
      ...{ cr0: word(0x33n), cr3: word(0n), cr4: word(0n), efer: word(0x800n) },
      ...{ gdtLimit: word(0n), idtLimit: word(0n), cs: word(0x60n), ds: word(0x68n), ss: word(0x68n) },
      ...{ eax: word(0xdbdbdb00n), esp: word(0xdbdbdb07n), fs: word(0n), gs: word(0n) },
    });
    expect(BigInt(state.rflags) & 0x700n).toBe(0n);
  });

  it('every segment is in its place: low, where SeaBIOS ran, and above 4 GiB', async () => {
    const { usable } = await machineOf(large);
    const [low, below, above] = usable as [Range, Range, Range];
    type Range = (typeof usable)[number];
    const starts = [
      low.start,
      0x7000n,
      0x8000n,
      0x9_0000n,
      MIB,
      below.end - 4n * MIB,
      4n * GIB,
      above.end - 4n * MIB,
    ];
    const more = starts.map((start, n) =>
      segment(
        start,
        [{ source: `${n}`, offset: 8, length: 0xff8 }, { zeros: 8n }],
        start > MIB ? 4n * MIB : PAGE,
      ),
    );
    const scans = starts.flatMap((start) => [
      range(start, start + 0xff8n),
      ...(start > MIB ? [range(start + 0xff8n, start + 4n * MIB)] : []),
    ]);
    const read = (id: string, _: number, into: Uint8Array) =>
      Promise.resolve(void into.fill(0x10 + Number(id)));
    const { state } = await look(large, { at: 64n * MIB, scans, more }, read);
    const expected = starts.flatMap((start, n) => [
      { first: word(BigInt(`0x${`1${n}`.repeat(8)}`)), others: word(0n) },
      ...(start > MIB ? [ZEROS] : []),
    ]);
    expect(state.scans).toEqual(expected);
  });

  it('the pattern is still in what SeaBIOS had no use for', async () => {
    const at = 32n * MIB;
    const scans = [range(MIB, at), range(at + SEGMENT, 224n * MIB)];
    const { state } = await look(guest, { at, scans });
    expect(state.scans).toEqual([PATTERN, PATTERN]);
  });

  it.each(both)('the BIOS can be called from real mode, by way of %s', async (architecture) => {
    const told = await callBios({ ...guest, architecture });
    const [low, bare] = [Buffer.from(told.low, 'hex'), (await bareBios()).low];
    expect(low.readUInt16LE(0x40e), 'the segment of the EBDA').toBe(0x9fc0);
    expect(low.readUInt16LE(0x413), 'KiB of conventional memory').toBe(639);
    expect(low.subarray(0, 0x400).equals(bare.subarray(0, 0x400)), 'all vectors').toBe(true);
    expect(dataArea(low)).toBe(dataArea(bare));
    expect(told.map).toEqual((await machineOf(guest)).told.map(({ start, end, kind }) => [start, end, kind]));
    expect(told.video, 'mode 3, 80 columns; the character that was written').toBe('0350' + '4b');
    expect(told.memory).toBe('7f02'); // 639
    expect(told.ticked).toBe(true);
  });
});

/** A region as SeaBIOS logs it. */
function logged({ start, end, kind }: Region): string {
  const digits = (address: bigint) => address.toString(16).padStart(16, '0');
  return `${digits(start)} - ${digits(end)} = ${kind.toUpperCase()}`;
}

/** What SeaBIOS says on port 0x402, and leaves in memory, in a QEMU that has nothing of ours. */
interface Bare {
  readonly map: readonly string[];
  /** Vectors and BIOS data area. */
  readonly low: Buffer;
}

let bare: Promise<Bare> | undefined;

function bareBios(): Promise<Bare> {
  return (bare ??= runBareBios());
}

async function runBareBios(): Promise<Bare> {
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-bios-'));
  const ram = join(folder, 'ram');
  const child = spawn('qemu-system-x86_64', [
    ...['-M', 'q35,memory-backend=ram', '-accel', 'tcg', '-cpu', 'max,smap=off,la57=off', '-m', '256'],
    ...['-object', `memory-backend-file,id=ram,size=256M,mem-path=${ram},share=on`],
    ...[
      '-nodefaults',
      '-no-user-config',
      '-display',
      'none',
      '-vga',
      'std',
      '-boot',
      'menu=off',
      '-serial',
      'null',
    ],
    ...['-chardev', 'stdio,id=log', '-device', 'isa-debugcon,iobase=0x402,chardev=log'],
  ]);
  try {
    let log = '';
    child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString('latin1')));
    await expect.poll(() => log, { timeout: 20_000 }).toContain('No bootable device.');
    const map = [...log.matchAll(/^ +\d+: ([0-9a-f]{16} - [0-9a-f]{16}) = \d+ (\w+)/gm)];
    return {
      map: map.map(([, extent, kind]) => `${extent} = ${kind}`),
      low: readFileSync(ram).subarray(0, 0x500),
    };
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
    rmSync(folder, { recursive: true });
  }
}

interface Told {
  readonly low: string;
  readonly map: readonly (readonly [bigint, bigint, string])[];
  readonly video: string;
  readonly memory: string;
  readonly ticked: boolean;
}

const AT = 0x8000n;

/** Enters the kernel that calls the BIOS, and reads what it told. */
async function callBios(options: Options): Promise<Told> {
  const parts: Part[] = [{ bytes: assemble('rom-bios.S', AT) }];
  const entry = options.architecture === 'i386' ? AT + 16n : AT;
  const { output, lastLine, outcome } = await enter(options, [segment(AT, parts, PAGE)], { entry });
  expect({ outcome, lastLine }).toEqual({ outcome: 'exited', lastLine: 'end of witness' });
  const line = output.split('\n').find((each) => each.startsWith('{"low"')) ?? '';
  const told = JSON.parse(line) as Omit<Told, 'map'> & { map: string };
  return { ...told, map: told.map.match(/.{40}/g)?.map(region) ?? [] };
}

/** One entry of the map, 20 bytes. */
function region(text: string): readonly [bigint, bigint, string] {
  const bytes = Buffer.from(text, 'hex');
  const start = bytes.readBigUInt64LE(0);
  return [start, start + bytes.readBigUInt64LE(8), bytes.readUInt32LE(16) === 1 ? 'ram' : 'reserved'];
}

/** The BIOS data area, but for what differs because the other one goes on to try a floppy disk and says that there is none. */
function dataArea(low: Buffer): string {
  const data = Buffer.from(low.subarray(0, 0x500));
  for (const [start, end] of [
    [0x43e, 0x442], // the floppy's state
    [0x450, 0x452], // the cursor
    [0x46c, 0x470], // ticks since midnight
  ] as const) {
    data.fill(0, start, end);
  }
  return data.toString('hex', 0x400);
}

async function machineOf(of: Guest) {
  const machine = await probeGuestMachine(of);
  if (!machine.ok) throw new Error(machine.diagnostics[0].message);
  return machine.value;
}
