import { addressOf, constant, range, type Encoding, type Expr, type Relocation } from '@kexec-kit/loader-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { internet16, sum8 } from '../src/checksum.js';
import { evaluate } from '../src/expr.js';
import type { Place } from '../src/place.js';
import {
  linked,
  memoryImage,
  planOf,
  refused,
  segment,
  segmentOf,
  sourceOf,
  startOf,
  anywhere,
} from './inputs.js';

const at = 0x1000000n;
const target = segment('target', { memorySize: 0x200000n, placements: [{ at }] });

function writing(relocations: readonly Relocation[], bytes = new Uint8Array(64)): ReturnType<typeof planOf> {
  return planOf([target, segment('table', { parts: [{ bytes }], memorySize: 64n, relocations })]);
}

function written(value: Expr, encoding: Encoding): string {
  const submission = linked(writing([{ offset: 8, value, encoding }]));
  const bytes = memoryImage(submission, new Map())(startOf(submission, 'table'), 64n);
  return Buffer.from(bytes).toString('latin1').slice(8, 24);
}

const hexOf = (text: string, length: number) =>
  Buffer.from(text, 'latin1')
    .toString('hex')
    .slice(0, length * 2);

describe('expressions', () => {
  const place = (start: bigint, size: bigint): Place => ({ start, end: start + size, search: [], unit: 0 });
  const places = new Map([
    ['a', place(0xffffffff81000000n, 0x123n)],
    ['b', place(0x1234567000n, (1n << 32n) + 16n)],
  ]);
  const term = fc.record({
    sign: fc.constantFrom(1 as const, -1 as const),
    segment: fc.constantFrom('a', 'b'),
    at: fc.constantFrom('start' as const, 'end' as const),
    offset: fc.bigInt(-(1n << 40n), 1n << 40n),
  });
  const expr = fc.record(
    {
      terms: fc.array(term, { maxLength: 4 }),
      constant: fc.bigInt(-(1n << 65n), 1n << 65n),
      shift: fc.nat(63),
      part: fc.constantFrom('low32' as const, 'high32' as const),
    },
    { requiredKeys: ['terms', 'constant'] },
  );

  it('are the sum, shifted, then a half of it; and nothing when negative or beyond 64 bits', () => {
    fc.assert(
      fc.property(expr, (some) => {
        const addresses = {
          a: [0xffffffff81000000n, 0xffffffff81000123n],
          b: [0x1234567000n, 0x1334567010n],
        } as const;
        let sum = some.constant;
        for (const { sign, segment: id, at: end, offset } of some.terms) {
          sum += BigInt(sign) * (addresses[id][end === 'start' ? 0 : 1] + offset);
        }
        const value = sum / 2n ** BigInt(some.shift ?? 0);
        const whole = sum < 0n || value >= 2n ** 64n ? undefined : value;
        const half = some.part === 'low32' ? (whole ?? 0n) % 2n ** 32n : (whole ?? 0n) / 2n ** 32n;
        expect(evaluate(some, places)).toBe(whole === undefined || some.part === undefined ? whole : half);
      }),
      { numRuns: 1000 },
    );
  });

  it('are exact where a double is not', () => {
    expect(evaluate(addressOf('a', 0x123n), places)).toBe(0xffffffff81000123n);
    const size = {
      terms: [
        ...addressOf('b', 0n, 'end').terms,
        { sign: -1 as const, segment: 'b', at: 'start' as const, offset: 0n },
      ],
      constant: 0n,
    };
    expect(evaluate(size, places)).toBe((1n << 32n) + 16n);
  });
});

describe('relocations', () => {
  it.each<[string, Expr, Encoding, string]>([
    ['an address', addressOf('target', 0x200n), 'u64', '0002000100000000'],
    ['an end', addressOf('target', 0n, 'end'), 'u32', '00002001'],
    ['KiB', { ...addressOf('target'), shift: 10 }, 'u16', '0040'],
    ['a page frame number', { ...addressOf('target'), shift: 12 }, 'u32', '00100000'],
    ['a low half', { terms: [], constant: 0x1122334455667788n, part: 'low32' }, 'u32', '88776655'],
    ['a high half', { terms: [], constant: 0x1122334455667788n, part: 'high32' }, 'u32', '44332211'],
  ])('write %s, the least significant byte first', (_, value, encoding, bytes) => {
    expect(hexOf(written(value, encoding), bytes.length / 2)).toBe(bytes);
  });

  it('write text of a fixed width, so that a command line does not change its length', () => {
    expect(written(addressOf('target'), 'hex16-text')).toBe('0000000001000000');
    expect(written(constant(0xffffffff81000123n), 'hex16-text')).toBe('ffffffff81000123');
  });

  it.each<[string, Expr, Encoding, string]>([
    ['too wide', constant(0x10000n), 'u16', '0x10000'],
    ['too wide for 32 bits', constant(1n << 32n), 'u32', '0x100000000'],
    ['negative', { ...addressOf('target'), constant: -0x1000001n }, 'u64', 'beyond 64 bits or negative'],
  ])('name segment, offset and value of what does not fit: %s', (_, value, encoding, found) => {
    const [problem] = refused(writing([{ offset: 8, value, encoding }])).diagnostics;
    expect(problem).toMatchObject({
      code: 'LINK_VALUE_OVERFLOW',
      at: { field: 'table at 0x8' },
      found,
      expected: encoding,
    });
    expect(problem.message).toContain(found);
  });

  it('tell of every value that does not fit', () => {
    const value = constant(1n << 40n);
    const { diagnostics } = refused(
      writing([
        { offset: 0, value, encoding: 'u32' },
        { offset: 4, value, encoding: 'u16' },
      ]),
    );
    expect(diagnostics.map(({ at: place }) => place?.field)).toEqual(['table at 0x0', 'table at 0x4']);
  });

  it('tell of the one value that does not fit, behind others that do', () => {
    const { diagnostics } = refused(
      writing([
        { offset: 0, value: constant(1n), encoding: 'u32' },
        { offset: 4, value: constant(1n << 40n), encoding: 'u16' },
        { offset: 8, value: constant(1n), encoding: 'u16' },
      ]),
    );
    expect(diagnostics.map(({ at: place }) => place?.field)).toEqual(['table at 0x4']);
  });

  it('change a copy of the part they fall in, and pass on the others as they are', () => {
    const [own, other] = [new Uint8Array(8), new Uint8Array(8)];
    const source = sourceOf('file', new Uint8Array(16).fill(7));
    const parts = [{ bytes: other }, { bytes: own }, { source: 'file', offset: 0, length: 16 }];
    const table = segment('table', {
      parts,
      memorySize: 32n,
      relocations: [{ offset: 8, value: constant(5n), encoding: 'u64' }],
    });
    const { parts: result } = segmentOf(
      linked(planOf([table]), { sources: new Map([['file', source]]) }),
      'table',
    );
    expect(own).toEqual(new Uint8Array(8));
    expect(result[0]).toEqual({ bytes: other });
    expect((result[0] as { bytes: Uint8Array }).bytes).toBe(other);
    expect(result[1]).toEqual({ bytes: Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0) });
    expect(result[2]).toEqual(parts[2]);
  });

  it('are in what is hashed', () => {
    const relocation = { offset: 0, value: addressOf('target'), encoding: 'u64' } as const;
    const [plain, relocated] = [linked(writing([])), linked(writing([relocation]))];
    const digest = ({ checked }: typeof plain) => checked.find(({ name }) => name === 'table')?.sha256;
    expect(digest(relocated)).not.toBe(digest(plain));
  });
});

describe('handoff and pokes', () => {
  it('refuse a register or a poke whose value does not fit', () => {
    const handoff = {
      mode: 'long64',
      entry: addressOf('target'),
      registers: { rsi: constant(-1n) },
    } as const;
    expect(refused(planOf([target], { handoff })).diagnostics[0]).toMatchObject({
      code: 'LINK_VALUE_OVERFLOW',
      at: { field: 'handoff.registers.rsi' },
    });
    const pokes = [{ at: 0x40en, value: addressOf('target'), width: 2 }] as const;
    expect(refused(planOf([target], { pokes })).diagnostics[0]).toMatchObject({
      code: 'LINK_VALUE_OVERFLOW',
      expected: 'u16',
    });
  });

  it('stand in the parameter block: entry, registers, pokes', () => {
    const handoff = {
      mode: 'long64',
      entry: addressOf('target', 0x200n),
      registers: { rsi: constant(0x1122334455667788n) },
    } as const;
    const pokes = [{ at: 0x40en, value: constant(0x9fc0n), width: 2 }] as const;
    const submission = linked(planOf([target], { handoff, pokes }));
    const last = segmentOf(submission, 'purgatory').parts.at(-1) as { bytes: Uint8Array };
    const block = Buffer.from(last.bytes);
    expect(block.includes(Buffer.from('8877665544332211', 'hex'))).toBe(true);
    expect(block.includes(Buffer.from('0002000100000000', 'hex'))).toBe(true);
    expect(block.includes(Buffer.from('0e0400000000000002000000', 'hex'))).toBe(true);
  });
});

describe('checksums', () => {
  const bytes = fc.uint8Array({ minLength: 2, maxLength: 40 });

  it('sum8 makes the bytes add up to 0', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        const [byte = 0] = sum8(some);
        expect(some.reduce((sum, each) => sum + each, byte) % 256).toBe(0);
      }),
    );
  });

  it('internet16 is that of the example in RFC 1071, 3', () => {
    expect(internet16(Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7))).toEqual(
      Uint8Array.of(0x22, 0x0d),
    );
  });

  it('internet16 makes the 16-bit words add up to 0xffff with carries coming round', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        const padded = Buffer.concat([some, new Uint8Array(some.length % 2), internet16(some)]);
        let sum = 0;
        for (let i = 0; i < padded.length; i += 2) sum += padded.readUInt16BE(i);
        while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
        expect(sum).toBe(0xffff);
      }),
    );
  });

  it('are written after every relocation, whatever was in their field', () => {
    const checksum: Relocation = { offset: 9, checksum: 'sum8', over: { offset: 0, length: 36 } };
    const value: Relocation = { offset: 16, value: addressOf('target', 0x77n), encoding: 'u64' };
    const submission = linked(writing([checksum, value], new Uint8Array(64).fill(0x5b)));
    const table = memoryImage(submission, new Map())(startOf(submission, 'table'), 36n);
    expect(table.reduce((sum, each) => sum + each, 0) % 256).toBe(0);
    expect(Buffer.from(table).readBigUInt64LE(16)).toBe(at + 0x77n);
  });

  it('suit a segment at any place', () => {
    const lows = fc.nat(1000).map((page) => 0x2000000n + BigInt(page) * 0x1000n);
    fc.assert(
      fc.property(lows, (start) => {
        const sum: Relocation = { offset: 2, checksum: 'internet16', over: { offset: 0, length: 20 } };
        const value: Relocation = { offset: 8, value: addressOf('table'), encoding: 'u64' };
        const placements = [{ ...anywhere, within: range(start, 1n << 32n) }];
        const table = segment('table', {
          parts: [{ bytes: new Uint8Array(20) }],
          memorySize: 20n,
          placements,
          relocations: [sum, value],
        });
        const submission = linked(planOf([target, table]));
        expect(startOf(submission, 'table')).toBe(start);
        expect(internet16(memoryImage(submission, new Map())(start, 20n))).toEqual(Uint8Array.of(0, 0));
      }),
      { numRuns: 20 },
    );
  });
});
