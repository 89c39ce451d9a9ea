import { parseElf, segmentTypeName } from '@kexec-kit/elf';
import { BootParams, HEADER_START, readSetupHeader } from '@kexec-kit/linux-boot';
import {
  hex,
  type Machine,
  type Part,
  type Plan,
  type Range,
  type Relocation,
  type Segment,
} from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { decodeText, parse, toHex, writer } from '@kexec-kit/structures';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { loader } from '../src/index.js';
import { bzImage, I386, MEMTEST, type Shape, source } from './bzimage.js';
import { NOTHING, POLICY } from './inputs.js';
import { BIOS_1_GIB, RANGES_300, UEFI_8_GIB } from './machines.js';

const UEFI_32: Machine = {
  ...standardMachines.uefi,
  firmware: { ...standardMachines.uefi.firmware, efi: { ...standardMachines.uefi.firmware.efi!, bits: 32 } },
};

/** The recorded machines, and those with little memory as if an i386 kernel ran on them. */
const MACHINES: Readonly<Record<string, Machine>> = {
  ...standardMachines,
  'i386-small': { ...standardMachines.small, architecture: 'i386' },
  'i386-holes': { ...standardMachines.holes, architecture: 'i386' },
  'i386-above4g': { ...standardMachines.above4g, architecture: 'i386' },
  'i386-uefi': { ...UEFI_32, architecture: 'i386' },
  'i386-manyRanges': { ...standardMachines.manyRanges, architecture: 'i386' },
  ...{ 'bios-1gib': BIOS_1_GIB, 'uefi-8gib': UEFI_8_GIB, '300-ranges': RANGES_300 },
};

/** By the image and, where it is not left to the loader, the entry. */
const IMAGES: Readonly<Record<string, readonly [Shape, ('64' | '32' | '16')?]>> = {
  linux: [{}],
  'linux-entry-32': [{}, '32'],
  'linux-entry-16': [{}, '16'],
  memtest: [MEMTEST],
  'linux-i386': [I386],
};

const CASES = Object.keys(IMAGES).flatMap((image) =>
  Object.keys(MACHINES)
    // memtest86+ asks for so little that there is nothing more to see elsewhere.
    .filter((machine) => image !== 'memtest' || ['bios-1gib', 'uefi-8gib', 'i386-small'].includes(machine))
    .map((machine) => [image, machine, 'normal'] as const),
);

const CRASH_CASES = ['linux', 'linux-entry-32', 'linux-entry-16', 'linux-i386', 'memtest'].flatMap((image) =>
  ['crash', 'crashBelow4g', 'small'].map((machine) => [image, machine, 'crash'] as const),
);

/**
 * What a boot engineer can review without running anything. Written by `vitest run -u`.
 * Addresses are hexadecimal, files are named, and of what is made here every field that is not zero is shown by name.
 * What cannot be planned is there too, with the reason.
 */
test.each([...CASES, ...CRASH_CASES])('%s-on-%s, purpose %s', async (name, machine, purpose) => {
  const [shape, entry] = IMAGES[name]!;
  const image = loader.load(source(bzImage(shape)));
  if (!image.ok) throw new Error(image.diagnostics[0].code);
  const initrd = ['a.cpio', 'b.cpio'].map((file, i) => ({
    source: `initrd.${i}`,
    name: file,
    size: 0x10001,
    arguments: '',
  }));
  const planned = loader.plan(image.value, {
    machine: MACHINES[machine]!,
    purpose,
    policy: POLICY,
    options: { ...NOTHING, entry, commandLine: 'console=ttyS0', reuseCommandLine: true, initrd },
  });
  const shown = { diagnostics: planned.diagnostics, ...(planned.ok ? reviewable(planned.value) : {}) };
  const text = await format(JSON.stringify(shown), { parser: 'json', printWidth: 110 });
  await expect(text).toMatchFileSnapshot(
    `golden/${name}-on-${machine}${purpose === 'crash' ? '-after-crash' : ''}.json`,
  );
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
  if (id === 'setup-code') return isHeader(bytes) ? header(bytes) : decodeText(bytes);
  if (id === 'elfcorehdr') return programHeaders(bytes);
  if (id !== 'boot-params') return toHex(bytes).match(/.{1,80}/g);
  const params = parse(BootParams, bytes);
  const e820_table = params.e820_table
    .slice(0, params.e820_entries)
    .map(({ addr, size, type }) => `${hex(addr)}-${hex(addr + size)} type ${type}`);
  return { ...params, hdr: { ...readSetupHeader(bytes), before: undefined }, e820_table };
}

function programHeaders(bytes: Uint8Array): unknown {
  const elf = parseElf({ name: 'elfcorehdr', bytes });
  if (!elf.ok) throw new Error(elf.diagnostics[0].message);
  return elf.value.programHeaders.map(
    ({ p_type, p_paddr, p_memsz, p_vaddr }) =>
      `${segmentTypeName(p_type)} ${hex(p_paddr)}-${hex(p_paddr + p_memsz)} at ${hex(p_vaddr)}`,
  );
}

/** "HdrS", counted from where the header begins. */
function isHeader(bytes: Uint8Array): boolean {
  return decodeText(bytes.subarray(0x202 - HEADER_START, 0x206 - HEADER_START)) === 'HdrS';
}

function header(bytes: Uint8Array): object {
  const page = writer(HEADER_START + bytes.length).bytes(HEADER_START, bytes).value;
  return { ...readSetupHeader(page), before: undefined };
}

function target(relocation: Relocation): string {
  if (!('value' in relocation)) return `${relocation.checksum} at ${hex(relocation.offset)}`;
  const { terms, part, constant } = relocation.value;
  const segment = terms
    .map(({ segment: id, offset, at, sign }) => {
      const place = `${id}${at === 'end' ? "'s end" : ''}`;
      return `${sign === 1 ? '' : '- '}${offset === 0n ? place : `${place} + ${hex(offset)}`}`;
    })
    .join(' + ');
  const sum = constant === 0n ? segment : `${hex(constant)} + ${segment}`;
  return `${relocation.encoding} at ${hex(relocation.offset)} = ${sum}${part === undefined ? '' : `, ${part}`}`;
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
