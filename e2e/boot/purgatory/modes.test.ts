import { nodeEngines } from '@kexec-kit/host-node';
import { type HandoffMode, range, type Target } from '@kexec-kit/loader-api';
import { buildParameters, type PurgatoryParameters, type VerifiedRegion } from '@kexec-kit/purgatory';
import { pageOutwards, subtract } from '@kexec-kit/memory';
import { describe, expect, it } from 'vitest';
import {
  type Guest,
  type Looking,
  narrowWitness,
  purgatorySegment,
  purgatorySize,
  run,
  segment,
  sha256,
  stateOf,
} from './guest.js';

/** Every way on which purgatory leaves 64-bit mode or begins without it. */
type Narrow = Exclude<HandoffMode, 'long64'>;
interface Way {
  readonly from: string;
  readonly handoff: Target['handoff'];
  readonly mode: Narrow;
  readonly guest: Partial<Guest>;
}

const MIB = 1n << 20n;
const PATTERN = '0xa5a5a5a5';
const NONE = '0x00000000';

const runningKernels = [
  { from: 'x86_64, 4 levels', handoff: 'long64', guest: {} },
  { from: 'x86_64, 5 levels', handoff: 'long64', guest: { paging: 5 } },
  { from: 'i386', handoff: 'protected32', guest: { architecture: 'i386' } },
] as const;
const ways: readonly Way[] = runningKernels.flatMap((running) =>
  (['protected32', 'real16'] as const).map((mode) => ({ ...running, mode })),
);

/** Nothing is mapped but the segments: while paging is on, an access to anything else is a triple fault, and no witness. */
const guest: Guest = { model: 'microvm', memory: 64n * MIB, strictMap: true };

/** Real mode reaches what is below 1 MiB: there the kernel is 0x100 bytes into its segment. */
const IP = 0x100n;
const places = {
  protected32: { purgatory: 4n * MIB, kernel: 8n * MIB, linkedAt: 8n * MIB },
  real16: { purgatory: 0x7000n, kernel: 0x2_0000n, linkedAt: IP },
};
/** At 1 MiB: were the 21st address line off, page 0 would be read instead. */
const DATA = MIB;
const data = Uint8Array.from({ length: 5003 }, (_, i) => (i * 31 + 7) & 0xff);

const WIDE = ['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', 'sp'];
const registers: Readonly<Record<Narrow, Readonly<Record<string, bigint>>>> = {
  protected32: Object.fromEntries(WIDE.map((name, n) => [`e${name}`, 0xfedc_ba90n + BigInt(n)])),
  real16: {
    ...Object.fromEntries(WIDE.map((name, n) => [name, 0xfed0n + BigInt(n)])),
    cs: (places.real16.kernel - IP) >> 4n,
    ds: 0x1111n,
    es: 0x2222n,
    fs: 0x3333n,
    gs: 0x4444n,
    ss: 0x5555n,
  },
};

function region(name: string, start: bigint, bytes: Uint8Array): VerifiedRegion {
  return { name, start, length: BigInt(bytes.length), sha256: sha256(bytes) };
}

interface Given {
  readonly look?: Looking;
  readonly parameters?: Partial<PurgatoryParameters>;
  /** Changes what was planned, byte by byte. */
  readonly damage?: { readonly block?: Damage; readonly data?: Damage; readonly kernel?: Damage };
  readonly purgatory?: bigint;
  /** Code that runs before purgatory and jumps to it. */
  readonly before?: Uint8Array;
}
type Damage = (bytes: Uint8Array) => Uint8Array;

/** Purgatory, the witness and some data in a guest; what is given replaces what would do. */
function enter(
  { handoff, mode, guest: own }: Way,
  { look, parameters, damage = {}, purgatory = places[mode].purgatory, before }: Given = {},
  how: Partial<Guest> & { readonly timeoutMs?: number } = {},
) {
  const { kernel: at, linkedAt } = places[mode];
  const kernel = narrowWitness(mode, linkedAt, look);
  const block = buildParameters(
    {
      regions: [region('kernel', at, kernel), region('data', DATA, data)],
      pokes: [],
      entry: at,
      mode,
      registers: registers[mode],
      console: { serial: { port: 0x3f8 } },
      ...parameters,
    },
    nodeEngines,
  );
  const same: Damage = (bytes) => bytes;
  const segments = [
    purgatorySegment(purgatory, (damage.block ?? same)(block), handoff),
    segment(at, (damage.kernel ?? same)(kernel)),
    segment(DATA, (damage.data ?? same)(data)),
  ];
  if (before !== undefined) segments.push(segment(BEFORE, before));
  return run({ ...guest, ...own, ...how }, segments, before === undefined ? purgatory : BEFORE);
}

const BEFORE = 16n * MIB;

/** Code that turns on whatever a running kernel might have left on, and jumps. */
function untidy(handoff: Target['handoff'], to: bigint): Uint8Array {
  const wide = handoff === 'long64' ? [0x48] : [];
  const immediate = (value: bigint) => littleEndian(value, 4);
  return Uint8Array.from(
    [
      [0x0f, 0x20, 0xe0, ...wide, 0x0d, ...immediate(0x690n), 0x0f, 0x22, 0xe0], // CR4 |= PSE, PGE, OSFXSR, OSXMMEXCPT
      [0x0f, 0x20, 0xc0, ...wide, 0x0d, ...immediate(0x5_000an), 0x0f, 0x22, 0xc0], // CR0 |= AM, WP, TS, MP
      [0xbc, ...immediate(BEFORE + 0x800n)], // the stack pointer: the hand-over's is garbage
      [0x68, ...immediate(0x24_4cd5n), 0x9d], // push, popf: every flag of arithmetic, DF, NT, ID, AC
      [0xb8, ...immediate(to), 0xff, 0xe0], // jump
    ].flat(),
  );
}

function littleEndian(value: bigint, width: 4 | 8): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes.subarray(0, width);
}

function word(value: bigint): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

function flip(at: number, bit = 0x01): Damage {
  return (bytes) => Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ bit : byte));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe.each(ways)('from $from to $mode', (way) => {
  const { mode } = way;
  const at = places[mode];

  it('enters the kernel in the state that is promised', async () => {
    const booted = await enter(way);
    expect(booted).toMatchObject({ outcome: 'exited', lastLine: 'end of witness' });
    expect(booted.debugcon).toBe('kexec-kit purgatory: 2 regions verified\nwitness\n');
    expect(booted.output.startsWith('{'), 'silent on serial').toBe(true);
    const state = stateOf(booted);
    const expected = Object.entries(registers[mode]).map(([name, value]) => [
      WIDE.includes(name) ? `e${name}` : name,
      word(value),
    ]);
    expect(state).toMatchObject({
      ...Object.fromEntries(expected),
      eflags: word(2n),
      cr4: NONE,
      ...(mode === 'real16'
        ? { cr0: word(0x10n), idtBase: NONE, idtLimit: word(0x3ffn) }
        : { cr0: word(0x11n), gdtLimit: word(0x1fn), cs: word(0x10n), idtLimit: NONE }),
    });
    expect(BigInt(state['efer'] ?? '') & 0x500n, 'LMA and LME').toBe(0n);
    if (mode === 'real16') return;
    for (const name of ['ds', 'es', 'fs', 'gs', 'ss']) expect(state[name], name).toBe(word(0x18n));
    const gdt = BigInt(state['gdtBase'] ?? '');
    expect(gdt, 'a GDT that the kernel can still load from').toBeGreaterThan(at.purgatory);
    expect(gdt).toBeLessThan(at.purgatory + purgatorySize(way.handoff));
  });

  it('does not care what else the running kernel left on in CR0, CR4 and the flags', async () => {
    const state = stateOf(await enter(way, { before: untidy(way.handoff, at.purgatory) }));
    const cr0 = word(mode === 'real16' ? 0x10n : 0x11n);
    expect(state).toMatchObject({ cr0, cr4: NONE, eflags: word(2n) });
  });

  it('clears the registers that nobody named', async () => {
    const named: Readonly<Record<string, bigint>> =
      mode === 'real16' ? { cs: registers.real16['cs'] ?? 0n } : { esi: 0x9_0000n };
    const state = stateOf(await enter(way, { parameters: { registers: named } }));
    for (const name of mode === 'real16' ? ['ds', 'es', 'fs', 'gs', 'ss'] : [])
      expect(state[name], name).toBe(NONE);
    for (const name of WIDE.map((each) => `e${each}`))
      expect(state[name], name).toBe(word(named[name] ?? 0n));
  });

  it('reads data at 1 MiB, and writes to no RAM but its own segment', async () => {
    const own = [range(at.purgatory, at.purgatory + purgatorySize(way.handoff)), range(DATA, DATA + 0x2000n)];
    const kernel = range(at.kernel, at.kernel + BigInt(narrowWitness(mode, at.linkedAt).length));
    const ram = [range(0n, 0xa_0000n), range(MIB, 64n * MIB)];
    const rest = subtract(ram, pageOutwards([...own, kernel]));
    const scans = [...rest, range(DATA, DATA + 4n)];
    const state = stateOf(await enter(way, { look: { scans } }, { strictMap: false }));
    const firstWord = word(BigInt(new DataView(data.buffer).getUint32(0, true)));
    expect(state.scans).toEqual([
      ...rest.map(() => ({ first: PATTERN, others: NONE })),
      { first: firstWord, others: NONE },
    ]);
  });

  it('makes its pokes', async () => {
    const pokes = [{ at: DATA + 0x1ffen, bytes: Uint8Array.of(0x22, 0x33) }];
    const scans = [{ start: DATA + 0x1ffcn, end: DATA + 0x2000n }];
    const state = stateOf(await enter(way, { parameters: { pokes }, look: { scans } }));
    expect(state.scans).toEqual([{ first: '0x33220000', others: NONE }]);
  });

  it.each([
    ['the first page', 0x1000n],
    [
      'the last place that the mode allows',
      (mode === 'real16' ? 0x9_f000n : 64n * MIB) - purgatorySize(way.handoff),
    ],
  ])('runs at %s', async (_, purgatory) => {
    const state = stateOf(await enter(way, { purgatory }));
    expect(state['cr0']).toBe(word(mode === 'real16' ? 0x10n : 0x11n));
  });

  if (mode === 'real16') {
    it('leaves the BIOS callable: INT 10h and INT 15h answer', async () => {
      const how: Guest = { model: 'q35', memory: 64n * MIB, firmware: 'seabios', strictMap: false };
      const state = stateOf(await enter(way, { look: { bios: true } }, how));
      expect(state).toMatchObject({ videoMode: word(3n), e820: word(0x534d4150n), e820Size: word(20n) });
    });
  }
});

describe.each(ways.filter(({ guest: { paging } }) => paging === undefined))('from $from to $mode', (way) => {
  const { handoff, mode } = way;
  const at = places[mode];

  it('names the region with a flipped bit, tells both digests, and enters nothing', async () => {
    const damaged = flip(4000)(data);
    const message =
      'kexec-kit purgatory: region "data" differs, nothing was entered.\n' +
      `  expected ${hexOf(sha256(data))}\n` +
      `  found    ${hexOf(sha256(damaged))}\n`;
    // The serial line ends in CR LF: only there, and only when all has been said, is this seen.
    const until = `${hexOf(sha256(damaged))}\r\n`;
    const { outcome, output, debugcon } = await enter(way, { damage: { data: flip(4000) } }, { until });
    expect(outcome).toBe('seen');
    expect(output).toBe(message.replaceAll('\n', '\r\n'));
    expect(debugcon).toBe(message);
  });

  it.each([
    ['the kernel', { kernel: flip(0x204) }, 'kernel'],
    ['the parameter block', { block: flip(0x60, 0x80) }, 'purgatory.parameters'],
    ['the block’s mode', { block: flip(0x2c, 0x40) }, 'purgatory.parameters'],
    ['the block’s tables', { block: flip(0x100 + 100) }, 'purgatory.parameters.tables'],
  ] as const)('names it when a bit of %s is flipped', async (_, damage, name) => {
    const { outcome, output } = await enter(way, { damage }, { until: 'found ' });
    expect(outcome).toBe('seen');
    expect(output).toContain(`region "${name}" differs, nothing was entered.`);
  });

  const REGISTERS = 0x60;
  it.each([
    ['a mode that nobody knows', write(0x2c, 31n)],
    ...(handoff === 'protected32' ? [['64-bit mode', write(0x2c, 64n)] as const] : []),
    ['a register that is too wide', write(REGISTERS, 1n << (mode === 'real16' ? 16n : 32n), 8)],
    [
      'an entry out of reach',
      write(0xe0, mode === 'real16' ? places.real16.kernel - IP + 0x1_0000n : 1n << 32n, 8),
    ],
    ...(mode === 'real16' ? [['an entry before its segment', write(0xe0, 0n, 8)] as const] : []),
  ] as const)('refuses a block with good digests that asks for %s', async (_, forge) => {
    const damage = { block: (bytes: Uint8Array) => redigested(forge(bytes)) };
    const { output } = await enter(way, { damage }, { until: 'entered.\r\n' });
    expect(output).toBe('kexec-kit purgatory: unknown kind of parameter block, nothing was entered.\r\n');
  });

  if (handoff === 'protected32') {
    it('refuses a region that it cannot address, and takes an empty one that ends at 4 GiB', async () => {
      const own = region('kernel', at.kernel, narrowWitness(mode, at.linkedAt));
      const top = region('top', 1n << 32n, new Uint8Array(0));
      const { debugcon } = await enter(way, { parameters: { regions: [own, top] } });
      expect(debugcon).toContain('2 regions verified\nwitness\n');
      const regions = [own, { ...top, start: 1n << 32n, length: 1n }];
      const { output } = await enter(way, { parameters: { regions } }, { until: 'length ' });
      expect(output).toContain('region "top" is not a range of memory, nothing was entered.');
    });
  }

  if (mode === 'real16' || handoff === 'long64') {
    it('says so when it was loaded where it cannot enter from', async () => {
      const high = mode === 'real16' ? 2n * MIB : 5n << 30n;
      const memory = mode === 'real16' ? 64n * MIB : 6n << 30n;
      const { output } = await enter(way, { purgatory: high }, { memory, until: 'limit ' });
      expect(output).toContain('loaded too high for the mode to enter, nothing was entered.\r\n  end   0x');
    });
  }
});

function write(at: number, value: bigint, width: 4 | 8 = 4): Damage {
  return (bytes) => {
    bytes.set(littleEndian(value, width), at);
    return bytes;
  };
}

/** The block with its two digests made to fit what stands in it. */
function redigested(bytes: Uint8Array): Uint8Array {
  bytes.set(sha256(bytes.subarray(0x100)), 0x40);
  bytes.set(sha256(bytes.subarray(0x20, 0x100)), 0);
  return bytes;
}
