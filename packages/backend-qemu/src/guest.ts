import {
  hex,
  ok,
  range,
  type Address,
  type Machine,
  type Range,
  type Region,
  type Result,
  type Target,
} from '@kexec-kit/loader-api';
import { usableFrom } from '@kexec-kit/memory';
import { badGuest } from './codes.js';
import type { PagingLevels } from './page-tables.js';

/** The machines of QEMU that can be booted. */
export const guestModels = ['q35', 'microvm'] as const;
export type GuestModel = (typeof guestModels)[number];

/** A machine that QEMU emulates: enough to know its memory map without starting it. */
export interface Guest {
  /** In bytes: whole MiB, from 2 MiB to 512 GiB. */
  readonly memory: bigint;
  readonly model: GuestModel;
  /** How deep the page tables are at hand-over. Default 4. */
  readonly paging?: PagingLevels;
}

/** A stretch of guest RAM, and where it stands in the file that is the guest's memory. */
export interface RamBlock extends Range {
  /** In bytes. */
  readonly offset: bigint;
}

const MIB = 1n << 20n;
const GIB = 1n << 30n;
const FOUR_GIB = 4n * GIB;
const LEAST = 2n * MIB;
const MOST = 512n * GIB;

/** Where a BIOS keeps its extended data area; there is none here, but its last KiB is not anybody's either. */
const LOW_END = 0x9fc00n;
const VIDEO = 0xa0000n;

/** How QEMU hands over to a submission: like x86_64 Linux, with the RAM of its `-cpu max` (40 bits) as the limit. */
export const qemuTarget: Target = {
  name: 'qemu-x86_64',
  handoff: 'long64',
  maxSegments: 16, // KEXEC_SEGMENT_MAX
  addressEnd: 1n << 40n,
  maps: 'ram',
  callerAbi: 'x86_64',
};

/**
 * What the guest told of itself would be, had it firmware: the snapshot that a plan for this guest is made on.
 * There is no firmware, hence no ACPI, and one CPU.
 *
 * @throws RangeError when {@link checkGuest} refuses the guest: ask it first about what a user typed.
 * @example
 * ```ts
 * guestMachine({ memory: 256n << 20n, model: 'microvm' }).usable.at(-1); // { start: 0x100000n, end: 0x10000000n }
 * ```
 */
export function guestMachine(guest: Guest): Machine {
  const checked = checkGuest(guest);
  if (!checked.ok) throw new RangeError(checked.diagnostics[0].message);
  const told: readonly Region[] = [
    { ...range(0n, LOW_END), kind: 'ram' },
    { ...range(LOW_END, VIDEO), kind: 'reserved' },
    ...ramBlocks(guest).map(({ start, end }) => ({
      ...range(start === 0n ? MIB : start, end),
      kind: 'ram' as const,
    })),
  ];
  const systemRam = told.filter(({ kind }) => kind === 'ram');
  return {
    architecture: 'x86_64',
    told,
    usable: usableFrom({ told, systemRam }),
    crashKernel: [],
    commandLine: '',
    cpus: 1,
    firmware: {},
  };
}

/** Whether QEMU can be such a machine. */
export function checkGuest(guest: Guest): Result<Guest> {
  const { memory, model } = guest;
  if (!guestModels.includes(model)) return badGuest('model', model, guestModels.join(' or '));
  if (memory < LEAST || memory > MOST || memory % MIB !== 0n) {
    return badGuest('memory', `${hex(memory)} bytes`, `whole MiB, from ${hex(LEAST)} to ${hex(MOST)} bytes`);
  }
  return ok(guest);
}

/** All RAM of a guest, ascending: what fits below the PCI hole, the rest from 4 GiB on. */
export function ramBlocks({ memory, model }: Guest): readonly RamBlock[] {
  const low = memory < splitAbove(model) ? memory : lowRam(model);
  const below = { ...range(0n, low), offset: 0n };
  return low === memory ? [below] : [below, { ...range(FOUR_GIB, FOUR_GIB + memory - low), offset: low }];
}

// Both as QEMU 7.2 has them; its `info mtree -f` shows them, and the boot tests compare.

function splitAbove(model: GuestModel): bigint {
  return model === 'q35' ? 0xb000_0000n : 3n * GIB;
}

function lowRam(model: GuestModel): Address {
  return model === 'q35' ? 2n * GIB : 3n * GIB;
}
