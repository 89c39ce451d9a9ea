import { BootParams, readSetupHeader } from '@kexec-kit/linux-boot';
import {
  hex,
  type Machine,
  type Part,
  type Plan,
  type Range,
  type Relocation,
  type Segment,
  unwrap,
} from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { ascii, parse, toHex } from '@kexec-kit/structures';
import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import { loader } from '../src/index.js';
import { KERNEL32, KERNEL64, MOVABLE64, source, VMLINUX, VMLINUX32 } from './kernels.js';

const KERNELS = {
  vmlinux: VMLINUX,
  'vmlinux-32': VMLINUX32,
  'notes-64': KERNEL64,
  'notes-32': KERNEL32,
  'notes-64-movable': MOVABLE64,
};

/**
 * What a boot engineer can review without running anything. Written by `vitest run -u`.
 * Addresses are hexadecimal, files are named, and of what is made here every field that is not zero is shown by name.
 */
describe.each(Object.entries<Machine>(standardMachines))('on the machine %s', (place, machine) => {
  test.each(Object.entries(KERNELS))('%s', async (name, shape) => {
    const isLinux = name.startsWith('vmlinux');
    const initrd = [{ source: 'initrd.0', name: 'a.cpio', size: 0x10001, arguments: '' }];
    const planned = loader.plan(unwrap(loader.load(source(shape))), {
      machine,
      purpose: 'normal',
      policy: { efi: true, video: 'auto', console: {} },
      options: {
        args: undefined,
        commandLine: 'quiet',
        reuseCommandLine: true,
        initrd: isLinux ? initrd : [],
      },
    });
    const shown = { diagnostics: planned.diagnostics, ...reviewable(unwrap(planned)) };
    const text = await format(JSON.stringify(shown), { parser: 'json', printWidth: 110 });
    await expect(text).toMatchFileSnapshot(`golden/${name}-on-${place}.json`);
  });
});

test.each(['crash', 'crashBelow4g'] as const)('vmlinux after a crash of the machine %s', async (place) => {
  const planned = loader.plan(unwrap(loader.load(source(VMLINUX))), {
    machine: standardMachines[place],
    purpose: 'crash',
    policy: { efi: true, video: 'auto', console: {} },
    options: { args: undefined, commandLine: 'quiet', reuseCommandLine: true, initrd: [] },
  });
  const shown = { diagnostics: planned.diagnostics, ...reviewable(unwrap(planned)) };
  const text = await format(JSON.stringify(shown), { parser: 'json', printWidth: 110 });
  await expect(text).toMatchFileSnapshot(`golden/vmlinux-on-${place}-after-crash.json`);
});

function reviewable(plan: Plan): object {
  return plainly({
    ...plan,
    segments: plan.segments.map((segment) => ({ ...segment, ...content(segment) })),
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
  if (id === 'command-line' || id === 'elf-boot-notes') return ascii(bytes);
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
