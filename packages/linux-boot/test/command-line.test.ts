import fc from 'fast-check';
import { expect, test } from 'vitest';
import { composeCommandLine, encodeCommandLine, withoutParameters } from '../src/index.js';

const running = 'BOOT_IMAGE=/boot/vmlinuz-6.1 root=/dev/vda1 crashkernel=256M,high ro crashkernel=72M,low';

test.each([
  ['nothing asked for', { text: undefined, reuse: false }, 'normal', ''],
  ['text alone', { text: 'quiet', reuse: false }, 'normal', 'quiet'],
  [
    'reused',
    { text: undefined, reuse: true },
    'normal',
    'root=/dev/vda1 crashkernel=256M,high ro crashkernel=72M,low',
  ],
  [
    'reused, then text',
    { text: 'quiet', reuse: true },
    'normal',
    'root=/dev/vda1 crashkernel=256M,high ro crashkernel=72M,low quiet',
  ],
  ['reused by a crash kernel', { text: '1', reuse: true }, 'crash', 'root=/dev/vda1 ro 1'],
  [
    'of a kernel that captured a dump',
    { text: undefined, reuse: true },
    'normal',
    'ro',
    'elfcorehdr=0x1000 ro',
  ],
] as const)('%s', (_, { text, reuse }, purpose, expected, own: string = running) => {
  expect(composeCommandLine({ text, reuse, running: own, purpose })).toBe(expected);
});

test('only whole words are taken out, and a quoted value is one word', () => {
  expect(withoutParameters('xcrashkernel=1 a="b crashkernel=2" crashkernel=3\n', ['crashkernel'])).toBe(
    'xcrashkernel=1 a="b crashkernel=2"',
  );
});

test.each([
  ['quiet', 'ro quiet quieter=1', 'ro quieter=1'],
  ['panic_on_oops', 'panic-on-oops=1 panic_on_oops panic_on_oops_x', 'panic_on_oops_x'],
  ['dyndbg', 'ro "dyndbg=file a.c +p" dyndbg="b c" x', 'ro x'],
  ['console', 'console=tty0 earlycon console=ttyS0,115200n8', 'earlycon'],
  ['root', 'root', ''],
  ['quiet', 'ro x="a quiet', 'ro x="a quiet'],
  ['quiet', 'ro "quiet', 'ro'],
])('%s is taken out with and without a value, however it is spelled and quoted', (name, line, rest) => {
  expect(withoutParameters(line, [name])).toBe(rest);
});

test('taking nothing out keeps every word', () => {
  const word = fc.string({ minLength: 1 }).filter((text) => !/["\s]/.test(text));
  fc.assert(
    fc.property(fc.array(word), (words) => {
      expect(withoutParameters(words.join('  '), [])).toBe(words.join(' '));
    }),
  );
});

test('the limit counts bytes without the NUL: reached is right, passed is an error that says both', () => {
  const longest = encodeCommandLine('é'.repeat(5), 10);
  expect(longest).toMatchObject({ ok: true });
  expect(longest.ok && longest.value.length).toBe(11);
  expect(encodeCommandLine(`${'é'.repeat(5)}x`, 10)).toMatchObject({
    ok: false,
    diagnostics: [{ code: 'LINUX_COMMAND_LINE_TOO_LONG', found: '11 bytes', expected: 'at most 10 bytes' }],
  });
});

test('a NUL inside is refused: the kernel would stop there', () => {
  expect(encodeCommandLine('a\0b', 10)).toMatchObject({
    ok: false,
    diagnostics: [{ code: 'LINUX_COMMAND_LINE_NUL' }],
  });
});
