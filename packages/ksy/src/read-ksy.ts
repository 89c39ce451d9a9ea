import { readAttribute } from './attribute.js';
import { isMapping, list, type Mapping, mapping, readDocument, textOf, type Tree } from './document.js';
import { type Refuse, refuser } from './error.js';
import type { Attribute, Enumeration, Model, Structure } from './model.js';
import { pascalCase } from './names.js';

const FILE_KEYS = ['meta', 'seq', 'instances', 'types', 'enums', 'doc', 'doc-ref'];
const META_KEYS = [
  'id',
  'title',
  'endian',
  'bit-endian',
  'encoding',
  'license',
  'ks-version',
  'xref',
  'application',
  'file-extension',
  'tags',
];

/** Where a structure stands: what it inherits from what is around it. */
interface Surroundings {
  readonly access: string;
  readonly path: string;
  readonly spec?: string;
}

/** The model of a .ksy, and the same as the compiler wants it. */
export function readKsy(text: string, file: string): { readonly model: Model; readonly document: Mapping } {
  const refuse = refuser(file);
  const document = readDocument(text, refuse);
  const meta = mapping(document['meta'], '/meta', refuse, META_KEYS);
  const id = name(textOf(meta['id']) ?? refuse('/meta', 'there is no id'), '/meta/id', refuse);
  if (isMapping(meta['endian'])) refuse('/meta/endian', 'calculated endianness is not supported');

  const types = structures(id, document, { access: '', path: '' }, refuse);
  const enums = [...enumerations(document, '', refuse)];
  refuseDoubles([...types, ...enums], refuse);
  return { model: { file, types, enums }, document };
}

function structures(id: string, tree: Mapping, around: Surroundings, refuse: Refuse): Model['types'] {
  const { access, path } = around;
  const spec = textOf(tree['doc-ref']) ?? around.spec;
  const described = { ...optional('doc', textOf(tree['doc'])), ...optional('spec', spec) };
  const attribute = (tree: Tree, at: string, isInstance: boolean, instance?: string): Attribute =>
    readAttribute({ tree, path: at, id: instance, isInstance, spec }, refuse);
  const own: Structure = {
    name: id,
    typeName: pascalCase(id),
    access,
    path,
    ...described,
    seq: list(tree['seq'], `${path}/seq`, refuse).map((field, i) =>
      attribute(field, `${path}/seq/${String(i)}`, false),
    ),
    instances: entries(tree, 'instances', path, refuse).map(([key, field, at]) =>
      attribute(field, at, true, key),
    ),
  };
  const nested = entries(tree, 'types', path, refuse).flatMap(([key, type, at]) => {
    const inside = mapping(type, at, refuse, FILE_KEYS);
    return structures(
      key,
      inside,
      { access: `${access}.${pascalCase(key)}`, path: at, ...optional('spec', spec) },
      refuse,
    );
  });
  mapping(tree, path, refuse, FILE_KEYS);
  return [own, ...nested];
}

function enumerations(tree: Mapping, path: string, refuse: Refuse): readonly Enumeration[] {
  const own = entries(tree, 'enums', path, refuse).map(([key, members, at]): Enumeration => {
    const found = Object.entries(mapping(members, at, refuse)).map(([value, member]) => {
      const described = mapping(
        typeof member === 'object' ? member : { id: member },
        `${at}/${value}`,
        refuse,
      );
      if (!/^\d+$/.test(value)) refuse(`${at}/${value}`, 'not a number');
      const id = textOf(described['id']) ?? refuse(`${at}/${value}`, 'there is no id');
      return { id, value: Number(value), ...optional('doc', textOf(described['doc'])) };
    });
    return { name: key, typeName: pascalCase(key), path: at, members: found };
  });
  const nested = entries(tree, 'types', path, refuse).flatMap(([, type, at]) =>
    enumerations(mapping(type, at, refuse), at, refuse),
  );
  return [...own, ...nested];
}

function entries(
  tree: Mapping,
  key: string,
  path: string,
  refuse: Refuse,
): readonly (readonly [name: string, value: Tree, path: string])[] {
  const at = `${path}/${key}`;
  return Object.entries(mapping(tree[key], at, refuse)).map(([id, value]) => {
    return [name(id, `${at}/${id}`, refuse), value, `${at}/${id}`] as const;
  });
}

function name(id: string, path: string, refuse: Refuse): string {
  return /^[a-z][a-z0-9_]*$/.test(id)
    ? id
    : refuse(path, `"${id}" is not a name of lower-case letters, digits and _`);
}

/** Types and enums become exports of one module, beside what JavaScript itself calls `Object` or `Map`. */
function refuseDoubles(named: readonly { typeName: string; path: string }[], refuse: Refuse): void {
  const seen = new Set<string>();
  for (const { typeName, path } of named) {
    if (seen.has(typeName))
      refuse(path, `a second "${typeName}": names of types and enums are unique within a file`);
    if (typeName in globalThis || ['Reader', 'CheckedStream', 'KaitaiStream'].includes(typeName)) {
      refuse(path, `"${typeName}" has a meaning of its own in what is generated: choose another name`);
    }
    seen.add(typeName);
  }
}

function optional<K extends string>(key: K, value: string | undefined): Readonly<Partial<Record<K, string>>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<K, string>>;
}
