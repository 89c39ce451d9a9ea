import { crc32 } from './crc.js';
import type { Input } from './input.js';

/** The .xz File Format, 5.3. */
const FILTER_X86 = 0x04;
const FILTER_LZMA2 = 0x21;
const RESERVED_FLAGS = 0x3c;

/** What the header of a block says (The .xz File Format, 3.1); sizes in bytes. */
export interface BlockHeader {
  readonly compressed?: number;
  readonly uncompressed?: number;
  readonly dictionary: number;
  /** Where the x86 filter counts from. */
  readonly x86?: { readonly start: number };
}

interface Filter {
  readonly id: number;
  readonly properties: Input;
}

export function readBlockHeader(input: Input): BlockHeader {
  const size = ((input.bytes[input.position] ?? 0) + 1) * 4;
  const header = input.inner(size - 4);
  if (input.u32() !== crc32(header.bytes)) throw input.corrupt('the CRC32 of a block header differs');
  header.u8(); // its size
  const flags = header.u8();
  if (flags & RESERVED_FLAGS) throw input.unsupported('reserved block flags');
  const compressed = flags & 0x40 ? readVariable(header) : undefined;
  const uncompressed = flags & 0x80 ? readVariable(header) : undefined;
  const filters = Array.from({ length: (flags & 3) + 1 }, () => readFilter(header));
  header.expectPadding();
  return {
    ...(compressed !== undefined && { compressed }),
    ...(uncompressed !== undefined && { uncompressed }),
    ...readChain(filters, input),
  };
}

function readFilter(header: Input): Filter {
  const id = readVariable(header);
  return { id, properties: header.inner(readVariable(header)) };
}

/** LZMA2 alone, or after the x86 filter. */
function readChain(filters: readonly Filter[], input: Input): Pick<BlockHeader, 'dictionary' | 'x86'> {
  const last = filters.at(-1);
  const other = filters.slice(0, -1).find(({ id }) => id !== FILTER_X86)?.id;
  if (last?.id !== FILTER_LZMA2) throw input.unsupported(`filter ${String(last?.id)} in the place of LZMA2`);
  if (other !== undefined || filters.length > 2)
    throw input.unsupported(`filter ${String(other ?? FILTER_X86)}`);
  const dictionary = dictionarySize(last.properties.u8());
  if (dictionary === undefined) throw input.corrupt('an impossible dictionary size');
  const [first] = filters;
  if (first === undefined || first === last) return { dictionary };
  return { dictionary, x86: { start: first.properties.left >= 4 ? first.properties.u32() : 0 } };
}

/** The .xz File Format, 5.3.1: 2^n or 2^n + 2^(n-1), from 4 KiB to 4 GiB. */
function dictionarySize(bits: number): number | undefined {
  if (bits > 40) return undefined;
  return bits === 40 ? 0xffffffff : (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11);
}

/** The .xz File Format, 1.2: seven bits a byte, the lowest first; at most nine bytes. */
export function readVariable(input: Input): number {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = input.u8();
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) {
      if (byte === 0 && index > 0) break;
      return value;
    }
  }
  throw input.corrupt('a number that is not in its shortest form');
}
