import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Machine } from '@kexec-kit/loader-api';
import { parseMachine, redact, serializeMachine } from '@kexec-kit/machine';

const text = readFileSync(new URL('../fixtures/uefi.json', import.meta.url), 'utf8');
const json = JSON.parse(text) as Record<string, never>;
const read = (name: string): Machine => {
  const result = parseMachine(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));
  if (!result.ok) throw new Error(result.diagnostics[0].message);
  return result.value;
};

describe('parseMachine is strict', () => {
  const wrong = (path: string, change: Record<string, unknown>): [string, string, unknown] => [
    'MACHINE_SNAPSHOT_INVALID',
    path,
    { ...json, ...change },
  ];
  const pages = (start: unknown, end: unknown) => [{ start, end }];
  test.each([
    ['MACHINE_SNAPSHOT_FORMAT', 'format', []],
    ['MACHINE_SNAPSHOT_FORMAT', 'format', { ...json, format: 'other' }],
    ['MACHINE_SNAPSHOT_VERSION', 'version', { ...json, version: 2 }],
    wrong('extra', { extra: 1 }),
    wrong('told', { told: {} }),
    wrong('told[0].start', { told: [{ start: 0, end: '0x1', kind: 'ram' }] }),
    wrong('told[0].start', { told: [{ start: '0x01', end: '0x2', kind: 'ram' }] }),
    wrong('told[0].start', { told: [{ start: '0x10000000000000000', end: '0x2', kind: 'ram' }] }),
    wrong('told[0].kind', { told: [{ start: '0x0', end: '0x1', kind: 'RAM' }] }),
    wrong('told[0].end', { told: [{ start: '0x0', kind: 'ram' }] }),
    wrong('told[0]', { told: [{ start: '0x1', end: '0x1', kind: 'ram' }] }),
    wrong('told[1]', {
      told: [
        { start: '0x1', end: '0x3', kind: 'ram' },
        { start: '0x2', end: '0x4', kind: 'acpi' },
      ],
    }),
    wrong('told', { told: Array.from({ length: 4097 }, () => 0) }),
    wrong('usable[0]', { usable: pages('0x0', '0x2000') }),
    wrong('usable[0]', { usable: pages('0x1000', '0x1800') }),
    wrong('usable[0]', { usable: pages('0x1000', '0xb0000') }),
    wrong('cpus', { cpus: 0 }),
    wrong('cpus', { cpus: 1.5 }),
    wrong('commandLine', { commandLine: null }),
    wrong('architecture', { architecture: 'aarch64' }),
    wrong('firmware.screen.screenInfo', { firmware: { screen: { screenInfo: '00' } } }),
    wrong('firmware.efi.bits', { firmware: { efi: { bits: 16 } } }),
    wrong('firmware.edd.mbrSignatures[0]', { firmware: { edd: { entries: [], mbrSignatures: [2 ** 32] } } }),
  ])('%s at %s', (code, field, content) => {
    const result = parseMachine(JSON.stringify(content));
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code, severity: 'error' }] });
    // An object lacks the fields before the wrong one: its own path is what the message names first.
    if (!field.startsWith('firmware.efi')) expect(result.diagnostics[0].at?.field).toBe(field);
    expect(result.diagnostics[0].hint).toBeTruthy();
  });

  test('no text is no JSON', () => {
    expect(parseMachine('{')).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'MACHINE_SNAPSHOT_NOT_JSON' }],
    });
  });

  test('the whole 64-bit address space can be told of', () => {
    const told = [{ start: 0xffff_ffff_8100_0000n, end: 1n << 64n, kind: 'reserved' as const }];
    const machine = { ...read('small'), told, usable: [] };
    expect(parseMachine(serializeMachine(machine))).toMatchObject({ ok: true, value: machine });
  });
});

describe('redact', () => {
  const redactLine = (commandLine: string) => redact({ ...read('small'), commandLine }).commandLine;

  test('keeps harmless parameters and nothing else', () => {
    const line =
      'BOOT_IMAGE=/vmlinuz root=UUID=1234-5678 ro quiet console=ttyS0,115200n8 crashkernel=256M,high memmap=16M$96M ' +
      'luks.key.0badcafe=/key password="two words" hunter2 -- --token=abc';
    expect(redactLine(line)).toBe(
      'REDACTED REDACTED ro quiet console=ttyS0,115200n8 crashkernel=256M,high memmap=16M$96M ' +
        'REDACTED REDACTED REDACTED REDACTED REDACTED',
    );
  });

  test('takes out a value that a harmless parameter cannot have', () => {
    expect(redactLine('console="/home/me secret" quiet=/etc/shadow mem=1G')).toBe('REDACTED REDACTED mem=1G');
  });

  test('lets no word through that is not on the list', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (secret) => {
        const word = secret.replace(/[\s"]/g, '');
        fc.pre(word !== '' && word !== 'REDACTED');
        expect(redactLine(`password=${word} x${word}`)).toBe('REDACTED REDACTED');
      }),
    );
  });

  test('takes out the signatures of disks, and leaves memory and firmware pointers', () => {
    const small = read('small');
    expect(small.firmware.edd?.mbrSignatures).toEqual([0x6b6b_2026]);
    const redacted = redact(small);
    expect(redacted.firmware.edd).toEqual({ ...small.firmware.edd, mbrSignatures: [] });
    expect({ ...redacted, commandLine: '', firmware: {} }).toEqual({
      ...small,
      commandLine: '',
      firmware: {},
    });
    expect(redact(read('uefi')).firmware).toEqual(read('uefi').firmware);
  });

  test('takes out where KASLR has put the running kernel', () => {
    const { crash, ...rest } = read('crash');
    const redacted = redact({ ...rest, ...(crash && { crash }) });
    expect(redacted.crash).toEqual({ ...crash, kernel: undefined, pageOffset: undefined });
    expect(serializeMachine(redacted)).not.toContain('0xffff');
  });

  test.each(['small', 'crash'])('a redacted machine is a snapshot: %s', (name) => {
    const redacted = redact(read(name));
    expect(parseMachine(serializeMachine(redacted))).toEqual({ ok: true, value: redacted, diagnostics: [] });
  });
});
