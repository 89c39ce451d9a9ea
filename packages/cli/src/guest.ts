import { checkGuest, type Guest } from '@kexec-kit/backend-qemu';
import { ok, type Result } from '@kexec-kit/loader-api';
import type { Values } from './commands.js';
import { address, text } from './values.js';

const defaultMemory = 512n << 20n;

/** Whether a guest was asked for, by any of its options. */
export function wantsGuest(values: Values): boolean {
  return ['memory', 'model', 'paging'].some((name) => values.has(name));
}

/** The guest that `--memory`, `--model` and `--paging` describe. */
export function guestFrom(values: Values): Result<Guest> {
  const guest: Guest = {
    memory: address(values, 'memory') ?? defaultMemory,
    model: text(values, 'model') === 'microvm' ? 'microvm' : 'q35',
    paging: text(values, 'paging') === '5' ? 5 : 4,
  };
  const checked = checkGuest(guest);
  return checked.ok ? ok(guest) : checked;
}
