import { parseAddress } from '@kexec-kit/core';
import type { Address } from '@kexec-kit/loader-api';
import { UsageError } from './usage-error.js';
import type { Values } from './commands.js';

/** Reading the values of a command's own options. */
export function flag(values: Values, name: string): boolean {
  return values.has(name);
}

export function text(values: Values, name: string): string | undefined {
  return values.get(name)?.[0];
}

export function address(values: Values, name: string): Address | undefined {
  const given = text(values, name);
  return given === undefined ? undefined : parseAddress(given);
}

/** @throws UsageError when the value is not a positive number of seconds. */
export function seconds(values: Values, name: string, otherwise: number): number {
  const given = text(values, name);
  if (given === undefined) return otherwise;
  const wanted = /^\d{1,6}(\.\d{1,3})?$/.test(given) ? Number(given) : 0;
  if (wanted === 0) throw new UsageError(`--${name} takes a number of seconds such as 60, not "${given}"`);
  return wanted;
}
