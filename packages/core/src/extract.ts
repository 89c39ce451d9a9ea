import { fail, ok } from '@kexec-kit/loader-api';
import type { AnyLoader, Diagnostic, Engines, Payload, Result, SourceBytes } from '@kexec-kit/loader-api';
import { decompressPieces, detectCompression } from '@kexec-kit/decompress';
import { toHex } from '@kexec-kit/structures';
import { notElf, nothingPacked, payloadSize } from './codes.js';
import { IMAGE_LIMIT } from './decompress-image.js';
import { looksLike } from './looks-like.js';
import { createRegistry } from './registry.js';
import { select } from './select.js';

/** Something packed that was found, and by what. */
export interface Packed {
  readonly image: SourceBytes;
  /** What the image carries inside; absent, the outer compression is all there was to take off. */
  readonly payload?: Payload;
  /** Absent where it is none that is known: unpacking it fails. */
  readonly compression?: string;
}

/** What came out. */
export interface Extracted {
  /** In bytes. */
  readonly size: number;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  /** By its first bytes, e.g. `an ELF program`. */
  readonly looksLike: string;
}

export interface ExtractOptions {
  readonly engines: Engines;
  /** The most that may come out, in bytes. Default {@link IMAGE_LIMIT}. */
  readonly limit?: number;
}

/** So much of what comes out is looked at to say what it is, in bytes. */
const LOOKED_AT = 512;

/**
 * Finds what there is to extract: what the image carries packed inside itself, e.g. the vmlinux in a bzImage; else the
 * image as it is without its outer compression, whatever it is; else EXTRACT_NOTHING_PACKED.
 *
 * @param options.type - The loader's name or an alias, instead of choosing by probe.
 * @example
 * ```ts
 * const packed = findPacked(image, [bzimage]);
 * if (packed.ok) packed.value.compression; // e.g. 'zstd'
 * ```
 */
export function findPacked(
  image: SourceBytes,
  loaders: readonly AnyLoader[],
  { type }: { readonly type?: string | undefined } = {},
): Result<Packed> {
  const registry = createRegistry(loaders);
  if (!registry.ok) return registry;
  const selected = select(registry.value, image, type);
  if (selected.ok && selected.value.loader.payload !== undefined)
    return findPayload(image, selected.value.loader);
  const isUnknown = !selected.ok && selected.diagnostics[0].code === 'IMAGE_UNKNOWN';
  if (image.decompressed !== undefined && (selected.ok || isUnknown))
    return ok({ image, compression: image.decompressed });
  return selected.ok ? fail(nothingPacked(image.name, selected.value.detail)) : selected;
}

function findPayload(image: SourceBytes, loader: AnyLoader): Result<Packed> {
  const loaded = loader.load(image) as Result<unknown>;
  if (!loaded.ok) return loaded;
  const found = loader.payload?.(loaded.value, image.bytes) as Result<Payload>;
  if (!found.ok) return found;
  const { offset, length } = found.value;
  const compression = detectCompression(image.bytes.subarray(offset, offset + length));
  const packed = { image, payload: found.value, ...(compression && { compression }) };
  return ok(packed, [...loaded.diagnostics, ...found.diagnostics]);
}

/**
 * Unpacks it, piece by piece: needs memory for the compression's window and one piece only. As many bytes come out as
 * the image says, or it is EXTRACT_SIZE; what is no ELF file is worth a warning.
 *
 * @returns When no more comes: what came out, or why it ended.
 * @example
 * ```ts
 * const pieces = extractPieces(packed, { engines });
 * let next = pieces.next();
 * for (; next.done !== true; next = pieces.next()) hasher.update(next.value);
 * if (next.value.ok) next.value.value.looksLike; // e.g. 'an ELF program'
 * ```
 */
export function* extractPieces(
  packed: Packed,
  { engines, limit = IMAGE_LIMIT }: ExtractOptions,
): Generator<Uint8Array, Result<Extracted>> {
  const hasher = engines.sha256();
  let head: Uint8Array = new Uint8Array(0);
  let size = 0;
  const pieces = unpack(packed, engines, limit);
  let next = pieces.next();
  for (; next.done !== true; next = pieces.next()) {
    const { value: piece } = next;
    hasher.update(piece);
    size += piece.length;
    if (size > declaredSize(packed, size)) return fail(otherSize(packed, `more than ${size} bytes`));
    if (head.length < LOOKED_AT) head = joined(head, piece.subarray(0, LOOKED_AT));
    yield piece;
  }
  if (!next.value.ok) return next.value;
  if (size !== declaredSize(packed, size)) return fail(otherSize(packed, `${size} bytes`));
  const kind = looksLike(head);
  const isElf = kind.startsWith('an ELF');
  const extracted = { size, sha256: toHex(hasher.digest()), looksLike: kind };
  return ok(extracted, isElf ? [] : [notElf(packed.image.name, kind)]);
}

function* unpack(
  { image, payload }: Packed,
  engines: Engines,
  limit: number,
): Generator<Uint8Array, Result<unknown>> {
  if (payload === undefined) {
    yield image.bytes;
    return ok(undefined);
  }
  const bytes = image.bytes.subarray(payload.offset, payload.offset + payload.length);
  const end = yield* decompressPieces(bytes, { limit, source: image.name, engines });
  return end.ok ? end : fail(within(end.diagnostics[0], payload.offset));
}

function declaredSize({ payload }: Packed, otherwise: number): number {
  return payload?.unpackedSize ?? otherwise;
}

function otherSize({ image, payload }: Packed, found: string): Diagnostic {
  const end = (payload?.offset ?? 0) + (payload?.length ?? 0);
  return payloadSize(image.name, end, found, payload?.unpackedSize ?? 0);
}

/** A place in the compressed data as a place in the image. */
function within(diagnostic: Diagnostic, offset: number): Diagnostic {
  const { at } = diagnostic;
  return at?.offset === undefined ? diagnostic : { ...diagnostic, at: { ...at, offset: at.offset + offset } };
}

function joined(head: Uint8Array, piece: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + piece.length);
  whole.set(head);
  whole.set(piece, head.length);
  return whole;
}
