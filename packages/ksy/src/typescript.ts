import { refuser } from './error.js';
import { ARITHMETIC, fieldNames, tokens, WORDS } from './expression.js';
import type { Attribute, Enumeration, Model, Structure, ValueType } from './model.js';
import { members } from './rules.js';
import { structureNamed } from './sizes.js';

/** The interface of what a structure's reader gives. */
export function interfaceOf(model: Model, structure: Structure): string {
  const fields = members(structure).map((attribute) => {
    // The structure's own clause stands above it once.
    const spec = attribute.spec === structure.spec ? undefined : attribute.spec;
    const type = attributeType(model, structure, attribute);
    return `${jsdoc({ doc: attribute.doc, spec }, '  ')}  readonly ${attribute.id}: ${type};\n`;
  });
  return `${jsdoc(structure)}export interface ${structure.typeName} {\n${fields.join('')}}\n`;
}

/** The members of an enum, and the union of their values under the same name. */
export function enumerationOf({ typeName, members: all, doc }: Enumeration): string {
  const lines = all.map(({ id, value, doc }) => `${jsdoc({ doc }, '  ')}  ${id}: ${String(value)},\n`);
  return (
    `${jsdoc({ doc })}export const ${typeName} = {\n${lines.join('')}} as const;\n` +
    `export type ${typeName} = (typeof ${typeName})[keyof typeof ${typeName}];\n`
  );
}

/** A documentation comment; nothing where there is nothing to say. */
export function jsdoc(
  { doc, spec }: { readonly doc?: string | undefined; readonly spec?: string | undefined },
  indent = '',
): string {
  const lines = [...(doc?.split('\n') ?? []), ...(spec === undefined ? [] : [`@see ${spec}`])];
  const safe = lines.map((line) => line.replaceAll('*/', '*\\/').trimEnd());
  if (safe.length === 0) return '';
  if (safe.length === 1) return `${indent}/** ${safe.join('')} */\n`;
  return `${indent}/**\n${safe.map((line) => `${indent} * ${line}`.trimEnd() + '\n').join('')}${indent} */\n`;
}

function attributeType(model: Model, structure: Structure, attribute: Attribute): string {
  const element = elementType(model, structure, attribute);
  const repeated = attribute.repeat === undefined ? element : `readonly ${parenthesized(element)}[]`;
  return attribute.optional ? `${repeated} | undefined` : repeated;
}

function parenthesized(type: string): string {
  return type.includes('|') ? `(${type})` : type;
}

function elementType(model: Model, structure: Structure, attribute: Attribute): string {
  const { enumeration, type } = attribute;
  if (enumeration?.validated === true) return enumeration.typeName;
  if (type.kind !== 'value') return valueType(model, type);
  const inferred = type.typescript ?? inferredType(structure, attribute);
  return (
    inferred ??
    refuser(model.file)(attribute.path, 'give the type of this value as -ts-type: number (or bigint, …)')
  );
}

function valueType(model: Model, type: ValueType): string {
  switch (type.kind) {
    case 'integer':
      return type.bytes === 8 ? 'bigint' : 'number';
    case 'float':
      return 'number';
    case 'bits':
      return type.count === 1 ? 'boolean' : 'number';
    case 'bytes':
      return 'Uint8Array';
    case 'text':
      return 'string';
    case 'structure':
      return structureNamed(model, type.name)?.typeName ?? type.name;
    case 'switch': {
      const cases = type.cases.map((one) => valueType(model, one));
      return [...new Set([...cases, ...(type.total ? [] : ['undefined'])])].join(' | ');
    }
    case 'value':
      return type.typescript ?? 'unknown';
  }
}

/** Plain arithmetic over numbers of the same structure needs no `-ts-type`. */
function inferredType(structure: Structure, { expressions }: Attribute): string | undefined {
  const value = expressions.find(({ key }) => key === 'value')?.text ?? '0';
  const arithmetic = tokens(value).every(({ kind, text }) => {
    return (
      kind === 'number' ||
      (kind === 'name' && !WORDS.has(text)) ||
      ARITHMETIC.has(text) ||
      '()'.includes(text)
    );
  });
  const fields = fieldNames(value).map((name) => members(structure).find(({ id }) => id === name));
  const numbers = fields.every((field) => field !== undefined && isNumber(structure, field));
  return arithmetic && numbers ? 'number' : undefined;
}

function isNumber(structure: Structure, field: Attribute): boolean {
  const { type, repeat, optional } = field;
  if (repeat !== undefined || optional) return false;
  if (type.kind === 'value') return (type.typescript ?? inferredType(structure, field)) === 'number';
  return (
    (type.kind === 'integer' && type.bytes < 8) ||
    type.kind === 'float' ||
    (type.kind === 'bits' && type.count > 1)
  );
}
