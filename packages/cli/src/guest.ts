import {
  checkGuest,
  firmwareFor,
  guestMachine,
  probeGuestMachine,
  targetOf,
  type Guest,
} from '@kexec-kit/backend-qemu';
import { ok, type HandoffMode, type Result, type SegmentsSubmission } from '@kexec-kit/loader-api';
import { mapDifference } from '@kexec-kit/memory';
import type { Values } from './commands.js';
import type { Place } from './submit.js';
import { address, text } from './values.js';

const defaultMemory = 512n << 20n;

/** The guest that these options describe. */
export function guestFrom(values: Values): Result<Guest> {
  return checkGuest({
    memory: address(values, 'memory') ?? defaultMemory,
    model: text(values, 'model') === 'microvm' ? 'microvm' : 'q35',
    paging: text(values, 'paging') === '5' ? 5 : 4,
    architecture: text(values, 'architecture') === 'i386' ? 'i386' : 'x86_64',
    ...(values.has('firmware')
      ? { firmware: text(values, 'firmware') === 'seabios' ? 'seabios' : 'none' }
      : {}),
  });
}

/** A guest as a place to plan for; without a firmware of the user's choice, the one that the plan turns out to need. */
export async function placeInGuest(guest: Guest): Promise<Result<Place>> {
  const machine = await probeGuestMachine(guest);
  if (!machine.ok) return machine;
  const otherwise = (mode: HandoffMode) => {
    const firmware = firmwareFor(mode);
    return guest.firmware !== undefined || firmware === 'none'
      ? undefined
      : placeInGuest({ ...guest, firmware });
  };
  return ok({ machine: machine.value, target: targetOf(guest), guest, otherwise }, machine.diagnostics);
}

/** The guest that a saved plan was made for, as far as its options leave that open: its architecture and firmware. */
export async function guestOfPlan(submission: SegmentsSubmission, guest: Guest): Promise<Guest> {
  const own: Guest = { ...guest, architecture: submission.architecture };
  if (guest.firmware !== undefined) return own;
  const { told, usable } = submission.map;
  if (mapDifference({ told, usable }, guestMachine(own)).length === 0) return own;
  const withBios: Guest = { ...own, firmware: 'seabios' };
  const machine = await probeGuestMachine(withBios);
  return machine.ok && mapDifference({ told, usable }, machine.value).length === 0 ? withBios : own;
}
