import { isLinux, type Note } from '@kexec-kit/elf';
import { encodeText } from '@kexec-kit/structures';
import { expect, test } from 'vitest';

const note = (name: string, type: number, text = ''): Note => ({
  name,
  type,
  desc: encodeText(text),
  offset: 0,
});

test.each([
  ['what it says to Xen', [note('Xen', 6, 'linux\0')], true],
  ['its build salt', [note('Linux', 0x100, 'x')], true],
  ['how it was optimised', [note('Linux', 0x101)], true],
  ['the note of a vDSO, which is a version', [note('Linux', 0, '6.12')], false],
  ['another guest', [note('Xen', 6, 'linux-like\0')], false],
  ['the same numbers of another owner', [note('GNU', 0x100), note('GNU', 6, 'linux\0')], false],
  ['nothing', [], false],
])('a kernel is Linux by %s: %#', (_, notes, expected) => {
  expect(isLinux(notes)).toBe(expected);
});
