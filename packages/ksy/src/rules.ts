import { exactInteger } from './document.js';
import { type Refuse, refuser } from './error.js';
import { ARITHMETIC, BITWISE, fieldNames, hasOperator, literals } from './expression.js';
import type { Attribute, Expression, Model, Structure, ValueType } from './model.js';
import { camelCase } from './names.js';
import { mayBeEmpty, structureNamed } from './sizes.js';

/**
 * Refuses what Kaitai would compile into JavaScript that rounds, overflows, or lets a file choose how long it runs.
 *
 * @throws KsyError with the place and what to do instead.
 */
export function checkRules(model: Model): void {
  const refuse = refuser(model.file);
  for (const type of model.types) refuseUnknown(model, type, refuse);
  for (const type of model.types) refuseRecursion(model, type, [], refuse);
  refuseEqualProperties(model, refuse);
  for (const type of model.types) {
    for (const instance of type.instances) refuseCircle(model, type, instance, [], refuse);
  }
  for (const type of model.types) {
    for (const attribute of members(type)) checkAttribute(model, type, attribute, refuse);
  }
}

export function members(type: Structure): readonly Attribute[] {
  return [...type.seq, ...type.instances];
}

function checkAttribute(model: Model, type: Structure, attribute: Attribute, refuse: Refuse): void {
  const { path, repeat, enumeration, expressions } = attribute;
  for (const expression of expressions) checkExpression(model, type, attribute, expression, refuse);
  if (enumeration !== undefined && widthOf(attribute) === 8) {
    refuse(
      path,
      'an enum of 64 bits: its members are numbers, the field is a bigint; compare it in TypeScript',
    );
  }
  if (repeat !== undefined && repeat !== 'expr' && mayBeEmpty(model, attribute)) {
    refuse(path, `repeat: ${repeat} of elements that may be empty need not end`);
  }
}

function checkExpression(
  model: Model,
  type: Structure,
  attribute: Attribute,
  expression: Expression,
  refuse: Refuse,
): void {
  const { key, text } = expression;
  const path = `${attribute.path}/${key}`;
  const named = fieldNames(text).flatMap((name) => fieldsNamed(model, type, attribute, name));
  const widest = Math.max(0, ...named.map(widthOf));

  for (const literal of literals(text)) exactInteger(literal, path, refuse);
  if (widest === 8 && hasOperator(text, ARITHMETIC)) {
    refuse(path, `"${text}" calculates with a 64-bit field: compare it here, calculate in TypeScript`);
  }
  if (widest === 8 && key === 'switch-on') {
    refuse(path, `"${text}" is of 64 bits: cases are numbers, the field is a bigint; choose in TypeScript`);
  }
  const wide = widest === 4 || literals(text).some((literal) => literal >= 0x8000_0000n);
  if (wide && hasOperator(text, BITWISE)) {
    refuse(
      path,
      `"${text}" has a bit operator on 32 bits, where JavaScript turns negative: do it in TypeScript`,
    );
  }
  if (key === 'repeat-expr')
    named.forEach((field) => {
      refuseUnbounded(model, type, field, path, refuse);
    });
}

/** A count of 32 bits or more needs an upper bound; what is calculated is as bounded as what it is calculated from. */
function refuseUnbounded(
  model: Model,
  type: Structure,
  count: Attribute,
  path: string,
  refuse: Refuse,
): void {
  if (widthOf(count) >= 4 && !count.bounded) {
    refuse(path, `"${count.id}" has no upper bound, the file would size the loop: give it valid: { max: … }`);
  }
  if (count.type.kind !== 'value') return;
  const from = count.expressions.filter(({ key }) => key === 'value').flatMap(({ text }) => fieldNames(text));
  for (const name of from) {
    for (const field of fieldsNamed(model, type, undefined, name))
      refuseUnbounded(model, type, field, path, refuse);
  }
}

/** What a name in an expression may mean: a field of the same structure, else one of any; `_` is the attribute itself. */
function fieldsNamed(
  model: Model,
  type: Structure,
  self: Attribute | undefined,
  name: string,
): readonly Attribute[] {
  if (name === '_' && self !== undefined) return [self];
  const own = members(type).filter(({ id }) => id === name);
  return own.length > 0
    ? own
    : model.types.flatMap((other) => members(other).filter(({ id }) => id === name));
}

/** In bytes; 0 for what is no integer. */
function widthOf({ type }: Attribute): number {
  if (type.kind === 'value') return type.typescript === 'bigint' ? 8 : 0;
  if (type.kind === 'bits') return Math.ceil(type.count / 8);
  return type.kind === 'integer' ? type.bytes : 0;
}

/** The structures that a value holds directly. */
function structuresIn(type: ValueType): readonly string[] {
  if (type.kind === 'switch') return type.cases.flatMap(structuresIn);
  return type.kind === 'structure' ? [type.name] : [];
}

function refuseUnknown(model: Model, type: Structure, refuse: Refuse): void {
  for (const { path, type: value, enumeration } of members(type)) {
    for (const name of structuresIn(value)) {
      if (structureNamed(model, name) === undefined) refuse(path, `there is no type "${name}" in this file`);
    }
    const known =
      enumeration === undefined || model.enums.some(({ typeName }) => typeName === enumeration.typeName);
    if (!known) refuse(path, 'there is no such enum in this file');
  }
}

function refuseRecursion(model: Model, type: Structure, above: readonly Structure[], refuse: Refuse): void {
  if (above.includes(type))
    refuse(type.path, `"${type.name}" contains itself: the file would choose how deep`);
  for (const name of members(type).flatMap((member) => structuresIn(member.type))) {
    const inner = structureNamed(model, name);
    if (inner !== undefined) refuseRecursion(model, inner, [...above, type], refuse);
  }
}

/** Instances are read when they are asked for: one that needs itself would never be. */
function refuseCircle(
  model: Model,
  type: Structure,
  instance: Attribute,
  above: readonly Attribute[],
  refuse: Refuse,
): void {
  if (above.includes(instance)) refuse(instance.path, `"${instance.id}" is calculated from itself`);
  const named = instance.expressions.flatMap(({ text }) => fieldNames(text)).filter((name) => name !== '_');
  for (const field of named.flatMap((name) => fieldsNamed(model, type, undefined, name))) {
    const lazy = model.types.find(({ instances }) => instances.includes(field));
    if (lazy !== undefined) refuseCircle(model, lazy, field, [...above, instance], refuse);
  }
}

/** Kaitai drops underscores: `a_1` and `a1` would become one property. */
function refuseEqualProperties(model: Model, refuse: Refuse): void {
  const seen = new Map<string, string>();
  for (const { id, path } of model.types.flatMap(members)) {
    const other = seen.get(camelCase(id)) ?? id;
    if (other !== id) refuse(path, `"${id}" and "${other}" become one name in generated code`);
    seen.set(camelCase(id), id);
  }
}
