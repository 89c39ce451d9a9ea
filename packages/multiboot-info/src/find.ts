import { hex } from '@kexec-kit/loader-api';

/** What is looked for: a magic, and words from it on whose sum is 0 modulo 2^32. */
export interface HeaderSearch {
  /** The header's words must lie within so many first bytes of the file. */
  readonly within: number;
  readonly align: number;
  readonly words: number;
  readonly magic: number;
}

/** Where a header begins, or what was found instead. */
export type Found =
  { readonly ok: true; readonly offset: number } | { readonly ok: false; readonly reason: string };

/** The first magic whose checksum is right: a kernel may have the number in its code, too. */
export function findHeader(bytes: Uint8Array, { within, align, words, magic }: HeaderSearch): Found {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = Math.min(within, bytes.length) - 4 * words;
  let wrong: number | undefined;
  for (let offset = 0; offset <= end; offset += align) {
    if (view.getUint32(offset, true) !== magic) continue;
    if (sum(view, offset, words) === 0) return { ok: true, offset };
    wrong ??= offset;
  }
  return {
    ok: false,
    reason:
      wrong === undefined
        ? `no ${hex(magic)} at a multiple of ${align} in the first ${within} bytes`
        : `${hex(magic)} at ${hex(wrong)}, but its checksum is wrong`,
  };
}

function sum(view: DataView, offset: number, words: number): number {
  let total = 0;
  for (let i = 0; i < words; i++) total = (total + view.getUint32(offset + 4 * i, true)) >>> 0;
  return total;
}
