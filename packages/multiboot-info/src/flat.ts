import {
  type Diagnostic,
  fail,
  hex,
  ok,
  PAGE_SIZE,
  range,
  type Result,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import { type Body, type Chunk, FOUR_GIB } from './body.js';
import { above4G, badAddress, entryOutside, truncated } from './codes.js';

/** What a header says of where a file goes, by the names of both specifications. */
export interface FlatAddresses {
  readonly header_addr: number;
  readonly load_addr: number;
  readonly load_end_addr: number;
  readonly bss_end_addr: number;
  readonly entry_addr: number;
}
export type FlatField = keyof FlatAddresses;

/** Where the addresses themselves stand, for diagnostics: each field's offset in the file, in bytes. */
export type FlatFields = Readonly<Record<FlatField, number>>;

/**
 * An image without a format of its own (the "a.out kludge"): one stretch of the file, and zeros behind it.
 *
 * @param headerOffset - Of the Multiboot header in the file, in bytes.
 * @returns MULTIBOOT_BAD_ADDRESS, MULTIBOOT_TRUNCATED, MULTIBOOT_ABOVE_4G or MULTIBOOT_ENTRY_OUTSIDE.
 */
export function readFlatBody(
  { name, bytes }: Pick<SourceBytes, 'name' | 'bytes'>,
  headerOffset: number,
  addresses: FlatAddresses,
  at: FlatFields,
): Result<Body> {
  const { header_addr, load_addr, entry_addr } = addresses;
  const offset = headerOffset - (header_addr - load_addr);
  const loadEnd = addresses.load_end_addr === 0 ? load_addr + bytes.length - offset : addresses.load_end_addr;
  const memoryEnd = addresses.bss_end_addr === 0 ? loadEnd : addresses.bss_end_addr;
  const wrong = contradiction(name, addresses, at, { offset, loadEnd, memoryEnd });
  if (wrong !== undefined) return fail(wrong);
  const length = loadEnd - load_addr;
  if (offset + length > bytes.length) return fail(truncated(name, bytes.length, BigInt(offset + length)));
  const span = range(BigInt(load_addr), BigInt(memoryEnd));
  if (span.end > FOUR_GIB) return fail(above4G(name, span));
  if (entry_addr < load_addr || entry_addr >= loadEnd)
    return fail(entryOutside(name, at.entry_addr, 'entry_addr', BigInt(entry_addr)));
  const chunk: Chunk = {
    ...span,
    id: 'image',
    content: { offset, length },
    why: `the image, linked at ${hex(load_addr)} by its Multiboot header`,
  };
  const entry = { chunk, offset: BigInt(entry_addr - load_addr) };
  return ok({ chunks: [chunk], span, entry, movable: false, align: PAGE_SIZE });
}

function contradiction(
  name: string,
  { header_addr, load_addr, bss_end_addr }: FlatAddresses,
  at: FlatFields,
  {
    offset,
    loadEnd,
    memoryEnd,
  }: { readonly offset: number; readonly loadEnd: number; readonly memoryEnd: number },
): Diagnostic | undefined {
  const wrong = (field: FlatField, found: number, expected: string) =>
    badAddress(name, { field, offset: at[field] }, found, expected);
  if (load_addr > header_addr)
    return wrong('load_addr', load_addr, `at most header_addr, ${hex(header_addr)}`);
  if (offset < 0)
    return wrong('load_addr', load_addr, `at least ${hex(load_addr - offset)}, where the file begins`);
  if (loadEnd <= load_addr) return wrong('load_end_addr', loadEnd, `behind load_addr, ${hex(load_addr)}`);
  if (memoryEnd < loadEnd)
    return wrong('bss_end_addr', bss_end_addr, `0, or at least load_end_addr, ${hex(loadEnd)}`);
  return undefined;
}
