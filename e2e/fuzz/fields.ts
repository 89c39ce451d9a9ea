import type { Field } from '@kexec-kit/structures';
import type { SeedField } from './target.js';

/** Where one of the generated readers finds its fields when the structure begins at `start`: the `.ksy`'s own table. */
export function fieldsAt(
  reader: { readonly fields: readonly Field[] },
  start: number,
  path = '',
): SeedField[] {
  return reader.fields.map(({ name, offset, size }) => ({
    name: `${path}${name}`,
    offset: start + offset,
    size,
  }));
}

/** Words without a name: an array, or what lies behind a tag's head. */
export function wordsAt(start: number, end: number, size = 4): SeedField[] {
  const count = Math.max(0, Math.floor((end - start) / size));
  return Array.from({ length: count }, (_, i) => ({
    name: `word ${String(i)}`,
    offset: start + i * size,
    size,
  }));
}

/** Only what lies within the bytes, and is a number or a name rather than a content. */
export function usable(fields: readonly SeedField[], bytes: Uint8Array): SeedField[] {
  return fields.filter(({ offset, size }) => size > 0 && size <= 64 && offset + size <= bytes.length);
}
