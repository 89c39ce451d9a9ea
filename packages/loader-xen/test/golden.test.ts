import {
  hex,
  type Machine,
  type Plan,
  type Range,
  type Relocation,
  type Segment,
} from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { MultibootInfo, readInfoTags } from '@kexec-kit/multiboot-info';
import { parse, toHex } from '@kexec-kit/structures';
import { format } from 'prettier';
import { describe, expect, test } from 'vitest';
import { dom0, dom0Initrd, plan } from './images.js';

/**
 * What a boot engineer can review without running anything. Written by `vitest run -u`.
 * Addresses are hexadecimal, files are named, of the information block every field or tag is shown.
 * What cannot be planned is there too, with the reason.
 */
describe.each(Object.entries<Machine>(standardMachines))('on the machine %s', (place, machine) => {
  test.each(['1', '2'] as const)('by Multiboot %s', async (protocol) => {
    const options = {
      commandLine: 'dom0_mem=512M',
      dom0Arguments: 'console=hvc0',
      dom0Initrd,
      dom0,
      protocol,
    };
    const planned = plan({ machine, options });
    const shown = { diagnostics: planned.diagnostics, ...(planned.ok ? reviewable(planned.value) : {}) };
    const text = await format(JSON.stringify(shown), { parser: 'json', printWidth: 110 });
    await expect(text).toMatchFileSnapshot(`golden/multiboot${protocol}-on-${place}.json`);
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
    parts: parts.map((part) => ('bytes' in part ? shown(id, part.bytes) : part)),
    relocations: relocations.map(target),
  };
}

function shown(id: string, bytes: Uint8Array): unknown {
  if (id !== 'multiboot2-info') return { ...parse(MultibootInfo, bytes), rest: toHex(bytes.subarray(120)) };
  return readInfoTags(bytes).map((tag) => `type ${tag.type}: ${printable(tag.bytes.subarray(8))}`);
}

/** Text as text, all else in hexadecimal. */
function printable(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, -1));
  return /^[ -~]+$/.test(text) && bytes.at(-1) === 0 ? text : toHex(bytes);
}

function target(relocation: Relocation): string {
  if (!('value' in relocation)) return `${relocation.checksum} at ${hex(relocation.offset)}`;
  const terms = relocation.value.terms.map(({ segment, offset }) => `${segment} + ${hex(offset)}`);
  return `${relocation.encoding} at ${hex(relocation.offset)} = ${terms.join(' + ')}`;
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
