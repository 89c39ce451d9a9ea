import type { Attribute, Model, Structure, ValueType } from './model.js';

/** The structure of that name; the rules make sure there is one. */
export function structureNamed(model: Model, name: string): Structure | undefined {
  return model.types.find((type) => type.name === name);
}

/** In bytes, its instances aside, when it is constant. */
export function sizeOfStructure(model: Model, structure: Structure): number | undefined {
  return layout(model, structure.seq).end;
}

/** One element of an attribute, in bytes, when it is constant. Bit fields have none of their own. */
export function sizeOfElement(model: Model, { type, size }: Attribute): number | undefined {
  return size ?? sizeOfType(model, type);
}

function sizeOfType(model: Model, type: ValueType): number | undefined {
  if (type.kind === 'integer' || type.kind === 'float') return type.bytes;
  if (type.kind !== 'structure') return undefined;
  const structure = structureNamed(model, type.name);
  return structure && sizeOfStructure(model, structure);
}

/** All of an attribute, in bytes, when it is constant. */
export function sizeOfAttribute(model: Model, attribute: Attribute): number | undefined {
  const element = sizeOfElement(model, attribute);
  if (attribute.repeat === undefined) return element;
  return element === undefined || attribute.count === undefined ? undefined : element * attribute.count;
}

export interface Laid {
  readonly attribute: Attribute;
  readonly offset: number;
  readonly size: number;
}

/**
 * Where the fields of a sequence lie, as far as that is constant, optional ones counted as present.
 * `end` is known only if all of it is constant, and nothing optional.
 */
export function layout(
  model: Model,
  seq: readonly Attribute[],
): { readonly laid: readonly Laid[]; readonly end: number | undefined } {
  const laid: Laid[] = [];
  let bit = 0;
  for (const attribute of seq) {
    const bits = bitsOf(attribute);
    const begin = bits === undefined ? Math.ceil(bit / 8) * 8 : bit;
    const size = sizeOfAttribute(model, attribute);
    const length = bits ?? (size === undefined ? undefined : size * 8);
    if (length === undefined) return { laid, end: undefined };
    bit = begin + length;
    const offset = Math.floor(begin / 8);
    laid.push({ attribute, offset, size: Math.ceil(bit / 8) - offset });
  }
  return { laid, end: seq.some(({ optional }) => optional) ? undefined : Math.ceil(bit / 8) };
}

function bitsOf({ type, repeat, count }: Attribute): number | undefined {
  if (type.kind !== 'bits') return undefined;
  if (repeat === undefined) return type.count;
  return count === undefined ? undefined : type.count * count;
}

/** Whether an element may take no bytes at all: then nothing but its count would bound how many are read. */
export function mayBeEmpty(model: Model, { type, size }: Attribute): boolean {
  return size === undefined ? typeMayBeEmpty(model, type) : size === 0;
}

function typeMayBeEmpty(model: Model, type: ValueType): boolean {
  switch (type.kind) {
    case 'integer':
    case 'float':
    case 'bits':
      return false;
    case 'text':
      return !type.terminated;
    case 'bytes':
    case 'value':
      return true;
    case 'structure':
      return (
        structureNamed(model, type.name)?.seq.every((field) => attributeMayBeEmpty(model, field)) ?? true
      );
    case 'switch':
      return !type.total || type.cases.some((one) => typeMayBeEmpty(model, one));
  }
}

function attributeMayBeEmpty(model: Model, attribute: Attribute): boolean {
  const none = attribute.optional || (attribute.repeat !== undefined && !((attribute.count ?? 0) > 0));
  return none || mayBeEmpty(model, attribute);
}
