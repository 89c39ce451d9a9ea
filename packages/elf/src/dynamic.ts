import { toIndex } from '@kexec-kit/loader-api';
import { parse } from '@kexec-kit/structures';
import { DT_NULL, ELFCLASS32, PT_DYNAMIC } from './constants.js';
import type { Elf } from './elf.js';
import { Elf32Dyn, Elf64Dyn } from './generated/elf.js';
import { fileRange } from './program-headers.js';

/** More than any library has; the table of a hostile file is not read further. */
const MOST = 1024;

/**
 * The tags (`d_tag`) of the dynamic section up to DT_NULL; none when there is no PT_DYNAMIC or it lies outside the file.
 */
export function dynamicTags(bytes: Uint8Array, { header, programHeaders }: Elf): bigint[] {
  const dynamic = programHeaders.find(({ p_type }) => p_type === PT_DYNAMIC);
  if (dynamic === undefined) return [];
  const { start, end } = fileRange(dynamic);
  if (end > BigInt(bytes.length)) return [];
  const own = bytes.subarray(toIndex(start), toIndex(end));
  const isNarrow = header.e_ident.ei_class === ELFCLASS32;
  const size = isNarrow ? 8 : 16;
  const tags: bigint[] = [];
  for (let at = 0; at + size <= own.length && tags.length < MOST; at += size) {
    const entry = own.subarray(at);
    const tag = BigInt(isNarrow ? parse(Elf32Dyn, entry).d_tag : parse(Elf64Dyn, entry).d_tag);
    if (tag === DT_NULL) break;
    tags.push(tag);
  }
  return tags;
}
