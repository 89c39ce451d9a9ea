import { UsageError } from '../usage-error.js';
import { written, type Spelling } from './getopt.js';
import type { Conversion } from './table.js';

const end = 1n << 64n;

/**
 * A value as kexec(8) takes it, in our words; undefined where it says nothing: the last byte of all is no limit.
 *
 * @throws UsageError for what is no number of 64 bits.
 */
export function convert(option: Spelling, how: Conversion, text: string): string | undefined {
  const number = cNumber(text);
  if (number === undefined || number >= end)
    throw new UsageError(`${written(option)} takes an address such as 0x100000, not "${text}"`);
  const value = how === 'last-byte' ? number + 1n : number;
  return value === end ? undefined : `0x${value.toString(16)}`;
}

/** As strtoul(3) with base 0: hexadecimal behind 0x, octal behind 0, else decimal. */
function cNumber(text: string): bigint | undefined {
  if (/^(0x[0-9a-f]+|0|[1-9][0-9]*)$/i.test(text)) return BigInt(text.toLowerCase());
  return /^0[0-7]+$/.test(text) ? BigInt(`0o${text.slice(1)}`) : undefined;
}
