import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOptions, fileRequests, nearest, parseAddress } from '@kexec-kit/core';
import type { GivenOptions } from '@kexec-kit/core';
import { flat, sourceOf } from './loaders.js';

const decode = (values: GivenOptions, files = new Map<string, ReturnType<typeof sourceOf>>()) =>
  decodeOptions(flat.options, values, { loader: 'flat', files });

describe('decodeOptions', () => {
  it('gives every option a value: false, undefined or an empty list', () => {
    expect(decode({})).toMatchObject({
      ok: true,
      value: { quiet: false, append: undefined, initrd: [], floor: undefined },
    });
  });

  it('takes values by key, name and alias', () => {
    for (const name of ['append', 'command-line'])
      expect(decode({ [name]: 'x' })).toMatchObject({ value: { append: 'x' } });
  });

  it('refuses an option given by two of its names', () => {
    expect(decode({ append: 'x', 'command-line': 'y' }).diagnostics[0]).toMatchObject({
      code: 'OPTION_REPEATED',
    });
  });

  it('refuses an unknown option and names near ones', () => {
    expect(decode({ initd: 'x' }).diagnostics[0]).toMatchObject({
      code: 'OPTION_UNKNOWN',
      message: 'loader flat has no option --initd',
      hint: 'did you mean --initrd?',
    });
    expect(decode({ constructor: 'x' }).diagnostics[0]).toMatchObject({ code: 'OPTION_UNKNOWN' });
  });

  it('reports every problem at once', () => {
    expect(
      decode({ floor: 'here', style: 'ugly', quiet: 'yes' }).diagnostics.map(({ code }) => code),
    ).toEqual(['OPTION_VALUE', 'OPTION_VALUE', 'OPTION_VALUE']);
  });

  it('says what a choice and an address may be', () => {
    expect(decode({ style: 'ugly' }).diagnostics[0]).toMatchObject({
      found: '"ugly"',
      expected: 'plain or fancy',
    });
    expect(decode({ floor: '-1' }).diagnostics.at(0)?.expected).toContain('below 2^64');
    expect(decode({ floor: 1n << 64n }).ok).toBe(false);
  });

  it('turns text that names a file into the source that the host read for it, in order', () => {
    const values = { initrd: ['/a', '/b'], module: '/m one two' };
    expect(fileRequests(flat.options, values)).toEqual([
      { id: 'initrd.0', option: 'initrd', path: '/a', arguments: '' },
      { id: 'initrd.1', option: 'initrd', path: '/b', arguments: '' },
      { id: 'module', option: 'module', path: '/m', arguments: 'one two' },
    ]);
    const files = new Map(['initrd.0', 'initrd.1', 'module'].map((id) => [id, sourceOf(id, id)]));
    expect(decode(values, files)).toMatchObject({
      value: {
        initrd: [{ source: 'initrd.0', size: 8 }, { source: 'initrd.1' }],
        module: { source: 'module', name: 'module.bin', arguments: 'one two' },
      },
    });
  });

  it('takes a source as the value of a file option', () => {
    expect(decode({ initrd: [sourceOf('abc', 'mine')] })).toMatchObject({
      value: { initrd: [{ source: 'mine', name: 'mine.bin', size: 3, arguments: '' }] },
    });
  });

  it('refuses a file that nobody read', () => {
    expect(decode({ initrd: ['/a'] }).diagnostics[0]).toMatchObject({
      code: 'OPTION_FILE_UNREAD',
      found: '/a',
    });
  });
});

describe('parseAddress', () => {
  it.each([
    ['0', 0n],
    ['0x1000', 0x1000n],
    ['0XFFFFFFFF81000123', 0xffffffff81000123n],
    ['64k', 0x10000n],
    ['512M', 0x20000000n],
    ['0x4G', 0x100000000n],
    ['18446744073709551615', (1n << 64n) - 1n],
  ])('reads %s exactly', (text, value) => {
    expect(parseAddress(text)).toBe(value);
  });

  it.each([
    '',
    '0x',
    '-1',
    '1.5',
    '010',
    '1e3',
    ' 1',
    '1 M',
    '18446744073709551616',
    '0x10000000000000000',
    '17179869184G',
    '1P',
    'constructor',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('reads back what hex and decimal write, for every 64-bit value', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (value) => {
        expect(parseAddress(value.toString())).toBe(value);
        expect(parseAddress(`0x${value.toString(16)}`)).toBe(value);
      }),
    );
  });
});

describe('nearest', () => {
  it('finds a slip of the finger and a beginning, and nothing far', () => {
    const names = ['initrd', 'command-line', 'append'];
    expect(nearest('inittd', names)).toEqual(['initrd']);
    expect(nearest('comm', names)).toEqual(['command-line']);
    expect(nearest('xyz', names)).toEqual([]);
  });
});
