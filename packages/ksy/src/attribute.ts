import { isMapping, list, type Mapping, mapping, textOf, type Tree } from './document.js';
import type { Refuse } from './error.js';
import type { Attribute, Expression } from './model.js';
import { pascalCase } from './names.js';
import { readType } from './value-type.js';

const KEYS = [
  'id',
  'type',
  'size',
  'size-eos',
  'contents',
  'repeat',
  'repeat-expr',
  'repeat-until',
  'if',
  'enum',
  'valid',
  'encoding',
  'terminator',
  'include',
  'consume',
  'eos-error',
  'pad-right',
  'doc',
  'doc-ref',
];
const INSTANCE_KEYS = [...KEYS, 'pos', 'io', 'value'];
const EXPRESSION_KEYS = ['if', 'size', 'repeat-expr', 'repeat-until', 'pos', 'io', 'value'];
const REPEATS = ['expr', 'eos', 'until'] as const;

/** An attribute as it stands in the .ksy, with what it needs of its surroundings. */
export interface Raw {
  readonly tree: Tree;
  readonly path: string;
  /** The key of an instance; elsewhere the attribute's own `id` counts. */
  readonly id: string | undefined;
  readonly isInstance: boolean;
  /** The clause of the structure around it. */
  readonly spec: string | undefined;
}

export function readAttribute(raw: Raw, refuse: Refuse): Attribute {
  const { path, isInstance } = raw;
  const tree = mapping(raw.tree, path, refuse, isInstance ? INSTANCE_KEYS : KEYS);
  const id = raw.id ?? textOf(tree['id']) ?? refuse(path, 'there is no id');
  if (id === 'constructor')
    refuse(path, 'a field called "constructor" would hide the class of generated objects');
  if (isInstance && tree['pos'] === undefined && tree['value'] === undefined)
    refuse(path, 'give a pos or a value');
  refuseEncoding(tree, path, refuse);

  const valid = tree['valid'];
  const doc = textOf(tree['doc']);
  const spec = textOf(tree['doc-ref']) ?? raw.spec;
  const repeat = REPEATS.find((kind) => kind === tree['repeat']);
  const size =
    tree['contents'] === undefined ? integer(tree['size']) : contentsSize(tree['contents'], path, refuse);
  const pos = tree['io'] === undefined ? integer(tree['pos']) : undefined;
  const count = integer(tree['repeat-expr']);
  return {
    id,
    path,
    ...(doc === undefined ? {} : { doc }),
    ...(spec === undefined ? {} : { spec }),
    type: readType(tree, path, refuse),
    ...(repeat === undefined ? {} : { repeat }),
    optional: tree['if'] !== undefined,
    ...(size === undefined ? {} : { size }),
    ...(pos === undefined ? {} : { pos }),
    ...(count === undefined ? {} : { count }),
    bounded:
      valid !== undefined &&
      (!isMapping(valid) || ['max', 'eq', 'any-of', 'in-enum'].some((key) => key in valid)),
    ...enumerationOf(tree),
    expressions: expressionsOf(tree),
  };
}

function enumerationOf(tree: Mapping): Pick<Attribute, 'enumeration'> {
  const { enum: name, valid } = tree as { readonly enum?: Tree; readonly valid?: Tree };
  if (typeof name !== 'string') return {};
  const validated = isMapping(valid) && valid['in-enum'] === true;
  return { enumeration: { typeName: pascalCase(name.split('::').at(-1) ?? name), validated } };
}

function expressionsOf(tree: Mapping): readonly Expression[] {
  const plain = EXPRESSION_KEYS.map((key) => ({ key, tree: tree[key] }));
  const { type, valid } = tree as { readonly type?: Tree; readonly valid?: Tree };
  const switched = isMapping(type) ? [{ key: 'switch-on', tree: type['switch-on'] }] : [];
  const bounds = isMapping(valid)
    ? Object.values(valid).flatMap((bound) => (Array.isArray(bound) ? (bound as readonly Tree[]) : [bound]))
    : [valid];
  return [...plain, ...switched, ...bounds.map((bound) => ({ key: 'valid', tree: bound }))].flatMap(
    ({ key, tree }) => (typeof tree === 'string' ? [{ key, text: tree }] : []),
  );
}

function refuseEncoding(tree: Mapping, path: string, refuse: Refuse): void {
  const encoding = textOf(tree['encoding']);
  if (encoding === undefined || ['ascii', 'utf-8'].includes(encoding.toLowerCase())) return;
  refuse(path, `encoding ${encoding} is not supported: ASCII or UTF-8, or read bytes`);
}

/** A literal, also one written as text. */
function integer(tree: Tree | undefined): number | undefined {
  const text = typeof tree === 'string' ? tree : undefined;
  if (text !== undefined && /^(?:0x[0-9a-f]+|\d+)$/i.test(text)) return Number(text);
  return typeof tree === 'number' ? tree : undefined;
}

function contentsSize(tree: Tree, path: string, refuse: Refuse): number {
  const parts = typeof tree === 'string' ? [tree] : list(tree, `${path}/contents`, refuse);
  return parts.reduce<number>(
    (sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : 1),
    0,
  );
}
