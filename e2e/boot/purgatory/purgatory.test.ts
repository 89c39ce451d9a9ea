import { nodeEngines } from '@kexec-kit/host-node';
import {
  buildParameters,
  ParameterBlock,
  type PurgatoryParameters,
  type VerifiedRegion,
} from '@kexec-kit/purgatory';
import { describe, expect, it } from 'vitest';
import {
  type Guest,
  purgatorySegment,
  purgatorySize,
  run,
  segment,
  sha256,
  stateOf,
  witness,
} from './guest.js';

const MIB = 1n << 20n;
const GIB = 1n << 30n;
const PATTERN = '0xa5a5a5a5a5a5a5a5';

const PURGATORY = 4n * MIB;
const KERNEL = 8n * MIB;
const DATA = 12n * MIB;

/** Nothing is mapped but the segments: an access to anything else is a triple fault, and no witness. */
const guest: Guest = { model: 'microvm', memory: 64n * MIB, strictMap: true };

const registers = Object.fromEntries(
  [
    'rax',
    'rbx',
    'rcx',
    'rdx',
    'rsi',
    'rdi',
    'rbp',
    'rsp',
    'r8',
    'r9',
    'r10',
    'r11',
    'r12',
    'r13',
    'r14',
    'r15',
  ].map((name, n) => [name, 0xfedc_ba98_7654_3200n + BigInt(n)]),
);

const kernel = witness();
const data = Uint8Array.from({ length: 5003 }, (_, i) => (i * 31) & 0xff);

function region(name: string, start: bigint, bytes: Uint8Array): VerifiedRegion {
  return { name, start, length: BigInt(bytes.length), sha256: sha256(bytes) };
}

function parameters(more: Partial<PurgatoryParameters> = {}): PurgatoryParameters {
  const regions = [region('kernel', KERNEL, kernel), region('data', DATA, data)];
  return {
    regions,
    pokes: [],
    entry: KERNEL,
    mode: 'long64',
    registers,
    console: { serial: { port: 0x3f8 } },
    ...more,
  };
}

function block(more: Partial<PurgatoryParameters> = {}): Uint8Array {
  return buildParameters(parameters(more), nodeEngines);
}

/** What purgatory is given: a parameter block, and the data it verifies. */
interface Given {
  readonly block?: Uint8Array;
  readonly data?: Uint8Array;
  readonly kernel?: Uint8Array;
}

function enter(given: Given, how: Partial<Guest> & { readonly timeoutMs?: number } = {}) {
  const segments = [
    purgatorySegment(PURGATORY, given.block ?? block()),
    segment(KERNEL, given.kernel ?? kernel),
    segment(DATA, given.data ?? data),
  ];
  return run({ ...guest, ...how }, segments, PURGATORY);
}

function flipped(bytes: Uint8Array, at: number, bit = 0x01): Uint8Array {
  return Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ bit : byte));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

describe.each([4, 5] as const)('with %d levels of paging', (paging) => {
  it.each([
    { where: 'below 1 MiB', at: 0x5000n, memory: 64n * MIB },
    { where: 'at an odd page of RAM', at: 0x235_7000n, memory: 64n * MIB },
    { where: 'above 4 GiB', at: 0x1_2345_6000n, memory: 6n * GIB },
  ])('enters the kernel with the registers as asked, loaded $where', async ({ at, memory }) => {
    const shifted = { kernel: at + MIB, data: at + 2n * MIB };
    const regions = [region('kernel', shifted.kernel, kernel), region('data', shifted.data, data)];
    const segments = [segment(shifted.kernel, kernel), segment(shifted.data, data)];
    const how: Guest = { ...guest, model: 'q35', paging, memory };

    const direct = stateOf(await run(how, segments, shifted.kernel));
    const purgatory = purgatorySegment(at, block({ regions, entry: shifted.kernel }));
    const booted = await run(how, [...segments, purgatory], at);

    expect(booted).toMatchObject({ outcome: 'exited', lastLine: 'end of witness' });
    const state = stateOf(booted);
    expect(state).toMatchObject(
      Object.fromEntries(Object.entries(registers).map(([name, value]) => [name, `0x${value.toString(16)}`])),
    );
    for (const name of ['cr0', 'cr3', 'cr4', 'efer']) expect(state[name], name).toBe(direct[name]);
    expect(state['cr4']).toBe(paging === 5 ? '0x0000000000001020' : '0x0000000000000020');
    expect(state['rflags']).toBe('0x0000000000000002');
    expect(state['cs']).toBe('0x0000000000000010');
    for (const name of ['ds', 'es', 'fs', 'gs', 'ss']) expect(state[name], name).toBe('0x0000000000000018');
    expect(state['gdtLimit'], 'a GDT that the kernel can still load from').toBe('0x000000000000001f');
    expect(booted.debugcon).toBe('kexec-kit purgatory: 2 regions verified\nwitness\n');
    expect(booted.output.startsWith('{'), 'silent on serial').toBe(true);
  });
});

describe('what purgatory does', () => {
  it('clears the registers that nobody named', async () => {
    const state = stateOf(await enter({ block: block({ registers: { rsi: 0x90000n } }) }));
    for (const name of Object.keys(registers)) {
      expect(state[name], name).toBe(name === 'rsi' ? '0x0000000000090000' : '0x0000000000000000');
    }
  });

  it('does not care for the flags it finds, a set direction flag among them', async () => {
    // push $0x244cd5 (every flag of arithmetic, DF, ID, AC); popfq; mov $PURGATORY, %rax; jmp *%rax
    const trampoline = Uint8Array.from([
      0x68, 0xd5, 0x4c, 0x24, 0, 0x9d, 0x48, 0xb8, 0, 0, 0x40, 0, 0, 0, 0, 0, 0xff, 0xe0,
    ]);
    // mov $0x1000800, %rsp goes before it: the hand-over's rsp is garbage
    const start = Uint8Array.from([0x48, 0xbc, 0, 8, 0, 1, 0, 0, 0, 0, ...trampoline]);
    const segments = [
      segment(16n * MIB, start),
      purgatorySegment(PURGATORY, block()),
      segment(KERNEL, kernel),
      segment(DATA, data),
    ];
    const state = stateOf(await run(guest, segments, 16n * MIB));
    expect(state['rflags']).toBe('0x0000000000000002');
  });

  it('writes to no RAM but its own segment', async () => {
    const looking = witness([
      { start: 0n, end: 0xa0000n },
      { start: MIB, end: PURGATORY },
      { start: PURGATORY + purgatorySize(), end: KERNEL },
      { start: KERNEL + 0x4000n, end: DATA },
      { start: DATA + 0x2000n, end: 64n * MIB },
    ]);
    const regions = [region('kernel', KERNEL, looking), region('data', DATA, data)];
    const state = stateOf(await enter({ block: block({ regions }), kernel: looking }, { strictMap: false }));
    expect(state.scans).toEqual(
      Array.from({ length: 5 }, () => ({ first: PATTERN, others: '0x0000000000000000' })),
    );
  });

  it('pokes single bytes, and keeps their neighbours', async () => {
    const page = new Uint8Array(4096).fill(0x11);
    const at = 20n * MIB;
    const looking = witness(
      [16n, 24n, 32n, 40n].map((offset) => ({ start: at + offset, end: at + offset + 8n })),
    );
    const pokes = [
      { at: at + 0x13n, bytes: Uint8Array.from([0x22, 0x33]) },
      { at: at + 0x1bn, bytes: Uint8Array.from({ length: 16 }, (_, i) => 0xa0 + i) },
      { at: at + 0x1bn, bytes: new Uint8Array(0) },
    ];
    const built = block({ regions: [region('page', at, page)], pokes });
    const segments = [purgatorySegment(PURGATORY, built), segment(KERNEL, looking), segment(at, page)];
    const state = stateOf(await run(guest, segments, PURGATORY));
    expect(state.scans.map(({ first }) => first)).toEqual([
      '0x1111113322111111',
      '0xa4a3a2a1a0111111',
      '0xacabaaa9a8a7a6a5',
      '0x1111111111afaead',
    ]);
  });

  it('verifies any number of regions: none, empty ones, hundreds', async () => {
    const counts = await Promise.all(
      [[], [region('empty', 0x7fff_0000n, new Uint8Array(0))], slices()].map(async (regions) => {
        const { debugcon } = await enter({ block: block({ regions }) });
        return debugcon;
      }),
    );
    expect(counts).toEqual(
      [0, 1, 500].map((count) => `kexec-kit purgatory: ${String(count)} regions verified\nwitness\n`),
    );
  });
});

function slices(): VerifiedRegion[] {
  return Array.from({ length: 500 }, (_, i) =>
    region(`data.${String(i)}`, DATA + BigInt(i), data.subarray(i, 2 * i)),
  );
}

describe('one flipped bit', () => {
  it.each([0, data.length >> 1, data.length - 1])(
    'in a region, at byte %d, is told with both digests',
    async (at) => {
      const damaged = flipped(data, at);
      // The serial line ends in CR LF: only there, and only when all has been said, is this seen.
      const until = `${hexOf(sha256(damaged))}\r\n`;
      const { outcome, output, debugcon } = await enter({ data: damaged }, { until });
      const message =
        'kexec-kit purgatory: region "data" differs, nothing was entered.\n' +
        `  expected ${hexOf(sha256(data))}\n` +
        `  found    ${hexOf(sha256(damaged))}\n`;
      expect(outcome).toBe('seen');
      expect(output).toBe(message.replaceAll('\n', '\r\n'));
      expect(debugcon).toBe(message);
    },
  );

  it('in a region ends in a halt: nothing else happens', async () => {
    const { outcome, output } = await enter({ data: flipped(data, 1) });
    expect(outcome).toBe('halted');
    expect(output).toMatch(
      /^kexec-kit purgatory: region "data" differs, nothing was entered\.\r\n.*\r\n.*\r\n$/,
    );
  });

  it('in the last of hundreds of regions names that one', async () => {
    const at = 499 + 498;
    const { output } = await enter(
      { block: block({ regions: slices() }), data: flipped(data, at) },
      { until: 'found ' },
    );
    expect(output).toContain('region "data.499" differs, nothing was entered.');
  });

  it('is told on debugcon alone when the user wants no words on serial', async () => {
    const damaged = flipped(data, 0);
    const until = `${hexOf(sha256(damaged))}\n`;
    const { output, debugcon } = await enter({ block: block({ console: {} }), data: damaged }, { until });
    expect(output).toBe('');
    expect(debugcon).toContain('region "data" differs');
  });

  it.each([
    ['its own digest', 0],
    ['the magic', ParameterBlock.at.magic.offset],
    ['the count of regions, by 2^31', ParameterBlock.at.region_count.offset + 3],
    ['the tables’ size, by 2^63', ParameterBlock.at.tables_size.offset + 7],
    ['the tables’ digest', ParameterBlock.at.tables_sha256.offset + 31],
    ['a register', ParameterBlock.at['registers.rsi'].offset],
    ['the entry', ParameterBlock.at.entry.offset + 2],
    ['the console', ParameterBlock.at.console.offset],
  ])('in the parameter block, in %s, is told on serial whatever the block says', async (_, at) => {
    const built = block({ console: {} });
    const { outcome, output } = await enter({ block: flipped(built, at, 0x80) }, { until: 'found ' });
    expect(outcome).toBe('seen');
    expect(output).toContain('region "purgatory.parameters" differs, nothing was entered.');
  });

  it.each([0x100, 0x100 + 48, 0x100 + 64, 0x100 + 2 * 96 - 1])(
    'in the tables, at byte %d of the block, is told',
    async (at) => {
      const { outcome, output } = await enter({ block: flipped(block(), at) }, { until: 'found ' });
      expect(outcome).toBe('seen');
      expect(output).toContain('region "purgatory.parameters.tables" differs, nothing was entered.');
    },
  );
});

describe('a parameter block with good digests that purgatory cannot obey', () => {
  it.each([
    ['another magic', ParameterBlock.at.magic.offset],
    ['another version', ParameterBlock.at.version.offset],
    ['another mode', ParameterBlock.at.mode.offset],
    ['a count that its tables have not', ParameterBlock.at.poke_count.offset],
  ])('with %s is refused', async (_, at) => {
    const forged = redigested(flipped(block(), at));
    const { output } = await enter({ block: forged }, { until: 'entered.\r\n' });
    expect(output).toBe('kexec-kit purgatory: unknown kind of parameter block, nothing was entered.\r\n');
  });

  it('with a poke longer than its entry is refused', async () => {
    const forged = block({ pokes: [{ at: DATA, bytes: new Uint8Array(16) }] });
    forged[0x100 + 2 * 96 + 8] = 17;
    const { output } = await enter({ block: redigested(forged) }, { until: 'entered.\r\n' });
    expect(output).toContain('unknown kind of parameter block, nothing was entered.');
  });

  it.each([
    ['a region', 'data', 0x100 + 96 + 48],
    ['a poke', 'purgatory.poke', 0x100 + 2 * 96],
  ])('with %s that runs past the end of the address space is refused', async (_, name, at) => {
    const forged = block({ pokes: [{ at: DATA, bytes: Uint8Array.of(1, 2) }] });
    forged.fill(0xff, at, at + 8);
    const { output } = await enter({ block: redigested(forged) }, { until: 'length ' });
    expect(output).toContain(`region "${name}" is not a range of memory, nothing was entered.`);
    expect(output).toContain('0xffffffffffffffff');
  });
});

/** The block with its two digests made to fit what stands in it. */
function redigested(bytes: Uint8Array): Uint8Array {
  bytes.set(sha256(bytes.subarray(0x100)), ParameterBlock.at.tables_sha256.offset);
  bytes.set(sha256(bytes.subarray(0x20, 0x100)), 0);
  return bytes;
}
