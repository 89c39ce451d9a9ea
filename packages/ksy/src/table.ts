import type { Attribute, Model, Structure } from './model.js';
import { type Laid, layout, sizeOfAttribute, structureNamed } from './sizes.js';

/** One line of the static table that a reader exports. */
export interface Row {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly doc?: string;
  readonly spec?: string;
}

/** Every field whose place in a structure is constant, those of nested structures by their path. */
export function fieldTable(model: Model, structure: Structure): readonly Row[] {
  const positioned = structure.instances.flatMap((attribute): readonly Laid[] => {
    const size = sizeOfAttribute(model, attribute);
    return attribute.pos === undefined || size === undefined
      ? []
      : [{ attribute, offset: attribute.pos, size }];
  });
  return [...layout(model, structure.seq).laid, ...positioned].flatMap((field) => rows(model, field));
}

function rows(model: Model, { attribute, offset, size }: Laid): readonly Row[] {
  const { id, doc, spec } = attribute;
  const own: Row = {
    name: id,
    offset,
    size,
    ...(doc === undefined ? {} : { doc }),
    ...(spec === undefined ? {} : { spec }),
  };
  const inner = nested(model, attribute).map((row) => ({
    ...row,
    name: `${id}.${row.name}`,
    offset: offset + row.offset,
  }));
  return [own, ...inner];
}

function nested(model: Model, { type, repeat }: Attribute): readonly Row[] {
  const structure =
    type.kind === 'structure' && repeat === undefined ? structureNamed(model, type.name) : undefined;
  return structure === undefined ? [] : fieldTable(model, structure);
}
