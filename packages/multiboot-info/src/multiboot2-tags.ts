import { type Diagnostic, fail, ok, type Result } from '@kexec-kit/loader-api';
import { parse, type Reader } from '@kexec-kit/structures';
import { badTag, noEndTag } from './codes2.js';
import { HEADER_TAG } from './constants.js';
import {
  AddressTag,
  ConsoleFlagsTag,
  EntryAddressTag,
  FramebufferRequestTag,
  HeaderTag as TagHead,
  RelocatableTag,
} from './generated/multiboot2-header.js';

/** One tag of a header: its bytes hold all of its fields. */
export interface HeaderTag {
  readonly type: number;
  /** The kernel starts without it. */
  readonly optional: boolean;
  /** In the file, in bytes. */
  readonly offset: number;
  /** As many as its size says; a view of the file. */
  readonly bytes: Uint8Array;
}

/** Where the tags stand: from the first one to the end of the header. */
export interface TagArea {
  readonly source: string;
  /** The bytes of the whole file. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const HEAD = 8;
const ALIGN = 8;
const OPTIONAL = 1;

/** What a tag must have room for; those that are not here have no fields, or as many as their size says. */
const FIELDS: Readonly<Record<number, Pick<Reader<unknown>, 'size'> | undefined>> = {
  [HEADER_TAG.address]: AddressTag,
  [HEADER_TAG.entryAddress]: EntryAddressTag,
  [HEADER_TAG.consoleFlags]: ConsoleFlagsTag,
  [HEADER_TAG.framebuffer]: FramebufferRequestTag,
  [HEADER_TAG.efi32Entry]: EntryAddressTag,
  [HEADER_TAG.efi64Entry]: EntryAddressTag,
  [HEADER_TAG.relocatable]: RelocatableTag,
};

/**
 * The tags of a header up to its end tag. Every step is at least 8 bytes forward and within the header.
 *
 * @returns MULTIBOOT2_TAG_SIZE, MULTIBOOT2_TAG_OVERLAP, MULTIBOOT2_TAG_PAST_END or MULTIBOOT2_TAG_TWICE; a warning without end tag.
 */
export function readTags(area: TagArea): Result<HeaderTag[]> {
  const tags: HeaderTag[] = [];
  for (let at = area.start; at + HEAD <= area.end;) {
    const tag = parse(TagHead, area.bytes.subarray(at, at + HEAD));
    const wrong = checkTag(area, at, tag, tags);
    if (wrong !== undefined) return fail(wrong);
    if (tag.type === HEADER_TAG.end) return ok(tags);
    const bytes = area.bytes.subarray(at, at + tag.size);
    tags.push({ type: tag.type, optional: (tag.flags & OPTIONAL) !== 0, offset: at, bytes });
    at += Math.ceil(tag.size / ALIGN) * ALIGN;
  }
  return ok(tags, [noEndTag(area.source, area.end)]);
}

function checkTag(
  { source, end }: TagArea,
  at: number,
  { type, size }: TagHead,
  before: readonly HeaderTag[],
): Diagnostic | undefined {
  const place = { source, offset: at, type };
  const needed = FIELDS[type]?.size ?? HEAD;
  if (size < HEAD) return badTag('MULTIBOOT2_TAG_SIZE', place, `${size} bytes`, 'at least 8 bytes');
  if (at + size > end)
    return badTag('MULTIBOOT2_TAG_PAST_END', place, `${size} bytes`, `at most ${end - at} bytes`);
  if (size < needed)
    return badTag('MULTIBOOT2_TAG_OVERLAP', place, `${size} bytes`, `at least ${needed} bytes`);
  if (type in FIELDS && before.some((tag) => tag.type === type))
    return badTag('MULTIBOOT2_TAG_TWICE', place, 'a second one', 'one tag of this type');
  return undefined;
}
