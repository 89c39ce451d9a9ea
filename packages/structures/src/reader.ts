import { CheckedStream } from './stream.js';

/** A field whose place in its structure is constant. */
export interface Field {
  /** The specification's own name; a path for what lies in a nested structure (`hdr.init_size`). */
  readonly name: string;
  /** In bytes from the start of the structure; fields that an `if` may leave out are counted as present. */
  readonly offset: number;
  /** In bytes. */
  readonly size: number;
  readonly doc?: string;
  /** The specification's clause. */
  readonly spec?: string;
}

/** Reads one structure. Generated from its .ksy. */
export interface Reader<T, Name extends string = string> {
  /** The structure's name by its specification. */
  readonly structure: string;
  /** In bytes, what lies elsewhere (`pos`) aside; undefined when it is not constant. */
  readonly size: number | undefined;
  /** Every field whose place is constant, in the order of the .ksy. */
  readonly fields: readonly Field[];
  /** The same by name. */
  readonly at: Readonly<Record<Name, Field>>;
  /** Reads it from where the stream stands. Prefer {@link parse}. */
  readonly read: (stream: CheckedStream) => T;
}

/** A class of generated code, with its members as [the specification's name, the generated property]. */
export interface Compiled {
  new (stream: CheckedStream): CompiledNode;
  members: readonly (readonly [name: string, property: string])[];
}
interface CompiledNode {
  readonly _io: CheckedStream;
  _read(): void;
}

/** Generated code: wraps a compiled class and its static table into a reader. */
export function reader<T, Name extends string>(
  structure: string,
  size: number | undefined,
  compiled: Compiled,
  fields: readonly (Field & { readonly name: Name })[],
): Reader<T, Name> {
  const at = Object.fromEntries(fields.map((field) => [field.name, field])) as unknown as Record<Name, Field>;
  const read = (stream: CheckedStream) => {
    const node = new compiled(stream);
    node._read();
    return plain(node) as T;
  };
  return { structure, size, fields, at, read };
}

/**
 * Reads a structure from the start of `bytes`. Bytes after it are left alone.
 * The value is plain data, complete: a lazy part that failed once would give half of itself the next time,
 * so that everything is read here, and nothing of it is kept when anything is wrong.
 *
 * @param options.offset - Where in the image `bytes` begin: what errors tell counts from the image's start. Default 0.
 * @throws FormatError with the offset and the path of the field that is cut off or refused.
 * @example
 * ```ts
 * parse(SetupHeader, image.bytes).pref_address; // 0x1000000n
 * ```
 */
export function parse<T>(
  reader: Pick<Reader<T>, 'structure' | 'read'>,
  bytes: Uint8Array,
  options: { readonly offset?: number } = {},
): T {
  return reader.read(new CheckedStream(bytes, { structure: reader.structure, offset: options.offset ?? 0 }));
}

function plain(node: CompiledNode): unknown {
  const { members } = node.constructor as unknown as Compiled;
  const properties = node as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    members.map(([name, property]) => [name, within(node._io, name, properties[property])]),
  );
}

/** Lazy parts of nested objects are read while they are copied: their errors need the way there, too. */
function within(stream: CheckedStream, name: string | number, value: unknown): unknown {
  if (!Array.isArray(value) && !isNode(value)) return value;
  stream.at(name);
  const copy = isNode(value) ? plain(value) : value.map((element, i) => within(stream, i, element));
  stream.done();
  return copy;
}

function isNode(value: unknown): value is CompiledNode {
  return typeof value === 'object' && value !== null && '_io' in value;
}
