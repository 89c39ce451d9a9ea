import {
  hex,
  ok,
  range,
  type Address,
  type Architecture,
  type Firmware,
  type HandoffMode,
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

/** What may run before hand-over: nothing but a ROM of ours, or SeaBIOS. */
export const guestFirmwares = ['none', 'seabios'] as const;
export type GuestFirmware = (typeof guestFirmwares)[number];

const architectures: readonly Architecture[] = ['x86_64', 'i386'];

/** A machine that QEMU emulates: enough to know its memory map without starting it. */
export interface Guest {
  /** In bytes: whole MiB, from 2 MiB to 512 GiB. */
  readonly memory: bigint;
  readonly model: GuestModel;
  /** Whose kernel is said to be running: its state is that of hand-over. The CPU is the same. Default x86_64. */
  readonly architecture?: Architecture;
  /** How deep the page tables are at hand-over; i386 hands over without. Default 4. */
  readonly paging?: PagingLevels;
  /** What runs before hand-over. SeaBIOS needs q35. Default none. */
  readonly firmware?: GuestFirmware;
  /** More of QEMU's arguments, for devices of which the memory map does not tell, e.g. `['-vga', 'std']`. */
  readonly devices?: readonly string[];
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

/** And like i386 Linux: without paging, nothing above 4 GiB. */
export const qemuI386Target: Target = {
  name: 'qemu-i386',
  handoff: 'protected32',
  maxSegments: 16,
  addressEnd: FOUR_GIB,
  maps: 'ram',
  callerAbi: 'i386',
};

/** How this guest hands over. */
export function targetOf({ architecture = 'x86_64' }: Guest): Target {
  return architecture === 'i386' ? qemuI386Target : qemuTarget;
}

/**
 * The firmware that a plan needs, by the mode in which it is entered: code that runs in real mode calls the BIOS.
 *
 * @example
 * ```ts
 * firmwareFor('real16'); // 'seabios'
 * ```
 */
export function firmwareFor(mode: HandoffMode): GuestFirmware {
  return mode === 'real16' ? 'seabios' : 'none';
}

/**
 * What a guest without firmware would tell of itself, had it one: the snapshot that a plan for this guest is made on.
 * There is no ACPI, and one CPU. A guest with SeaBIOS has to be asked: see `probeGuestMachine`, which takes every guest.
 *
 * @throws RangeError when {@link checkGuest} refuses the guest, or when it has a firmware.
 * @example
 * ```ts
 * guestMachine({ memory: 256n << 20n, model: 'microvm' }).usable.at(-1); // { start: 0x100000n, end: 0x10000000n }
 * ```
 */
export function guestMachine(guest: Guest): Machine {
  const checked = checkGuest(guest);
  if (!checked.ok) throw new RangeError(checked.diagnostics[0].message);
  if (guest.firmware === 'seabios') throw new RangeError('only SeaBIOS itself knows its memory map');
  const told: readonly Region[] = [
    { ...range(0n, LOW_END), kind: 'ram' },
    { ...range(LOW_END, VIDEO), kind: 'reserved' },
    ...ramBlocks(guest).map(({ start, end }) => ({
      ...range(start === 0n ? MIB : start, end),
      kind: 'ram' as const,
    })),
  ];
  return machineOf(guest, told, {});
}

/** The machine that tells of these regions. */
export function machineOf(
  { architecture = 'x86_64' }: Guest,
  told: readonly Region[],
  firmware: Firmware,
): Machine {
  const systemRam = told.filter(({ kind }) => kind === 'ram');
  const usable = usableFrom({ told, systemRam });
  return { architecture, told, usable, crashKernel: [], commandLine: '', cpus: 1, firmware };
}

/** Whether QEMU can be such a machine. */
export function checkGuest(guest: Guest): Result<Guest> {
  const { memory, model, architecture = 'x86_64', paging = 4, firmware = 'none' } = guest;
  if (!guestModels.includes(model)) return badGuest('model', model, guestModels.join(' or '));
  if (memory < LEAST || memory > MOST || memory % MIB !== 0n) {
    return badGuest('memory', `${hex(memory)} bytes`, `whole MiB, from ${hex(LEAST)} to ${hex(MOST)} bytes`);
  }
  if (!architectures.includes(architecture))
    return badGuest('architecture', architecture, architectures.join(' or '));
  if (!guestFirmwares.includes(firmware)) return badGuest('firmware', firmware, guestFirmwares.join(' or '));
  if (firmware === 'seabios' && model !== 'q35')
    return badGuest('firmware', `${firmware} on ${model}`, 'q35');
  if (architecture === 'i386' && paging !== 4) {
    return badGuest('paging', `${paging} as i386`, 'none: i386 hands over with paging off');
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
