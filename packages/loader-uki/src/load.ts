import { type Diagnostic, fail, ok, type Result, type Source, type SourceBytes } from '@kexec-kit/loader-api';
import { loader as bzimage } from '@kexec-kit/loader-bzimage';
import { readUki, type Slice, sliceOf, type UkiProfile } from '@kexec-kit/uki';
import { KERNEL, type Profile, type UkiImage } from './image.js';

/** Takes the image apart; what is in its `.linux` sections is read by the loader for such kernels. */
export function load(image: SourceBytes): Result<UkiImage> {
  const { name, size, bytes } = image;
  const uki = readUki({ name, size, head: bytes, read: sliceOf(bytes) });
  if (!uki.ok) return uki;
  const [first, ...others] = uki.value.profiles;
  const loaded = loadProfile(image, first, []);
  if (!loaded.ok) return loaded;
  const known: [Profile, ...Profile[]] = [loaded.value];
  const diagnostics = [...loaded.diagnostics];
  for (const profile of others) {
    const next = loadProfile(image, profile, known);
    if (!next.ok) return next;
    known.push(next.value);
    diagnostics.push(...next.diagnostics);
  }
  return ok({ source: identity(image), profiles: known }, diagnostics);
}

/** Profiles share a kernel as a rule: it is read, and spoken of, once. */
function loadProfile(image: SourceBytes, profile: UkiProfile, known: readonly Profile[]): Result<Profile> {
  const { linux } = profile;
  const same = known.find((other) => other.linux.offset === linux.offset && other.linux.size === linux.size);
  if (same !== undefined) return ok({ ...profile, kernel: same.kernel });
  const bytes = sliceOf(image.bytes)(linux);
  const loaded = shifted(bzimage.load({ ...image, id: KERNEL, size: bytes.length, bytes }), image, linux);
  return loaded.ok ? ok({ ...profile, kernel: loaded.value }, loaded.diagnostics) : loaded;
}

/** What is said of a section counts from its start; a reader has the whole file before him. */
export function shifted<T>(result: Result<T>, { name }: Pick<Source, 'name'>, { offset }: Slice): Result<T> {
  const shift = (diagnostic: Diagnostic): Diagnostic => {
    const { at } = diagnostic;
    if (at?.offset === undefined || at.source !== name) return diagnostic;
    return { ...diagnostic, at: { ...at, offset: at.offset + offset } };
  };
  const [first, ...others] = result.diagnostics.map(shift);
  if (result.ok) return ok(result.value, first === undefined ? [] : [first, ...others]);
  return first === undefined ? result : fail(first, ...others);
}

/** An image keeps the name of its file, never the bytes. */
function identity({ id, name, size, sha256, decompressed }: SourceBytes): Source {
  return { id, name, size, sha256, ...(decompressed !== undefined && { decompressed }) };
}
