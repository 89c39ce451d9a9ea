import {
  type Address,
  constant,
  type Diagnostic,
  hex,
  type Machine,
  type Poke,
  range,
  type Range,
} from '@kexec-kit/loader-api';
import { alignDown, min, subtract } from '@kexec-kit/memory';
import { basicMemory } from '@kexec-kit/multiboot-info';
import { noBios, noTrampoline } from './codes.js';

/** Whether a BIOS left its data below 1 MiB, and what says so. */
export interface Bios {
  readonly present: boolean;
  readonly because: string;
}

export const ONE_MIB: Address = 0x100000n;
/** Where a BIOS itself lies, and shows in the memory map. */
const ROM = range(0xf0000n, ONE_MIB);

/**
 * What the machine's description tells of a BIOS. Only a BIOS, or a firmware that stands in for one, puts the RSDP below 1 MiB,
 * tells of disks by EDD, or keeps the memory at 0xf0000; EFI rules it out, with or without those.
 *
 * @param said - What the user says, which counts more.
 */
export function biosOf({ firmware, told }: Machine, said: 'present' | 'absent' | undefined): Bios {
  const { efi, acpiRsdp, edd } = firmware;
  if (said !== undefined) return { present: said === 'present', because: `--bios ${said} says so` };
  if (efi !== undefined) return { present: false, because: 'it has EFI' };
  if (acpiRsdp !== undefined && acpiRsdp < ONE_MIB)
    return { present: true, because: `its RSDP is at ${hex(acpiRsdp)}` };
  if (edd !== undefined) return { present: true, because: 'its BIOS told of its disks (EDD)' };
  const kept = told.some(({ kind, start, end }) => kind !== 'ram' && start <= ROM.start && end >= ROM.end);
  if (kept) return { present: true, because: `its firmware keeps ${hex(ROM.start)}-${hex(ROM.end)}` };
  return {
    present: false,
    because: `it has no RSDP below 1 MiB, no EDD, and nothing kept at ${hex(ROM.start)}-${hex(ROM.end)}`,
  };
}

/** BIOS data area: the segment of the extended BIOS data area, and the KiB of memory below it. */
const WORDS = [
  { at: 0x40en, value: 0x9fc0n, words: '0x9fc0' },
  { at: 0x413n, value: 639n, words: '639 KiB' },
] as const;
const EBDA: Address = 0x9fc00n;

/** What purgatory writes just before Xen starts where no BIOS has: the rest of the page stays as it is. */
export const biosPokes: readonly Poke[] = WORDS.map(({ at, value }) => ({
  at,
  value: constant(value),
  width: 2,
}));

/** Xen's option not to call the BIOS. */
export const NO_REAL_MODE = 'no-real-mode';

/** head.S: trampoline and the stack for it. */
const TRAMPOLINE_SIZE = 0x10000n;
/** In KiB: less than that in mem_lower is not believed. */
const LEAST_LOWER = 0x100n;

/**
 * Where Xen's trampoline goes after {@link biosPokes}: below what they say, and below mem_lower if that is less.
 * With a BIOS it is the words of that which count, and they are not known.
 */
export function trampolineOf(told: Machine['told']): Range {
  const { mem_lower } = basicMemory(told);
  const end = mem_lower < LEAST_LOWER ? EBDA : min(EBDA, mem_lower << 10n);
  const start = alignDown(end - TRAMPOLINE_SIZE, 0x1000n);
  return range(start, start + TRAMPOLINE_SIZE);
}

/** Why Xen cannot have a trampoline on a machine without a BIOS. */
export function checkTrampoline(told: Machine['told']): Diagnostic | undefined {
  const trampoline = trampolineOf(told);
  const ram = told.filter(({ kind }) => kind === 'ram');
  const [taken] = subtract([trampoline], ram);
  return taken && noTrampoline(trampoline, taken);
}

/** What was done for want of a BIOS. */
export function saidOf({ because }: Bios): Diagnostic {
  return noBios(
    because,
    WORDS.map(({ at, words }) => `word ${hex(at)} becomes ${words}`),
  );
}
