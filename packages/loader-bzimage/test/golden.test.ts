import { BootParams, readSetupHeader } from '@kexec-kit/linux-boot';
import {
  hex,
  type Machine,
  type Part,
  type Plan,
  type Range,
  type Relocation,
  type Segment,
} from '@kexec-kit/loader-api';
import { decodeText, parse, toHex } from '@kexec-kit/structures';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { loader } from '../src/index.js';
import { bzImage, MEMTEST, type Shape, source } from './bzimage.js';
import { BIOS_1_GIB, RANGES_300, UEFI_8_GIB } from './machines.js';

/**
 * What a boot engineer can review without running anything. Written by `vitest run -u`.
 * Addresses are hexadecimal, files are named, and of what is made here every field that is not zero is shown by name.
 */
test.each([
  ['linux-on-bios-1gib', {}, BIOS_1_GIB],
  ['linux-on-uefi-8gib', {}, UEFI_8_GIB],
  ['linux-on-300-ranges', {}, RANGES_300],
  ['memtest-on-bios-1gib', MEMTEST, BIOS_1_GIB],
  ['memtest-on-uefi-8gib', MEMTEST, UEFI_8_GIB],
] satisfies [string, Shape, Machine][])('%s', async (name, shape, machine) => {
  const image = loader.load(source(bzImage(shape)));
  if (!image.ok) throw new Error(image.diagnostics[0].code);
  const initrd = ['a.cpio', 'b.cpio'].map((file, i) => ({
    source: `initrd.${i}`,
    name: file,
    size: 0x10001,
    arguments: '',
  }));
  const planned = loader.plan(image.value, {
    machine,
    purpose: 'normal',
    policy: { efi: true, video: 'auto', console: 'none' },
    options: { commandLine: 'console=ttyS0', reuseCommandLine: true, initrd },
  });
  if (!planned.ok) throw new Error(planned.diagnostics[0].code);
  const shown = { diagnostics: planned.diagnostics, ...reviewable(planned.value) };
  const text = await format(JSON.stringify(shown), { parser: 'json', printWidth: 110 });
  await expect(text).toMatchFileSnapshot(`golden/${name}.json`);
});

function reviewable(plan: Plan): object {
  return plainly({
    ...plan,
    segments: plan.segments.map((segment) => ({ ...segment, ...content(segment) })),
  }) as object;
}

function content(segment: Segment): object {
  if (!Array.isArray(segment.parts)) return {};
  return {
    parts: (segment.parts as Part[]).map((part) =>
      'bytes' in part ? { bytes: shown(segment.id, part.bytes) } : part,
    ),
    relocations: (segment.relocations ?? []).map(target),
  };
}

function shown(id: string, bytes: Uint8Array): unknown {
  if (id === 'command-line') return decodeText(bytes);
  if (id !== 'boot-params') return toHex(bytes).match(/.{1,80}/g);
  const params = parse(BootParams, bytes);
  const e820_table = params.e820_table
    .slice(0, params.e820_entries)
    .map(({ addr, size, type }) => `${hex(addr)}-${hex(addr + size)} type ${type}`);
  return { ...params, hdr: { ...readSetupHeader(bytes), before: undefined }, e820_table };
}

function target(relocation: Relocation): string {
  if (!('value' in relocation)) return `${relocation.checksum} at ${hex(relocation.offset)}`;
  const { terms, part } = relocation.value;
  const segment = terms.map(({ segment: id }) => id).join(' + ');
  return `${relocation.encoding} at ${hex(relocation.offset)} = ${segment}${part === undefined ? '' : `, ${part}`}`;
}

/** JSON's own types: hexadecimal for numbers, ranges as one string, nothing that is zero. */
function plainly(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'bigint') return hex(value);
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value !== 'object' || value === null) return value;
  if (isRange(value)) return `${hex(value.start)}-${hex(value.end)}`;
  const entries = Object.entries(value).filter(([, member]) => !isNothing(member));
  return Object.fromEntries(entries.map(([key, member]) => [key, plainly(member)]));
}

function isRange(value: object): value is Range {
  return Object.keys(value).join() === 'start,end';
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === 0 || value === 0n) return true;
  if (value instanceof Uint8Array || Array.isArray(value))
    return Array.from(value as ArrayLike<unknown>).every(isNothing);
  return typeof value === 'object' && value !== null && Object.values(value).every(isNothing);
}
