import { bundle, bundleCodes, type BundleOptions } from '@kexec-kit/bundle';
import {
  range,
  unwrap,
  type PlacedSegment,
  type SegmentsSubmission,
  type Submission,
} from '@kexec-kit/loader-api';
import { contains, overlaps, subtract } from '@kexec-kit/memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  extentOf,
  fileOf,
  GIB,
  long64,
  memoryOf,
  MIB,
  protected32,
  segment,
  submissionOf,
  usable,
} from './inputs.js';
import { filled, FRONT, read } from './read.js';

const image = { form: 'image' } as const;
const module = { form: 'module' } as const;
const small = segment(32n * MIB, 0x3000n, [{ bytes: Uint8Array.of(1, 2, 3) }]);

function codeOf(submission: Submission, options: BundleOptions = image): string | undefined {
  return bundle(submission, options).diagnostics.at(0)?.code;
}

/** Segments side by side, each of any parts. */
const anyPart = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => ({ bytes })),
  fc.record({ source: fc.constantFrom('image', 'initrd'), offset: fc.nat(900), length: fc.nat(9_000) }),
  fc.bigInt(0n, 0x30000n).map((zeros) => ({ zeros })),
  fc.nat(64).map((fresh) => ({ fresh })),
);
const anySegments = fc
  .array(fc.record({ parts: fc.array(anyPart, { maxLength: 6 }), gap: fc.nat(20), tail: fc.nat(20) }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((all) => {
    let next = 32n * MIB;
    return all.map(({ parts, gap, tail }, n): PlacedSegment => {
      const pages = BigInt(Math.ceil(bytesOf(parts).length / 4096) + tail + 1);
      const placed = segment(next + BigInt(gap) * 0x1000n, pages * 0x1000n, parts, `piece-${n}`);
      next = placed.start + placed.memorySize;
      return placed;
    });
  });

/** One address after the other, so that runs can be put together again. */
function memoryFrom(all: Map<bigint, Uint8Array>, { start, memorySize }: PlacedSegment): Uint8Array {
  const memory = new Uint8Array(Number(memorySize)).fill(0xee);
  for (const [at, bytes] of all)
    if (at >= start && at < start + memorySize) memory.set(bytes, Number(at - start));
  return memory;
}

describe('what the program does by its tables', () => {
  it.each(['image', 'module'] as const)('is what the segments say: %s', (form) => {
    fc.assert(
      fc.property(anySegments, (segments) => {
        const file = fileOf(unwrap(bundle(submissionOf(segments), { form })));
        const all = filled(form === 'image' ? file.subarray(FRONT) : file);
        for (const each of segments)
          expect(Buffer.compare(memoryFrom(all, each), memoryOf(each)), each.pieces[0]?.id).toBe(0);
        const size = segments.reduce((sum, { memorySize }) => sum + memorySize, 0n);
        expect([...all.values()].reduce((sum, { length }) => sum + BigInt(length), 0n)).toBe(size);
      }),
    );
  });

  it('fills with random bytes exactly where the plan has them', () => {
    fc.assert(
      fc.property(anySegments, (segments) => {
        const { fresh } = read(fileOf(unwrap(bundle(submissionOf(segments), module))));
        const wanted = segments.flatMap(({ start, parts }) => {
          let at = start;
          return parts.flatMap((part) => {
            const from = at;
            at += BigInt(bytesOf([part]).length);
            return 'fresh' in part && part.fresh > 0 ? [{ start: from, end: at }] : [];
          });
        });
        expect(fresh.map(({ start, end }) => ({ start, end }))).toEqual(wanted);
      }),
    );
  });

  it('has the whole file: nothing is behind it, and its size is told', () => {
    fc.assert(
      fc.property(anySegments, (segments) => {
        const made = unwrap(bundle(submissionOf(segments), module));
        const file = fileOf(made);
        const { header } = read(file);
        expect([made.size, header.size]).toEqual([BigInt(file.length), BigInt(file.length)]);
        expect(header.stack_end % 16).toBe(0);
        expect((header.tables | header.tables_size) % 0x1000).toBe(0);
      }),
    );
  });
});

describe('the place of an image', () => {
  it('is RAM from 1 MiB on, apart from everything that is filled or mapped, with 64 KiB behind', () => {
    fc.assert(
      fc.property(anySegments, fc.bigInt(1n, 100n), (segments, at) => {
        const mappings = [range(at * MIB, at * MIB + 0x3000n)];
        const made = bundle(submissionOf(segments, { mappings }), image);
        const place = unwrap(made).place ?? range(0n, 1n);
        const taken = [...segments.map(extentOf), ...mappings];
        const room = range(place.start, place.end + 0x10000n);
        expect(taken.filter((each) => overlaps(each, room))).toEqual([]);
        expect(contains(subtract(usable, [range(0n, MIB)]), room)).toBe(true);
        expect(place.end - place.start).toBe(unwrap(made).size);
      }),
    );
  });

  it('is none where there is no room: each hole with its reason', () => {
    const all = segment(2n * MIB, 126n * MIB, [{ source: 'image', offset: 0, length: 2 << 20 }]);
    const made = bundle(submissionOf([all]), image);
    expect(made.diagnostics[0]).toMatchObject({
      code: 'BUNDLE_NO_PLACE',
      found: expect.stringMatching(/^0x100000-0x200000: 0x100000 bytes, 0x\w+ needed$/) as string,
    });
    expect(bundle(submissionOf([all]), module).ok, 'a module needs none').toBe(true);
  });
});

describe('what no bundle can do is refused', () => {
  const high = (start: bigint): SegmentsSubmission =>
    submissionOf([small, { ...small, start }], { target: { ...long64, addressEnd: 1n << 63n } });

  it('a plan for kexec_file_load', () => {
    const { method: _, ...rest } = submissionOf([small]);
    expect(codeOf({ ...rest, method: 'file', kernel: 'image', initrds: [], commandLine: '' })).toBe(
      'BUNDLE_FILE_PLAN',
    );
  });

  it('a segment that four levels of paging do not reach', () => {
    expect(codeOf(high((1n << 47n) - small.memorySize))).toBeUndefined();
    expect(codeOf(high((1n << 47n) - 0x1000n))).toBe('BUNDLE_OUT_OF_REACH');
  });

  it('a segment or a mapping above 4 GiB, where paging is off', () => {
    const target = { ...protected32, addressEnd: 1n << 40n };
    expect(codeOf(submissionOf([{ ...small, start: 4n * GIB }], { target }))).toBe('BUNDLE_OUT_OF_REACH');
    const mappings = [range(4n * GIB, 5n * GIB)];
    expect(codeOf(submissionOf([small], { target, mappings }))).toBe('BUNDLE_OUT_OF_REACH');
    expect(codeOf(submissionOf([small], { target: protected32 }))).toBeUndefined();
  });

  it("a running kernel's EFI", () => {
    expect(
      codeOf(submissionOf([{ ...small, pieces: [{ ...small.pieces[0]!, id: 'efi-runtime-map' }] }])),
    ).toBe('BUNDLE_EFI');
  });

  it('an image that nobody could start', () => {
    expect(codeOf(submissionOf([small]), { ...image, protocols: [] })).toBe('BUNDLE_NO_PROTOCOL');
  });

  it('and every code has a cause and a cure', () => {
    for (const { cause, cure } of Object.values(bundleCodes)) {
      expect(cause).toMatch(/\.$/);
      expect(cure).toMatch(/\.$/);
    }
  });
});

describe('what is mapped in 64-bit mode', () => {
  const mapsFor = (change: Partial<SegmentsSubmission>, segments = [small]) =>
    read(fileOf(unwrap(bundle(submissionOf(segments, change), module))));

  it('is the first 4 GiB, and the whole GiB of RAM, segments and mappings above', () => {
    const ram = [...usable, range(8n * GIB + 5n, 9n * GIB + 5n)];
    const { maps, header } = mapsFor(
      { map: { fingerprint: '', told: [], usable: ram }, mappings: [range(600n * GIB, 600n * GIB + 1n)] },
      [small, { ...small, start: 100n * GIB }],
    );
    expect(maps).toEqual([
      { start: 0n, end: 4n * GIB },
      { start: 8n * GIB, end: 10n * GIB },
      { start: 100n * GIB, end: 101n * GIB },
      { start: 600n * GIB, end: 601n * GIB },
    ]);
    // 6 of the program, 2 on top; one per GiB: 8; one per 512 GiB: 2 at least; those of the bundle itself.
    expect(header.tables_size / 0x1000).toBeGreaterThanOrEqual(6 + 2 + 8 + 2 + 3);
  });

  it('is nothing where paging is off', () => {
    const { maps, header } = mapsFor({ target: protected32 });
    expect(maps).toEqual([]);
    expect(header).toMatchObject({ mode: 32, tables_size: 0, entry64: 0 });
  });
});

it('a map with RAM that is also something else is told without that', () => {
  const told = [
    { ...range(0n, 16n * MIB), kind: 'ram' as const },
    { ...range(MIB, 2n * MIB), kind: 'acpi' as const },
  ];
  const map = { fingerprint: '', told, usable };
  expect(read(fileOf(unwrap(bundle(submissionOf([small], { map }), module)))).told).toEqual([
    { start: 0n, end: MIB },
    { start: 2n * MIB, end: 16n * MIB },
  ]);
});

it('pieces are named where they go, in the file and in memory', () => {
  const made = unwrap(bundle(submissionOf([small]), image));
  const [only] = made.pieces;
  expect(only).toMatchObject({
    name: 'kernel',
    destination: 32n * MIB,
    memorySize: 0x3000n,
    contentSize: 3n,
  });
  expect([...fileOf(made).subarray(Number(only?.offset), Number(only?.offset) + 4)]).toEqual([1, 2, 3, 0]);
});
