import { hex } from '@kexec-kit/loader-api';
import type { LoaderManifest, Signature } from '@kexec-kit/loader-api';
import { ascii, fromHex } from '@kexec-kit/structures';

/** How far into an image a signature may be searched for, in bytes: a manifest is data from a stranger. */
const SEARCH_LIMIT = 1 << 20;

/** Whether an image has these bytes where the signature says. */
export function hasSignature(image: Uint8Array, signature: Signature): boolean {
  const wanted = fromHex(signature.hex);
  if ('at' in signature) return matchesAt(image, signature.at, wanted);
  const step = Math.max(1, signature.align);
  const end = Math.min(signature.within, image.length, SEARCH_LIMIT) - wanted.length;
  for (let at = 0; at <= end; at += step) if (matchesAt(image, at, wanted)) return true;
  return false;
}

function matchesAt(image: Uint8Array, at: number, wanted: Uint8Array): boolean {
  return at + wanted.length <= image.length && wanted.every((byte, index) => image[at + index] === byte);
}

/**
 * The loaders worth asking about an image: those one of whose signatures it has. Needs manifests only, so that the
 * code of a loader that does not fit is never imported. A loader without signatures is always worth asking.
 *
 * @example
 * ```ts
 * candidates(manifests, image.bytes).map(({ name }) => name); // ['bzimage']
 * ```
 */
export function candidates<M extends Pick<LoaderManifest, 'signatures'>>(
  manifests: readonly M[],
  image: Uint8Array,
): M[] {
  return manifests.filter(
    ({ signatures }) =>
      signatures.length === 0 || signatures.some((signature) => hasSignature(image, signature)),
  );
}

/** A signature in words, e.g. `"HdrS" at 0x202`. */
export function describeSignature(signature: Signature): string {
  const place =
    'at' in signature ? `at ${hex(signature.at)}` : `within the first ${hex(signature.within)} bytes`;
  return `"${ascii(fromHex(signature.hex))}" ${place}`;
}
