import { type Machine, type Plan, unwrap } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { infoTags, profiles, readInfoTags, recogniseProfile } from '@kexec-kit/multiboot-info';
import { encodeText } from '@kexec-kit/structures';
import { describe, expect, test } from 'vitest';
import { multiboot2Header, multibootElf } from '../../../tools/multiboot-file.mjs';
import type { TagShape } from '../../../tools/multiboot-file.mjs';
import { loader } from '../src/index.js';
import { modules, moves, source, WISHES } from './kernels.js';

/** Of which everything is known that there is, with firmware of that word size. */
const machine = (bits: 32 | 64): Machine => {
  const { firmware, ...rest } = standardMachines.uefi;
  const screenInfo = `${'00'.repeat(7)}50${'00'.repeat(6)}1901${'00'.repeat(48)}`;
  return { ...rest, firmware: { ...firmware, screen: { screenInfo }, efi: { ...firmware.efi!, bits } } };
};

/** With section headers, so that there are symbols to be told. */
const image = (...tags: TagShape[]) => multibootElf(multiboot2Header({ tags }), { tail: 40 });

function given(
  bytes: Uint8Array,
  profile: 'default' | 'xen' | 'tboot' | undefined,
  bits: 32 | 64,
  efi = true,
): number[] {
  const planned = loader.plan(unwrap(loader.load(source(bytes))), {
    machine: machine(bits),
    purpose: 'normal',
    policy: { efi, video: 'auto', console: {} },
    options: { commandLine: 'a', reuseCommandLine: false, module: modules(1), profile },
  });
  return typesIn(unwrap(planned));
}

function typesIn({ segments }: Plan): number[] {
  const info = segments.find(({ id }) => id === 'multiboot2-info');
  const [part] = info!.parts as readonly { bytes: Uint8Array }[];
  return readInfoTags(part!.bytes).map(({ type }) => type);
}

/** The names of these tests stand in the table of the documentation: packages/multiboot-info/build.mjs makes them alike. */
describe.each(profiles)('the profile $name', ({ name }) => {
  const rows = infoTags.map((row) => ({ ...row, when: row.give[name] }));

  test.each(rows)('tag $type ($name): $when', ({ type, when }) => {
    const bits = type === 11 ? 32 : 64;
    const asking = given(image(WISHES, moves(0)), name, bits);
    const silent = given(image(moves(0)), name, bits);
    expect(asking.includes(type), 'to a kernel that asks').toBe(when !== 'never');
    expect(silent.includes(type), 'to a kernel that does not').toBe(when === 'always' || when === 'known');
  });
});

test('a kernel gets every tag once, in the order of their numbers', () => {
  expect(given(image(WISHES, moves(0)), 'default', 64)).toEqual([1, 2, 3, 4, 6, 8, 9, 12, 21]);
});

test('a screen is asked for by header tags, too', () => {
  expect(given(image({ type: 5, data: [0, 0, 0] }), 'xen', 64)).toContain(8);
  expect(given(image({ type: 4, data: [2] }), 'xen', 64)).toContain(8);
});

test('a machine whose EFI is not to be handed on has none', () => {
  expect(given(image(WISHES), 'tboot', 64, false)).not.toContain(12);
});

describe('an image says by itself what it is', () => {
  const withText = (text: string) => {
    const bytes = image(WISHES);
    bytes.set(encodeText(text), 0x300);
    return bytes;
  };

  test.each([
    ['xen', 'Xen version %d.%d%s'],
    ['tboot', 'TBOOT: '],
    ['default', 'Xen version 4'],
  ])('%s, by "%s"', (name, text) => {
    expect(recogniseProfile(withText(text))).toBe(name);
  });

  test('and is given what its kind wants, unless somebody says otherwise', () => {
    expect(given(withText('Xen version %d.%d'), undefined, 64)).not.toContain(12);
    expect(given(withText('Xen version %d.%d'), 'default', 64)).toContain(12);
    expect(given(withText('TBOOT: '), undefined, 64)).toContain(12);
  });
});
