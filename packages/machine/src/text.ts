/** The highest address that 64 bits express, plus one. */
export const ADDRESS_END = 1n << 64n;

/** The longest command line that is believed, in characters: longer than any kernel's COMMAND_LINE_SIZE. */
export const MAX_COMMAND_LINE = 65_536;

/** A number as sysfs prints it: `0x` and up to 16 hexadecimal digits, whitespace around it. */
export function parseHex(text: string | undefined): bigint | undefined {
  const match = /^\s*(0x[0-9a-f]{1,16})\s*$/i.exec(text ?? '');
  return match?.[1] === undefined ? undefined : BigInt(match[1]);
}

/** A small decimal number on a line of its own. */
export function parseDecimal(text: string | undefined, maximum: number): number | undefined {
  const match = /^\s*(\d{1,10})\s*$/.exec(text ?? '');
  const value = Number(match?.[1] ?? Number.NaN);
  return value <= maximum ? value : undefined;
}

/** A piece of hostile text, short enough and clean enough to print. */
export function quote(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(short);
}
