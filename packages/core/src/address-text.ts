import type { Address } from '@kexec-kit/loader-api';

const SUFFIXES: Readonly<Record<string, bigint>> = { '': 0n, k: 10n, m: 20n, g: 30n, t: 40n };
const END_OF_ADDRESSES = 1n << 64n;

/**
 * Reads an address or a size as people write them: decimal or `0x` hexadecimal, with `K`, `M`, `G` or `T` for powers of
 * 1024. Nothing else: no sign, no fraction, no leading zero (which C would read as octal), nothing at or above 2^64.
 *
 * @returns undefined when the text is anything else.
 * @example
 * ```ts
 * parseAddress('512M'); // 0x20000000n
 * parseAddress('0xffffffff81000123'); // 0xffffffff81000123n
 * ```
 */
export function parseAddress(text: string): Address | undefined {
  const parts = /^(0x[0-9a-f]{1,16}|0|[1-9][0-9]{0,19})([kmgt]?)$/i.exec(text);
  const shift = SUFFIXES[parts?.[2]?.toLowerCase() ?? 'none'];
  if (parts?.[1] === undefined || shift === undefined) return undefined;
  const value = BigInt(parts[1]) << shift;
  return value < END_OF_ADDRESSES ? value : undefined;
}
