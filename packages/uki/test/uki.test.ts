import type { Result } from '@kexec-kit/loader-api';
import { encodeText, writer } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { osName, parseAssignments, readUki, sliceOf, type Uki } from '../src/index.js';
import { peFile } from '../../../tools/pe-file.mjs';

type Sections = Parameters<typeof peFile>[0]['sections'];

const osrel =
  'NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n';
const plain: Sections = [
  ['.text', 'code'],
  ['.osrel', osrel],
  ['.uname', '6.12.0-1-amd64'],
  ['.cmdline', 'root=/dev/sda1\tquiet\n\0'],
  ['.initrd', 'the initrd'],
  ['.ucode', 'the microcode'],
  ['.linux', 'the kernel'],
];

function read(bytes: Uint8Array): Result<Uki> {
  return readUki({ name: 'image.efi', size: bytes.length, head: bytes, read: sliceOf(bytes) });
}

function profilesIn(sections: Sections): Uki['profiles'] {
  const found = read(peFile({ sections }));
  if (!found.ok) throw new Error(found.diagnostics[0].message);
  return found.value.profiles;
}

describe('a unified kernel image', () => {
  it('has a kernel, initrds with the microcode first, a command line and names', () => {
    const bytes = peFile({ sections: plain });
    const found = read(bytes);
    if (!found.ok) throw new Error(found.diagnostics[0].message);
    const [profile, ...others] = found.value.profiles;
    expect(others).toEqual([]);
    const text = (slice: { offset: number; size: number }): string =>
      String.fromCharCode(...bytes.subarray(slice.offset, slice.offset + slice.size));
    expect(text(profile.linux)).toBe('the kernel');
    expect(profile.initrds.map((initrd) => [initrd.name, text(initrd)])).toEqual([
      ['.ucode', 'the microcode'],
      ['.initrd', 'the initrd'],
    ]);
    expect(profile).toMatchObject({
      commandLine: 'root=/dev/sda1 quiet',
      release: '6.12.0-1-amd64',
      os: { name: 'Debian GNU/Linux 13 (trixie)', version: '13', sortKey: 'debian' },
    });
    expect(found.value.machine).toBe(0x8664);
  });

  it('needs nothing but a kernel', () => {
    expect(profilesIn([['.linux', 'kernel']])[0]).toMatchObject({
      commandLine: undefined,
      initrds: [],
      release: '',
      os: { name: '' },
    });
  });

  it('has an initrd only if it is not empty', () => {
    expect(
      profilesIn([
        ['.initrd', ''],
        ['.linux', 'kernel'],
      ])[0].initrds,
    ).toEqual([]);
  });

  it('takes what a profile does not bring from the base profile', () => {
    const profiles = profilesIn([
      ...plain,
      ['.profile', 'ID=regular\nTITLE="Regular boot"\n'],
      ['.profile', 'ID=factory-reset\nTITLE="Factory reset"\n'],
      ['.cmdline', 'systemd.unit=factory-reset.target'],
      ['.profile', ''],
      ['.initrd', 'another initrd'],
    ]);
    expect(profiles.map(({ number, id, title, commandLine }) => [number, id, title, commandLine])).toEqual([
      [0, 'regular', 'Regular boot', 'root=/dev/sda1 quiet'],
      [1, 'factory-reset', 'Factory reset', 'systemd.unit=factory-reset.target'],
      [2, '', '', 'root=/dev/sda1 quiet'],
    ]);
    expect(profiles[2]?.initrds.map(({ size }) => size)).toEqual([13, 14]);
  });
});

describe('an image is refused', () => {
  const code = (bytes: Uint8Array): string | undefined => {
    const found = read(bytes);
    return found.ok ? undefined : found.diagnostics[0].code;
  };
  const whole = peFile({ sections: plain });

  it('that is no PE image', () => {
    expect(code(encodeText('#!/bin/sh'))).toBe('UKI_NOT_PE');
    expect(code(writer(0x200).bytes(0, encodeText('MZ')).u32(0x3c, 0xfffffff0).value)).toBe('UKI_NOT_PE');
  });

  it('that is an EFI program without a kernel', () => {
    expect(read(peFile({ sections: [['.text', 'code']] }))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'UKI_NO_LINUX', found: 'sections .text' }],
    });
  });

  it('wherever it is cut', () => {
    const end = whole.length - 0x200 + 'the kernel'.length;
    for (let length = 0; length < end; length += length < 0x400 ? 1 : 37)
      expect(code(whole.subarray(0, length)), String(length)).toMatch(/^UKI_(NOT_PE|SECTION_OUTSIDE)$/);
    expect(code(whole.subarray(0, end))).toBeUndefined();
  });

  it('that has something else for a text', () => {
    const sections: Sections = [
      ['.linux', 'kernel'],
      ['.cmdline', new Uint8Array((1 << 14) + 1)],
    ];
    expect(code(peFile({ sections }))).toBe('UKI_TEXT_TOO_LONG');
  });
});

it('only texts are read of a file, whatever it says', () => {
  const whole = peFile({ sections: [...plain, ['.profile', 'ID=a'], ['.cmdline', 'quiet']] });
  const edits = fc.array(fc.tuple(fc.nat(0x400), fc.integer({ min: 0, max: 255 })), { maxLength: 12 });
  fc.assert(
    fc.property(edits, (changes) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = value;
      let most = 0;
      const found = readUki({
        name: 'x',
        size: bytes.length,
        head: bytes,
        read: (slice) => {
          expect(slice.offset + slice.size).toBeLessThanOrEqual(bytes.length);
          most = Math.max(most, slice.size);
          return sliceOf(bytes)(slice);
        },
      });
      expect(most).toBeLessThanOrEqual(1 << 14);
      if (found.ok) expect(found.value.profiles.length).toBeLessThanOrEqual(256);
    }),
    { numRuns: 300 },
  );
});

it('thousands of sections in as many profiles are read in time, and as far as anybody lists them', () => {
  const many = Array.from(
    { length: 30_000 },
    (_, i) => [i % 2 === 0 ? '.profile' : '.cmdline', 'x'] as const,
  );
  const began = performance.now();
  expect(profilesIn([['.linux', 'kernel'], ...many])).toHaveLength(256);
  expect(performance.now() - began).toBeLessThan(5000);
});

describe('an os-release text', () => {
  it.each([
    ['A=b', 'b'],
    ['A="b c"', 'b c'],
    ["A='b \\c'", 'b \\c'],
    ['A="b\\"c\\$"', 'b"c$'],
    [' A=b \r', 'b'],
    ['#A=b', undefined],
    ['A=', ''],
    ['A=b\nA=c', 'c'],
  ])('%j says %j', (text, value) => {
    expect(parseAssignments(text).get('A')).toBe(value);
  });

  it.each([
    ['', { name: '', version: '', sortKey: '' }],
    ['ID=x', { name: 'x', version: '', sortKey: 'x' }],
    ['NAME=N\nID=x\nBUILD_ID=rolling', { name: 'N', version: 'rolling', sortKey: 'x' }],
    [
      'IMAGE_ID=i\nNAME=N\nVERSION=v\nVERSION_ID=w\nIMAGE_VERSION=7',
      { name: 'i', version: '7', sortKey: 'i' },
    ],
    ['PRETTY_NAME=\nNAME=N', { name: 'N', version: '', sortKey: '' }],
  ])('%j names %j', (text, name) => {
    expect(osName(text)).toEqual(name);
  });
});
