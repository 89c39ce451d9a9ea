import type { Diagnostic, SerialPort } from '@kexec-kit/loader-api';
import { serialBaud, serialPort } from './codes.js';

/** What a 16550 UART divides. */
const CLOCK = 115_200;
const SLOWEST = 9600;
/** A port has eight registers. */
const LAST_PORT = 0xfff8;

/** Why purgatory could not speak on this port, if so. */
export function refusePort(serial: SerialPort | undefined): Diagnostic | undefined {
  if (serial === undefined) return undefined;
  const { port, baud } = serial;
  if (!Number.isInteger(port) || port < 1 || port > LAST_PORT) return serialPort(port);
  return baud === undefined || isSpeed(baud) ? undefined : serialBaud(baud);
}

function isSpeed(baud: number): boolean {
  return Number.isInteger(baud) && baud >= SLOWEST && baud <= CLOCK && CLOCK % baud === 0;
}
