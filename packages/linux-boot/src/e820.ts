import { type Region, type RegionKind, sizeOf } from '@kexec-kit/loader-api';
import { writer } from '@kexec-kit/structures';
import { BootParams, E820Entry } from './generated/boot-params.js';

/** `boot_params.e820_table` has room for so many; the rest goes into a SETUP_E820_EXT node (boot.rst, setup_data). */
export const E820_INLINE = 128;
/** In bytes: `struct boot_e820_entry` is packed. */
export const E820_ENTRY_SIZE = 20;

/** ACPI 6.5, 15.1; persistent-legacy and soft-reserved: arch/x86/include/asm/e820/types.h. */
export const E820_TYPE: Readonly<Record<RegionKind, number>> = {
  ram: 1,
  reserved: 2,
  acpi: 3,
  nvs: 4,
  unusable: 5,
  persistent: 7,
  'persistent-legacy': 12,
  'soft-reserved': 0xefffffff,
};

/**
 * A memory map as E820 entries, in its order: nothing is dropped, joined or changed.
 *
 * @example
 * ```ts
 * encodeE820([{ ...range(0n, 0x9fc00n), kind: 'ram' }]).length; // 20
 * ```
 */
export function encodeE820(regions: readonly Region[]): Uint8Array {
  const table = writer(regions.length * E820_ENTRY_SIZE);
  for (const [i, region] of regions.entries()) {
    const entry = writer(E820_ENTRY_SIZE)
      .u64(E820Entry.at.addr, region.start)
      .u64(E820Entry.at.size, sizeOf(region))
      .u32(E820Entry.at.type, E820_TYPE[region.kind]);
    table.bytes(i * E820_ENTRY_SIZE, entry.value);
  }
  return table.value;
}

/** Above this address `ext_mem_k` and `alt_mem_k` count. */
const ONE_MIB = 0x100000n;

/** KiB of RAM from 1 MiB on without a gap: what `ext_mem_k` and `alt_mem_k` say, each at most what it can hold. */
export function extendedMemory(told: readonly Region[]): {
  readonly ext_mem_k: bigint;
  readonly alt_mem_k: bigint;
} {
  const region = told.find(({ kind, start, end }) => kind === 'ram' && start <= ONE_MIB && end > ONE_MIB);
  const kib = region === undefined ? 0n : (region.end - ONE_MIB) >> 10n;
  return { ext_mem_k: kib > 0xfc00n ? 0xfc00n : kib, alt_mem_k: kib > 0xffffffffn ? 0xffffffffn : kib };
}

/** The part of a map that stands in boot_params, and the rest. */
export function splitE820(told: readonly Region[]): {
  readonly inline: readonly Region[];
  readonly rest: readonly Region[];
} {
  return { inline: told.slice(0, E820_INLINE), rest: told.slice(E820_INLINE) };
}

/** Where the inline entries begin in boot_params. */
export const E820_TABLE = BootParams.at.e820_table;
