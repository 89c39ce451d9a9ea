/** The part of the Encoding standard used here: Node and every browser have it, but without the DOM library nobody declares it. */
interface TextCodecs {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder: new (
    label: string,
    options: { readonly ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string };
}

const { TextEncoder, TextDecoder } = globalThis as unknown as TextCodecs;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Text as UTF-8, without a byte order mark and without a terminating NUL.
 *
 * @example
 * ```ts
 * encodeText('console=ttyS0').length; // 13
 * ```
 */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/**
 * UTF-8 as text. Invalid sequences become U+FFFD: what a file says is shown, never trusted.
 *
 * @example
 * ```ts
 * decodeText(encodeText('héllo')); // 'héllo'
 * ```
 */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/**
 * Bytes as printable ASCII: whatever is not printable is written `\xNN`, so that a file's text is safe on a terminal.
 *
 * @param options.untilNul - Stop before the first NUL, as for C strings. Default false.
 * @example
 * ```ts
 * ascii(fromHex('48647253')); // 'HdrS'
 * ascii(fromHex('36008d'), { untilNul: true }); // '6'
 * ```
 */
export function ascii(bytes: Uint8Array, options: { readonly untilNul?: boolean } = {}): string {
  const nul = options.untilNul === true ? bytes.indexOf(0) : -1;
  return Array.from(nul < 0 ? bytes : bytes.subarray(0, nul), printable).join('');
}

function printable(byte: number): string {
  return byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : `\\x${hexByte(byte)}`;
}

/**
 * Lower-case hexadecimal, two digits per byte, no prefix.
 *
 * @example
 * ```ts
 * toHex(Uint8Array.of(0x0f, 0xa0)); // '0fa0'
 * ```
 */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, hexByte).join('');
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/**
 * The bytes that hexadecimal text stands for; white space between bytes is allowed.
 *
 * @throws RangeError when it is anything else than pairs of hexadecimal digits.
 * @example
 * ```ts
 * fromHex('48 64 72 53'); // Uint8Array.of(0x48, 0x64, 0x72, 0x53)
 * ```
 */
export function fromHex(text: string): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new RangeError(`not pairs of hexadecimal digits: "${text}"`);
  // Programs of many KiB are read like this whenever we start: no text is made of each byte.
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (nibble(digits, 2 * i) << 4) | nibble(digits, 2 * i + 1);
  return bytes;
}

/** The value of a hexadecimal digit: letters of either case are 1 to 6 in their low bits, and have bit 6 set. */
function nibble(digits: string, at: number): number {
  const code = digits.charCodeAt(at);
  return (code & 0xf) + 9 * (code >> 6);
}
