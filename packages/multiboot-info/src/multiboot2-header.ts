import { type Diagnostic, fail, ok, type Result, type SourceBytes } from '@kexec-kit/loader-api';
import { isPowerOfTwo } from '@kexec-kit/memory';
import { parse } from '@kexec-kit/structures';
import {
  badRelocation,
  headerLength,
  noHeader2,
  requiredTag,
  tagIgnored,
  wrongArchitecture,
} from './codes2.js';
import { HEADER_TAG, MULTIBOOT2_HEADER_MAGIC } from './constants.js';
import { findHeader, type Found } from './find.js';
import {
  AddressTag,
  ConsoleFlagsTag,
  EntryAddressTag,
  InformationRequestTag,
  Multiboot2Header as HeaderFields,
  RelocatableTag,
} from './generated/multiboot2-header.js';
import { type HeaderTag, readTags } from './multiboot2-tags.js';

/** A tag's fields, and where it stands in the file, in bytes. */
export type Placed<T> = T & { readonly offset: number };

/** What a Multiboot2 kernel asks for. */
export interface Multiboot2Header {
  /** In the file, in bytes. */
  readonly offset: number;
  /** In bytes, tags included. */
  readonly size: number;
  readonly requests: readonly Placed<{ readonly optional: boolean; readonly types: readonly number[] }>[];
  readonly address: Placed<AddressTag> | undefined;
  readonly entry: Placed<EntryAddressTag> | undefined;
  readonly console: Placed<ConsoleFlagsTag & { readonly optional: boolean }> | undefined;
  /** Whether it has a tag for graphics. */
  readonly framebuffer: boolean;
  readonly relocatable: Placed<RelocatableTag> | undefined;
  /** Of every tag, in the order of the header. */
  readonly types: readonly number[];
}

/** Multiboot2 2.0, 3.1.1: where the header lies, wholly. */
export const HEADER2_SEARCH = { within: 32768, align: 8 } as const;
const HEADER_SIZE = 16;
const I386 = 0;

/** The header of a file, or why there is none: for a probe. */
export function findMultiboot2Header(bytes: Uint8Array): Found {
  return findHeader(bytes, { ...HEADER2_SEARCH, words: 4, magic: MULTIBOOT2_HEADER_MAGIC });
}

/**
 * Reads the Multiboot2 header of a file: every tag within its bounds. What the kernel requires and nobody can give is refused
 * by name; what it allows to be ignored is said.
 *
 * @returns the codes of `multiboot2Codes` that are about a header.
 */
export function readMultiboot2Header({
  name,
  bytes,
}: Pick<SourceBytes, 'name' | 'bytes'>): Result<Multiboot2Header> {
  const found = findMultiboot2Header(bytes);
  if (!found.ok) return fail(noHeader2(name, found.reason));
  const { offset } = found;
  const { architecture, header_length } = parse(HeaderFields, bytes.subarray(offset));
  const { at } = HeaderFields;
  if (architecture !== I386)
    return fail(wrongArchitecture(name, offset + at.architecture.offset, architecture));
  const most = Math.min(bytes.length, HEADER2_SEARCH.within) - offset;
  if (header_length < HEADER_SIZE || header_length > most)
    return fail(headerLength(name, offset + at.header_length.offset, header_length, most));
  const tags = readTags({ source: name, bytes, start: offset + HEADER_SIZE, end: offset + header_length });
  if (!tags.ok) return tags;
  const { required, ignored } = judge(name, tags.value);
  if (required !== undefined) return fail(required);
  const header = headerOf({ offset, size: header_length }, tags.value);
  const wrong = header.relocatable && checkRelocation(name, header.relocatable);
  return wrong === undefined ? ok(header, [...tags.diagnostics, ...ignored]) : fail(wrong);
}

/** Why a tag that is known is not obeyed. */
const IMPOSSIBLE: Readonly<Record<number, string>> = {
  [HEADER_TAG.efiBootServices]: 'EFI boot services ended when the running kernel started',
};
const UNNEEDED: Readonly<Record<number, string>> = {
  [HEADER_TAG.efi32Entry]: 'it is for a start from EFI boot services, which have ended',
  [HEADER_TAG.efi64Entry]: 'it is for a start from EFI boot services, which have ended',
};
const KNOWN: readonly number[] = Object.values(HEADER_TAG);

/** The first tag that cannot be obeyed and must be, and a word for each that need not be. */
function judge(
  source: string,
  tags: readonly HeaderTag[],
): { readonly required: Diagnostic | undefined; readonly ignored: readonly Diagnostic[] } {
  const ignored: Diagnostic[] = [];
  for (const { type, optional, offset } of tags) {
    const why = KNOWN.includes(type) ? IMPOSSIBLE[type] : 'no boot loader that we know of defines it';
    if (why !== undefined && !optional)
      return { required: requiredTag({ source, offset, type }, why), ignored };
    const said = why ?? UNNEEDED[type];
    if (said !== undefined) ignored.push(tagIgnored({ source, offset, type }, said));
  }
  return { required: undefined, ignored };
}

function headerOf(
  place: Pick<Multiboot2Header, 'offset' | 'size'>,
  tags: readonly HeaderTag[],
): Multiboot2Header {
  const find = (type: number) => tags.find((tag) => tag.type === type);
  const placed = <T>(type: number, read: (tag: HeaderTag) => T): Placed<T> | undefined => {
    const tag = find(type);
    return tag && { ...read(tag), offset: tag.offset };
  };
  return {
    ...place,
    requests: tags.filter(({ type }) => type === HEADER_TAG.informationRequest).map(requestOf),
    address: placed(HEADER_TAG.address, ({ bytes }) => parse(AddressTag, bytes)),
    entry: placed(HEADER_TAG.entryAddress, ({ bytes }) => parse(EntryAddressTag, bytes)),
    console: placed(HEADER_TAG.consoleFlags, ({ bytes, optional }) => ({
      ...parse(ConsoleFlagsTag, bytes),
      optional,
    })),
    framebuffer: find(HEADER_TAG.framebuffer) !== undefined,
    relocatable: placed(HEADER_TAG.relocatable, ({ bytes }) => parse(RelocatableTag, bytes)),
    types: tags.map(({ type }) => type),
  };
}

function requestOf({ optional, offset, bytes }: HeaderTag): Multiboot2Header['requests'][number] {
  // What is left of an array whose size is no multiple of 4 asks for nothing.
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 4));
  return { optional, offset, types: parse(InformationRequestTag, whole).mbi_tag_types };
}

const PREFERENCES = 2;

function checkRelocation(source: string, tag: Placed<RelocatableTag>): Diagnostic | undefined {
  const wrong = (field: 'max_addr' | 'align' | 'preference', expected: string) =>
    badRelocation(source, tag.offset + RelocatableTag.at[field].offset, field, tag[field], expected);
  if (tag.align !== 0 && !isPowerOfTwo(BigInt(tag.align))) return wrong('align', '0 or a power of two');
  if (tag.max_addr < tag.min_addr) return wrong('max_addr', 'an address above min_addr');
  return tag.preference > PREFERENCES ? wrong('preference', '0, 1 or 2') : undefined;
}
