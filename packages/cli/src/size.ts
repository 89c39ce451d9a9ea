const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/**
 * A size as people read it.
 *
 * @example
 * ```ts
 * humanSize(0x3f98000n); // '63.6 MiB'
 * ```
 */
export function humanSize(bytes: bigint): string {
  if (bytes === 1n) return '1 byte';
  let unit = 0;
  let scaled = bytes * 10n;
  while (scaled >= 10240n && unit < units.length - 1) {
    scaled = (scaled + 512n) / 1024n;
    unit += 1;
  }
  const whole = (scaled / 10n).toString();
  const tenth = scaled % 10n;
  return `${tenth === 0n ? whole : `${whole}.${tenth.toString()}`} ${units[unit] ?? ''}`;
}

/**
 * So many of a thing.
 *
 * @example
 * ```ts
 * counted(2, 'segment'); // '2 segments'
 * ```
 */
export function counted(count: number, thing: string): string {
  return `${String(count)} ${thing}${count === 1 ? '' : 's'}`;
}
