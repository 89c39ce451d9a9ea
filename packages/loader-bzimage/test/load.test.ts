import { SetupHeader } from '@kexec-kit/linux-boot';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loader } from '../src/index.js';
import { bzImage, MEMTEST, type Shape, source } from './bzimage.js';

const load = (shape: Shape = {}) => loader.load(source(bzImage(shape)));

describe('probe', () => {
  test('says what it is', () => {
    expect(loader.probe(bzImage())).toEqual({
      match: true,
      detail: 'Linux bzImage 6.12.0-made-up, protocol 2.15',
    });
    expect(loader.probe(bzImage(MEMTEST))).toEqual({ match: true, detail: 'Linux bzImage, protocol 2.12' });
  });

  test.each([
    ['an empty file', new Uint8Array(), '0 bytes are too few for a setup header'],
    ['a boot sector of something else', bzImage({ fields: { header: 0 } }), 'no "HdrS" at 0x202'],
    ['no boot flag', bzImage({ fields: { boot_flag: 0x1234 } }), '0x1234 at 0x1fe'],
  ])('says why not: %s', (_, bytes, reason) => {
    expect(loader.probe(bytes)).toEqual({ match: false, reason });
  });

  test('is total', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 0x300 }), (bytes) => {
        expect(loader.probe(bytes).match).toBe(false);
      }),
    );
  });

  test('matches whatever carries its signature', () => {
    const [signature] = loader.signatures;
    expect(signature).toEqual({ at: SetupHeader.at.header.offset, hex: Buffer.from('HdrS').toString('hex') });
  });
});

describe('load', () => {
  test('keeps where the code is, and the header as far as it exists', () => {
    const bytes = bzImage();
    const result = loader.load(source(bytes));
    expect(result).toMatchObject({
      ok: true,
      diagnostics: [],
      value: {
        source: { id: 'image', name: 'vmlinuz', size: bytes.length },
        kernel: { offset: 0x800, length: 0x1040 },
        version: '6.12.0-made-up (nobody@nowhere) #1',
        payload: 'zstd',
        certificates: { offset: 0x1800, size: 0x40 },
      },
    });
    expect(result.ok && result.value.headerBytes).toEqual(bytes.subarray(0x1f1, 0x26c));
    expect(result.ok && 'bytes' in result.value.source).toBe(false);
  });

  test('setup_sects 0 means 4', () => {
    expect(load({ fields: { setup_sects: 0 } })).toMatchObject({
      ok: true,
      value: { kernel: { offset: 5 * 512 } },
    });
  });

  test.each([
    ['1f8b', 'gzip'],
    ['425a', 'bzip2'],
    ['5d00', 'lzma'],
    ['fd37', 'xz'],
    ['0221', 'lz4'],
    ['894c', 'lzo'],
    ['7f45', 'none (ELF)'],
    ['abcd', 'unknown (abcd)'],
  ])('payload %s is %s', (magic, payload) => {
    const bytes = bzImage();
    bytes.set(Buffer.from(magic, 'hex'), 0x800 + 0x2cc);
    expect(loader.load(source(bytes))).toMatchObject({ ok: true, value: { payload } });
  });

  test('a payload said to lie outside the file is not one', () => {
    const result = load({ fields: { payload_offset: 0xffffffff } });
    expect(result.ok && result.value.payload).toBeUndefined();
  });

  test('a file without the marks of a kernel is refused by them', () => {
    expect(load({ fields: { header: 0x53726449 } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_NOT_A_KERNEL', at: { source: 'vmlinuz', offset: 0x1fe } }],
    });
  });

  test('takes an old image apart: whether it boots is asked when it is planned', () => {
    const result = load({ fields: { version: 0x0203 }, displacement: 0x2e });
    expect(result).toMatchObject({ ok: true, value: { header: { initrd_addr_max: 0x7fffffff } } });
    expect(result.ok && result.value.header.init_size).toBeUndefined();
  });
});

describe('truncation', () => {
  const whole = bzImage();
  const end = whole.length - 0x40;

  test('where a field would begin behind the end, points at the end', () => {
    const { diagnostics } = loader.load(source(bzImage({ fields: { version: 0x020b } }).subarray(0, 0x237)));
    expect(diagnostics).toMatchObject([{ code: 'BZIMAGE_TRUNCATED', at: { offset: 0x237 } }]);
  });

  test('at every byte before the declared end is refused with the place, what was found and what was expected', () => {
    for (let length = 0; length < end; length++) {
      const result = loader.load(source(whole.subarray(0, length)));
      expect(result, `${length} bytes`).toMatchObject({
        ok: false,
        diagnostics: [
          {
            code: 'BZIMAGE_TRUNCATED',
            at: { source: 'vmlinuz', offset: expect.any(Number) as number },
            found: expect.stringContaining(`${length} bytes`) as string,
            expected: expect.any(String) as string,
          },
        ],
      });
    }
  });

  test('of the certificates alone is a warning, at every byte', () => {
    for (let length = end; length < whole.length; length++) {
      expect(loader.load(source(whole.subarray(0, length)))).toMatchObject({
        ok: true,
        diagnostics: [
          {
            code: 'BZIMAGE_SIGNATURE_LOST',
            severity: 'warning',
            at: { offset: length },
            expected: `${whole.length} bytes`,
          },
        ],
      });
    }
  });

  test('within the last paragraph is a word where there is no payload, since the header counts paragraphs', () => {
    const memtest = bzImage(MEMTEST);
    expect(loader.load(source(memtest)).diagnostics).toEqual([]);
    for (let missing = 1; missing < 16; missing++) {
      const size = memtest.length - missing;
      expect(loader.load(source(memtest.subarray(0, size)))).toMatchObject({
        ok: true,
        diagnostics: [{ code: 'BZIMAGE_LAST_PARAGRAPH', severity: 'info', at: { offset: size } }],
      });
    }
    expect(loader.load(source(memtest.subarray(0, memtest.length - 16)))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_TRUNCATED' }],
    });
  });

  test('cannot be told of a protocol that does not declare its size', () => {
    const old = bzImage({ fields: { version: 0x0203 } });
    expect(loader.load(source(old.subarray(0, 0x900)))).toMatchObject({ ok: true });
  });
});

describe('a header that cannot be meant', () => {
  test.each([
    ['no short jump', { fields: { jump: 0x6ae9 } }],
    ['a jump backwards', { displacement: 0x80 }],
    ['shorter than any', { fields: { version: 0x0200 }, displacement: 0x1d }],
    ['shorter than its version', { displacement: 0x61 }],
    ['shorter than an old version', { fields: { version: 0x0205 }, displacement: 0x31 }],
  ] satisfies [string, Shape][])('has an impossible length: %s', (_, shape) => {
    expect(load(shape)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_HEADER_LENGTH', at: { offset: 0x200 } }],
    });
  });

  test('declares no code', () => {
    expect(load({ fields: { syssize: 0 } })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BZIMAGE_BAD_FIELD', at: { field: 'setup_header.syssize' } }],
    });
  });

  test('a damaged PE header does not matter', () => {
    const bytes = bzImage();
    bytes.fill(0xff, 0x3c, 0x40);
    const result = loader.load(source(bytes));
    expect(result).toMatchObject({ ok: true, diagnostics: [] });
  });

  test('never throws, whatever the bytes: only coded diagnostics', () => {
    const whole = bzImage();
    const damage = fc.array(fc.tuple(fc.integer({ min: 0, max: 0x280 }), fc.integer({ min: 0, max: 255 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(damage, fc.integer({ min: 0, max: whole.length }), (changes, length) => {
        const bytes = whole.slice(0, length);
        for (const [at, byte] of changes) bytes[at] = byte;
        const result = loader.load(source(bytes));
        for (const { code } of result.diagnostics) expect(Object.keys(loader.codes)).toContain(code);
        if (result.ok) expect(loader.inspect?.(result.value).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('inspect', () => {
  test('names every header field with value, place and clause, and what the file is made of', () => {
    const result = load();
    const facts = result.ok ? loader.inspect?.(result.value) : undefined;
    const [kernel, header] = facts ?? [];
    expect(kernel?.fields.map(({ name, value }) => [name, value])).toEqual([
      ['version', '6.12.0-made-up (nobody@nowhere) #1'],
      ['protected-mode code', '4160 bytes'],
      ['payload compression', 'zstd'],
      ['certificates', '64 bytes at 0x1800'],
    ]);
    expect(header?.fields).toHaveLength(SetupHeader.fields.length - 1);
    expect(
      header?.fields.every(({ offset, size, spec }) => offset! >= 0x1f1 && size! > 0 && spec !== undefined),
    ).toBe(true);
  });

  test('points at no bytes that a file has lost with its signature', () => {
    const cut = bzImage().subarray(0, -8);
    const result = loader.load(source(cut));
    const facts = result.ok ? (loader.inspect?.(result.value) ?? []) : [];
    const fact = facts[0]?.fields.find(({ name }) => name === 'certificates');
    expect(fact).toMatchObject({ value: '64 bytes at 0x1800, beyond the end of the file' });
    expect(fact).not.toHaveProperty('offset');
  });

  test('shows no control characters of a file on a terminal', () => {
    const bytes = bzImage();
    bytes.set(Buffer.from('6.12\x1b[2J\0'), 0x600);
    const result = loader.load(source(bytes));
    expect(result.ok && result.value.version).toBe('6.12\\x1b[2J');
  });
});
