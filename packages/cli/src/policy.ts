import type { Console, Policy, SerialPort } from '@kexec-kit/loader-api';
import type { Values } from './commands.js';
import { UsageError } from './usage-error.js';
import { address, flag, text } from './values.js';

/**
 * What the options of `policy` in commands.ts ask for.
 *
 * @throws UsageError when `--serial` names no port.
 */
export function policyOf(values: Values): Partial<Policy> {
  const least = address(values, 'mem-min');
  const most = address(values, 'mem-max');
  return {
    efi: !flag(values, 'no-efi'),
    video: flag(values, 'no-video') ? 'none' : 'auto',
    console: consoleOf(values),
    resetVga: flag(values, 'reset-vga'),
    resetPic: flag(values, 'reset-pic'),
    checks: !flag(values, 'no-checks'),
    ...(least === undefined && most === undefined
      ? {}
      : { memory: { start: least ?? 0n, end: most ?? 1n << 64n } }),
  };
}

/** Without a wish, the first serial port, and only what stops the hand-over: who asks for a console hears all of it. */
function consoleOf(values: Values): Console {
  const vga = flag(values, 'console-vga');
  const asked = flag(values, 'console-serial');
  const serial = asked || !vga || values.has('serial') || values.has('serial-baud');
  return { vga, ...(serial && { serial: portOf(values) }), verbose: vga || asked };
}

/** The serial ports that every PC has had at the same place. */
const PORTS: Readonly<Record<string, number>> = { ttyS0: 0x3f8, ttyS1: 0x2f8 };

function portOf(values: Values): SerialPort {
  const given = text(values, 'serial') ?? 'ttyS0';
  const port = Object.hasOwn(PORTS, given) ? PORTS[given] : hexadecimal(given);
  if (port === undefined) {
    throw new UsageError(`--serial takes ttyS0, ttyS1 or an I/O port such as 0x3f8, not "${given}"`);
  }
  const baud = text(values, 'serial-baud');
  return { port, ...(baud !== undefined && { baud: Number(baud) }) };
}

function hexadecimal(text: string): number | undefined {
  return /^0x[0-9a-f]{1,4}$/i.test(text) ? Number(text) : undefined;
}
