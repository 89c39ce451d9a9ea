import {
  type FileValue,
  type Machine,
  range,
  type Relocation,
  type Segment,
  type Source,
  unwrap,
} from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { multiboot2Header, multibootElf, multibootHeader } from '../../../tools/multiboot-file.mjs';
import type { HeaderShape, TagShape } from '../../../tools/multiboot-file.mjs';
import {
  type Body,
  type Chunk,
  type InfoBlock,
  type Multiboot2Kernel,
  type MultibootInput,
  type MultibootKernel,
  readElfBody,
  readMultiboot2Header,
  readMultibootHeader,
} from '../src/index.js';

const source = ({ length }: Uint8Array): Source => ({
  ...{ id: 'image', name: 'kernel', size: length, sha256: '00'.repeat(32) },
});

/** An ELF kernel at 2 MiB, read as a loader reads it. */
export function multiboot1(header: HeaderShape = {}, elf = {}): MultibootKernel {
  const file = { name: 'kernel', bytes: multibootElf(multibootHeader(header), elf) };
  return {
    source: source(file.bytes),
    header: unwrap(readMultibootHeader(file)),
    body: unwrap(readElfBody(file, { wide: false })),
  };
}

export function multiboot2(
  tags: readonly TagShape[] = [],
  change: Partial<Multiboot2Kernel> = {},
  elf = {},
): Multiboot2Kernel {
  const file = { name: 'kernel', bytes: multibootElf(multiboot2Header({ tags }), elf) };
  return {
    source: source(file.bytes),
    header: unwrap(readMultiboot2Header(file)),
    body: unwrap(readElfBody(file, { wide: false })),
    profile: 'default',
    sections: undefined,
    ...change,
  };
}

/** An image of those chunks, entered at its first byte. */
export function bodyOf(chunks: readonly (readonly [bigint, bigint])[], change: Partial<Body> = {}): Body {
  const all = chunks.map(([start, end], i): Chunk => ({
    ...{ id: `load.${i}`, content: { offset: 0x100 * i, length: 0x10 * i }, why: 'code' },
    ...range(start, end),
  }));
  return {
    chunks: all,
    span: range(all[0]!.start, all.at(-1)!.end),
    entry: { chunk: all[0]!, offset: 0n },
    ...{ movable: false, align: 0x1000n },
    ...change,
  };
}

export const module = (n: number, size = 0x1001, own = ''): FileValue => ({
  ...{ source: `module.${n}`, name: `m${n}`, size, arguments: own },
});

/** A text screen of 80 by 25. */
export const TEXT_SCREEN = { screenInfo: `${'00'.repeat(7)}50${'00'.repeat(6)}1901${'00'.repeat(48)}` };

const { small, uefi } = standardMachines as Record<string, Machine>;
/** Of which nothing is known, neither memory nor firmware. */
export const BARE: Machine = { ...small!, told: [], usable: [], firmware: {} };
/** With one large stretch of RAM, 1 MiB to 0x7fe0000. */
export const SMALL: Machine = small!;
export const SCREEN: Machine = { ...BARE, firmware: { screen: TEXT_SCREEN } };
/** With the SMBIOS and ACPI tables of EFI of 64 bits; its screen is not known. */
export const UEFI: Machine = uefi!;

export function inputOf(
  change: Partial<MultibootInput> = {},
  options: Partial<MultibootInput['options']> = {},
): MultibootInput {
  return {
    machine: BARE,
    purpose: 'normal',
    policy: { efi: true, video: 'auto', console: {} },
    options: { module: [], ...options },
    ...change,
  };
}

/** What is written into a block when every segment stands at that address. */
export function settled(
  { bytes, relocations }: InfoBlock,
  bases: Readonly<Record<string, bigint>>,
): Uint8Array {
  const block = bytes.slice();
  const view = new DataView(block.buffer);
  for (const each of relocations as readonly Extract<Relocation, { value: unknown }>[]) {
    const value = each.value.terms.reduce(
      (sum, { segment, offset }) => sum + (bases[segment] ?? 0n) + offset,
      each.value.constant,
    );
    if (each.encoding === 'u64') view.setBigUint64(each.offset, value, true);
    else if (each.encoding === 'u32') view.setUint32(each.offset, Number(value), true);
    else throw new Error(`a pointer as ${each.encoding}`);
  }
  return block;
}

/** A segment that holds a block, as the block. */
export function blockOf({ parts, relocations = [] }: Segment): InfoBlock {
  const [part] = parts as readonly { bytes: Uint8Array }[];
  return { bytes: part!.bytes, relocations };
}
