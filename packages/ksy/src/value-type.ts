import { isMapping, type Mapping, mapping, textOf, type Tree } from './document.js';
import type { Refuse } from './error.js';
import type { ValueType } from './model.js';

/** What one element of an attribute is. */
export function readType(tree: Mapping, path: string, refuse: Refuse): ValueType {
  const { type } = tree as { readonly type?: Tree };
  if (tree['value'] !== undefined) return { kind: 'value', typescript: textOf(tree['-ts-type']) };
  if (isMapping(type)) return switched(tree, type, path, refuse);
  if (type === undefined) return untyped(tree, path, refuse);
  return typeof type === 'string'
    ? named(type, tree, path, refuse)
    : refuse(path, 'the type is neither a name nor a switch');
}

function untyped(tree: Mapping, path: string, refuse: Refuse): ValueType {
  const sized = ['size', 'size-eos', 'contents', 'terminator'].some((key) => tree[key] !== undefined);
  return sized ? { kind: 'bytes' } : refuse(path, 'give a type, a size or contents');
}

function switched(tree: Mapping, type: Mapping, path: string, refuse: Refuse): ValueType {
  const cases = mapping(type['cases'], `${path}/type/cases`, refuse);
  const kinds = Object.values(cases).map((name) =>
    named(textOf(name) ?? '', tree, `${path}/type/cases`, refuse),
  );
  const sized = tree['size'] !== undefined || tree['size-eos'] !== undefined;
  const fallback: readonly ValueType[] = '_' in cases || !sized ? [] : [{ kind: 'bytes' }];
  return { kind: 'switch', cases: [...kinds, ...fallback], total: sized || '_' in cases };
}

function named(type: string, tree: Mapping, path: string, refuse: Refuse): ValueType {
  const number = /^(?<kind>[usf])(?<bytes>[1248])(?:le|be)?$/.exec(type)?.groups;
  if (number !== undefined)
    return { kind: number['kind'] === 'f' ? 'float' : 'integer', bytes: Number(number['bytes']) };
  const bits = /^b(\d+)(?:le|be)?$/.exec(type);
  if (bits !== null) return bitField(Number(bits[1]), path, refuse);
  if (type === 'str' || type === 'strz') {
    return {
      kind: 'text',
      terminated: (type === 'strz' || tree['terminator'] !== undefined) && tree['eos-error'] !== false,
    };
  }
  if (/[^a-z0-9_:]/.test(type)) return refuse(path, `type ${type}: parameters and arrays are not supported`);
  return { kind: 'structure', name: type.split('::').at(-1) ?? type };
}

function bitField(count: number, path: string, refuse: Refuse): ValueType {
  if (count < 1 || count > 32) refuse(path, `a bit field of ${String(count)} bits: 1 to 32 are supported`);
  return { kind: 'bits', count };
}
