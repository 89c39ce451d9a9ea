import { createHash } from 'node:crypto';
import { LAST_WORDS_SIZE, type Console, type Engines } from '@kexec-kit/loader-api';
import { parse, toHex } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildParameters,
  canEnter,
  layoutOf,
  ParameterBlock,
  POKE_SIZE,
  type PurgatoryParameters,
  REGION_NAME_SIZE,
  reachOf,
} from '@kexec-kit/purgatory';

const engines: Engines = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
  },
};

const plain: PurgatoryParameters = {
  regions: [{ name: 'kernel', start: 0x100_0000n, length: 0x8000n, sha256: new Uint8Array(32).fill(7) }],
  pokes: [{ at: 0x40en, bytes: Uint8Array.of(0xc0, 0x9f) }],
  entry: 0xffff_ffff_8100_0123n,
  mode: 'long64',
  registers: { rsi: 0x9_0000n },
  console: { serial: { port: 0x3f8 } },
};

const everything: PurgatoryParameters = {
  ...plain,
  console: { serial: { port: 0x2f8, baud: 9600 }, vga: true, verbose: true },
  resetVga: true,
  resetPic: true,
  copies: [{ from: 0x1000n, to: 0x30_0000n, length: 4n }],
  lastWords: 0x11_0008n,
};

const HEADER = 0x100;

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** In the order in which they stand in the block. */
const registerNames = {
  long64: 'rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15'.split(' '),
  protected32: 'eax ebx ecx edx esi edi ebp esp'.split(' '),
  real16: 'ax bx cx dx si di bp sp cs ds es fs gs ss'.split(' '),
};
const bitsOf = { long64: 64n, protected32: 32n, real16: 16n };
const modes = ['long64', 'protected32', 'real16'] as const;
const below = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
/** A range in the lower half of all addresses. */
const range = fc
  .tuple(below, below)
  .map(([a, b]) => ({ start: a < b ? a : b, length: a < b ? b - a : a - b }));
const name = fc
  .array(fc.integer({ min: 0x20, max: 0x7e }), { minLength: 1, maxLength: REGION_NAME_SIZE })
  .map((codes) => String.fromCharCode(...codes));
const bytesOf = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });

const anyParameters: fc.Arbitrary<PurgatoryParameters> = fc.constantFrom(...modes).chain(parametersFor);

const anyConsole: fc.Arbitrary<Console> = fc.record(
  {
    serial: fc.record(
      { port: fc.integer({ min: 1, max: 0xfff8 }), baud: fc.constantFrom(9600, 38400, 115_200) },
      { requiredKeys: ['port'] },
    ),
    vga: fc.boolean(),
    verbose: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Above all regions, from one half of that to the other: nothing overlaps. */
const anyCopies = fc.array(fc.bigInt({ min: 0n, max: 0x1000n }), { maxLength: 5 }).map((lengths) =>
  lengths.map((length, n) => {
    const from = 2n ** 63n + BigInt(n) * 0x2000n;
    return { from, to: from + 2n ** 62n, length };
  }),
);

function parametersFor(mode: (typeof modes)[number]): fc.Arbitrary<PurgatoryParameters> {
  const value = fc.bigInt({ min: 0n, max: 2n ** bitsOf[mode] - 1n });
  return fc
    .record({
      regions: fc.array(
        fc.tuple(name, range, bytesOf(32, 32)).map(([name, place, sha256]) => ({ name, ...place, sha256 })),
      ),
      pokes: fc.array(
        fc.record({ at: fc.bigInt({ min: 0n, max: 2n ** 63n }), bytes: bytesOf(0, POKE_SIZE) }),
      ),
      entry: value,
      mode: fc.constant(mode),
      registers: fc.dictionary(fc.constantFrom(...registerNames[mode]), value),
      console: anyConsole,
      resetVga: fc.boolean(),
      resetPic: fc.boolean(),
      copies: anyCopies,
      lastWords: fc.nat(0x1000_0000).map((n) => 8n * BigInt(n)),
    })
    .map((made) =>
      mode === 'real16' ? { ...made, entry: made.entry + 16n * (made.registers['cs'] ?? 0n) } : made,
    );
}

describe('the parameter block', () => {
  it('reads back, through the generated reader, as it was asked for', () => {
    fc.assert(
      fc.property(anyParameters, (asked) => {
        const bytes = buildParameters(asked, engines);
        const read = parse(ParameterBlock, bytes);
        expect(read.regions).toEqual(asked.regions);
        expect(read.pokes.map(({ at, length, bytes }) => ({ at, bytes: bytes.subarray(0, length) }))).toEqual(
          asked.pokes,
        );
        expect(read.entry).toBe(asked.entry);
        const { serial, vga, verbose } = asked.console;
        expect(read.console).toBe((serial ? 1 : 0) + (vga ? 2 : 0) + (verbose ? 4 : 0));
        expect(read.serial_port).toBe(serial?.port ?? 0);
        expect(read.serial_divisor).toBe(serial?.baud === undefined ? 0 : 115_200 / serial.baud);
        expect(read.jobs).toBe((asked.resetVga ? 1 : 0) + (asked.resetPic ? 2 : 0));
        expect(read.last_words).toBe(asked.lastWords);
        expect(read.copies.map(({ from, to, length }) => ({ from, to, length }))).toEqual(asked.copies);
        expect(read.mode).toBe(Number(bitsOf[asked.mode]));
        const values = registerNames.long64.map(
          (_, n) => asked.registers[registerNames[asked.mode][n] ?? ''] ?? 0n,
        );
        expect(Object.values(read.registers)).toEqual(values);
      }),
    );
  });

  it('has the size that the layout announced', () => {
    fc.assert(
      fc.property(anyParameters, (asked) => {
        const { parametersSize } = layoutOf('long64', asked.mode, {
          regions: asked.regions.length,
          pokes: asked.pokes.length,
          copies: asked.copies?.length ?? 0,
        });
        expect(buildParameters(asked, engines)).toHaveLength(parametersSize);
      }),
    );
  });

  it('begins with the digest of its header, which holds the digest of its tables', () => {
    const bytes = buildParameters(plain, engines);
    const read = parse(ParameterBlock, bytes);
    expect(toHex(read.sha256)).toBe(sha256(bytes.subarray(32, HEADER)));
    expect(toHex(read.tables_sha256)).toBe(sha256(bytes.subarray(HEADER)));
    expect(read.tables_size).toBe(BigInt(bytes.length - HEADER));
  });

  it('is these bytes, for good: a loader of another project may have made it', () => {
    const bytes = buildParameters(everything, engines);
    const expected = [
      sha256(bytes.subarray(32, HEADER)),
      '6b6b707572673634', // kkpurg64
      '0200000040000000', // version 2, mode 64
      '0100000001000000', // one region, one poke
      'a000000000000000', // 96 + 32 + 32 bytes of tables
      sha256(bytes.subarray(HEADER)),
      '00'.repeat(32), // rax to rdx
      '0000090000000000', // rsi
      '00'.repeat(88), // rdi to r15
      '23010081ffffffff', // the entry
      '03000000', // both resets
      '07000000', // serial, VGA, verbose
      'f8020c00', // the second port, 9600 baud
      '01000000', // one copy
      '0800110000000000', // last words
      '6b65726e656c'.padEnd(96, '0'), // kernel
      '0000000100000000',
      '0080000000000000',
      '07'.repeat(32),
      '0e04000000000000', // the poke: where
      '0200000000000000', // how many bytes
      'c09f'.padEnd(32, '0'),
      '0010000000000000', // the copy: from where
      '0000300000000000', // to where
      '0400000000000000', // how many bytes
      '0000000000000000',
    ];
    expect(toHex(bytes)).toBe(expected.join(''));
  });

  it('is not read when a byte of it is missing', () => {
    const bytes = buildParameters(everything, engines);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => parse(ParameterBlock, bytes.subarray(0, length)), String(length)).toThrow();
    }
  });
});

describe('what purgatory could not obey is refused with a RangeError', () => {
  const [kernel, poke] = [plain.regions[0]!, plain.pokes[0]!];
  const withRegion = (change: Partial<typeof kernel>) => ({ regions: [{ ...kernel, ...change }] });
  const copy = { from: 0x1000n, to: 0x30_0000n, length: 4n };
  const withCopies = (change: Partial<typeof copy>) => ({ copies: [{ ...copy, ...change }] });
  const withPoke = (change: Partial<typeof poke>) => ({ pokes: [{ ...poke, ...change }] });

  it.each<[string, Partial<PurgatoryParameters>, RegExp]>([
    ['a name that is empty', withRegion({ name: '' }), /name ""/],
    ['a name of 49 characters', withRegion({ name: 'x'.repeat(49) }), /48 printable/],
    ['a name that is not ASCII', withRegion({ name: 'é' }), /printable ASCII/],
    ['a name that would move a terminal’s cursor', withRegion({ name: '\u001b[2J' }), /printable ASCII/],
    ['a digest of 31 bytes', withRegion({ sha256: new Uint8Array(31) }), /SHA-256 of 31 bytes/],
    ['a digest of 33 bytes', withRegion({ sha256: new Uint8Array(33) }), /SHA-256 of 33 bytes/],
    ['a region that ends at 2^64', withRegion({ start: 2n ** 64n - 1n, length: 1n }), /no range/],
    ['a region of negative length', withRegion({ length: -1n }), /no range/],
    ['a poke at 2^64', withPoke({ at: 2n ** 64n }), /no range/],
    ['a poke of 17 bytes', withPoke({ bytes: new Uint8Array(17) }), /17 bytes/],
    ['a copy that ends at 2^64', withCopies({ to: 2n ** 64n - 4n }), /no range/],
    ['a copy from below 0', withCopies({ from: -1n }), /no range/],
    ['a copy onto itself', withCopies({ to: 0x1003n }), /copy to 0x1003 overlaps a copy/],
    ['a copy onto what is verified', withCopies({ to: 0x100_7fffn }), /overlaps kernel/],
    ['two copies to one place', { copies: [copy, { ...copy, from: 0x5000n }] }, /overlaps a copy/],
    [
      'a copy onto what another copies',
      { copies: [copy, { ...copy, from: 0x5000n, to: 0x0ffdn }] },
      /overlaps a copy/,
    ],
    ['a serial speed that divides nothing', { console: { serial: { port: 1, baud: 7 } } }, /7 baud/],
    ['a serial speed of 0', { console: { serial: { port: 1, baud: 0 } } }, /0 baud/],
    ['a serial port of 17 bits', { console: { serial: { port: 0x1_03f8 } } }, /./],
    ['last words at an odd place', { lastWords: 4n }, /lastWords: 0x4 is no multiple of 8/],
    ['last words that end at 2^64', { lastWords: 2n ** 64n - 160n }, /no range/],
    [
      'last words that 32-bit mode does not reach',
      { mode: 'protected32', entry: 0n, registers: {}, lastWords: 2n ** 32n - 152n },
      /no multiple of 8 that protected32 mode reaches/,
    ],
    ['an entry that needs 65 bits', { entry: 2n ** 64n }, /does not fit/],
    ['a register that needs 65 bits', { registers: { rsi: 2n ** 64n } }, /does not fit/],
    ['a register of another mode', { registers: { esi: 0n } }, /"esi" is no register/],
    ['a mode of another contract', { mode: 'real32' as 'real16' }, /real32/],
    [
      'a 32-bit entry at 2^32',
      { mode: 'protected32', registers: {}, entry: 2n ** 32n },
      /entry: 0x100000000 .* 32 bits/,
    ],
    [
      'a 32-bit register of 33 bits',
      { mode: 'protected32', entry: 0n, registers: { esi: 2n ** 32n } },
      /esi: .* 32 bits/,
    ],
    [
      'a 64-bit register in 32-bit mode',
      { mode: 'protected32', entry: 0n, registers: { r8: 0n } },
      /"r8" is no register/,
    ],
    [
      'a selector of 17 bits',
      { mode: 'real16', entry: 0x10_0000n, registers: { cs: 0x1_0000n } },
      /cs: .* 16 bits/,
    ],
    ['a negative register', { mode: 'real16', entry: 0n, registers: { ax: -1n } }, /ax: -0x1 .* 16 bits/],
    [
      'an entry below its segment',
      { mode: 'real16', entry: 0xffffn, registers: { cs: 0x1000n } },
      /ip: -0x1 .* 16 bits/,
    ],
    [
      'an entry 64 KiB into its segment',
      { mode: 'real16', entry: 0x2_0000n, registers: { cs: 0x1000n } },
      /ip: 0x10000 /,
    ],
  ])('%s', (_, change, message) => {
    const build = () => buildParameters({ ...plain, ...change }, engines);
    expect(build).toThrow(RangeError);
    expect(build).toThrow(message);
  });

  it('takes what lies just within the limits', () => {
    const edge = {
      ...withRegion({ name: '~'.repeat(48), start: 2n ** 64n - 2n, length: 1n }),
      ...withPoke({ bytes: new Uint8Array(16) }),
    };
    expect(() => buildParameters({ ...plain, ...edge }, engines)).not.toThrow();
  });
});

const ways = [
  ['long64', 'long64', 1n << 64n],
  ['long64', 'protected32', 1n << 32n],
  ['long64', 'real16', 0xa0000n],
  ['protected32', 'protected32', 1n << 32n],
  ['protected32', 'real16', 0xa0000n],
] as const;

describe.each(ways)('the layout from %s to %s', (handoff, mode, end) => {
  it('has the blob, room for a stack, the block, all in whole pages', () => {
    fc.assert(
      fc.property(fc.nat(65536), fc.nat(65536), fc.nat(65536), (regions, pokes, copies) => {
        const layout = layoutOf(handoff, mode, { regions, pokes, copies });
        expect(layout.entryOffset).toBeLessThan(BigInt(layout.blob.length));
        expect(layout.parametersOffset).toBeGreaterThanOrEqual(layout.blob.length + 4096);
        expect(layout.parametersOffset % 64).toBe(0);
        expect(layout.parametersSize).toBe(HEADER + 96 * regions + 32 * (pokes + copies));
        expect(layout.memorySize % 4096n).toBe(0n);
        expect(layout.lastWordsOffset).toBe(layout.parametersOffset + layout.parametersSize);
        const end = BigInt(layout.lastWordsOffset + LAST_WORDS_SIZE);
        expect(layout.memorySize - end).toBeGreaterThanOrEqual(0n);
        expect(layout.memorySize - end).toBeLessThan(4096n);
      }),
    );
  });

  it('says where it may lie', () => {
    const { within, align } = layoutOf(handoff, mode, { regions: 0, pokes: 0 });
    expect(within.start).toBe(0x1000n);
    expect(end - within.end).toBeLessThanOrEqual(1n);
    expect(align).toBe(0x1000n);
  });

  it.each([-1, 0.5, 65537, Number.NaN])('refuses a count of %d', (count) => {
    expect(() => layoutOf(handoff, mode, { regions: count, pokes: 0 })).toThrow(RangeError);
    expect(() => layoutOf(handoff, mode, { regions: 0, pokes: count })).toThrow(RangeError);
    expect(() => layoutOf(handoff, mode, { regions: 0, pokes: 0, copies: count })).toThrow(RangeError);
  });
});

describe('what leads where', () => {
  it('is all but from 32-bit to 64-bit mode, and known beforehand', () => {
    const able = (['long64', 'protected32'] as const).flatMap((handoff) =>
      modes.filter((mode) => canEnter(handoff, mode)).map((mode) => [handoff, mode]),
    );
    expect(able).toEqual(ways.map(([handoff, mode]) => [handoff, mode]));
    expect(() => layoutOf('protected32', 'long64', { regions: 0, pokes: 0 })).toThrow(RangeError);
  });

  it('is verified as far as each can address', () => {
    expect(reachOf('long64')).toEqual({ start: 0n, end: 2n ** 64n - 1n });
    expect(reachOf('protected32')).toEqual({ start: 0n, end: 2n ** 32n });
  });
});
