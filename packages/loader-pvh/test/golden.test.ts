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
import { ascii, parse, toHex } from '@kexec-kit/structures';
import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import { HvmMemmapTableEntry, HvmModlistEntry, HvmStartInfo } from '../src/index.js';
import { file, GRUB, NOTHING, plan, VMLINUX_6_1, VMLINUX_6_12, VMLINUX_686 } from './kernels.js';

const KERNELS = {
  'vmlinux-6.12': VMLINUX_6_12,
  'vmlinux-6.1': VMLINUX_6_1,
  'vmlinux-686': VMLINUX_686,
  grub: GRUB,
};

/**
 * What a boot engineer can review without running anything. Written by `vitest run -u`.
 * Addresses are hexadecimal, files are named, and of what is made here every field that is not zero is shown by name.
 * What cannot be planned is there too, with the reason.
 */
describe.each(Object.entries<Machine>(standardMachines))('on the machine %s', (place, machine) => {
  test.each(Object.entries(KERNELS))('%s', async (name, shape) => {
    const files =
      name === 'grub'
        ? { module: [file('module.0', 0x123, '(memdisk)/grub.cfg')] }
        : { initrd: [file('initrd.0', 0x10001), file('initrd.1', 0x10001)] };
    const options = { ...NOTHING, commandLine: 'quiet', reuseCommandLine: true, ...files };
    const planned = plan(shape, { machine, options });
    const shown = { diagnostics: planned.diagnostics, ...(planned.ok ? reviewable(planned.value) : {}) };
    const text = await format(JSON.stringify(shown), { parser: 'json', printWidth: 110 });
    await expect(text).toMatchFileSnapshot(`golden/${name}-on-${place}.json`);
  });
});

function reviewable(of: Plan): object {
  return plainly({
    ...of,
    segments: of.segments.map((segment) => ({ ...segment, ...content(segment) })),
  }) as object;
}

function content({ id, parts, relocations = [] }: Segment): object {
  if ('deferred' in parts) return {};
  return {
    parts: parts.map((part: Part) => ('bytes' in part ? { bytes: shown(id, part.bytes) } : part)),
    relocations: relocations.map(target),
  };
}

function shown(id: string, bytes: Uint8Array): unknown {
  if (id === 'start-info') return parse(HvmStartInfo, bytes);
  if (id === 'module-list') return pieces(bytes, 32).map((entry) => parse(HvmModlistEntry, entry));
  if (id !== 'memory-map') return ascii(bytes);
  return pieces(bytes, 24)
    .map((entry) => parse(HvmMemmapTableEntry, entry))
    .map(({ addr, size, type }) => `${hex(addr)}-${hex(addr + size)} type ${type}`);
}

function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function target(relocation: Relocation): string {
  if (!('value' in relocation)) return `${relocation.checksum} at ${hex(relocation.offset)}`;
  const segment = relocation.value.terms.map(({ segment: id }) => id).join(' + ');
  return `${relocation.encoding} at ${hex(relocation.offset)} = ${segment}`;
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
