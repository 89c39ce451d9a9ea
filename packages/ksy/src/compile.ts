import { compiledBody } from './body.js';
import type { Model, Structure } from './model.js';
import { camelCase } from './names.js';
import { readKsy } from './read-ksy.js';
import { checkRules, members } from './rules.js';
import { sizeOfStructure } from './sizes.js';
import { fieldTable, type Row } from './table.js';
import { enumerationOf, interfaceOf, jsdoc } from './typescript.js';

/**
 * Compiles one .ksy to one TypeScript module: interfaces, enums, and a reader per structure for
 * `@kexec-kit/structures`.
 *
 * @param text - The .ksy.
 * @param options.file - Its name, for errors and for the header of the result.
 * @throws KsyError when it is not a .ksy, or one that would give JavaScript that rounds or does not end.
 * @example
 * ```ts
 * await compileKsy('meta: { id: note, endian: le }\nseq: [{ id: entry, type: u8 }]', { file: 'note.ksy' });
 * ```
 */
export async function compileKsy(text: string, options: { readonly file: string }): Promise<string> {
  const { model, document } = readKsy(text, options.file);
  checkRules(model);
  const declarations = [
    ...model.enums.map(enumerationOf),
    ...model.types.map((structure) => interfaceOf(model, structure)),
  ];
  const [own] = model.types;
  return [
    `// Generated from ${options.file} by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.\n`,
    '/* eslint-disable */\n',
    '// What Kaitai emits has no types; what is declared here has, and is checked where it is used.\n',
    '// @ts-nocheck\n',
    "import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';\n",
    ...declarations.map((declaration) => `\n${declaration}`),
    `\nconst compiled: any = ((KaitaiStream) => {\n${await compiledBody(model, document)}\nreturn ${own.typeName};\n})(CheckedStream);\n`,
    ...model.types.map(membersOf),
    ...model.types
      .filter((structure) => standsAlone(model, structure))
      .map((one) => `\n${readerOf(model, one)}`),
  ].join('');
}

function membersOf(structure: Structure): string {
  const pairs = members(structure).map(({ id }) => `['${id}', '${camelCase(id)}']`);
  return `compiled${structure.access}.members = [${pairs.join(', ')}];\n`;
}

/** A nested structure that looks at what is around it can only be read within it. */
function standsAlone(model: Model, structure: Structure): boolean {
  const outward = members(structure).some(({ expressions }) =>
    expressions.some(({ text }) => /\b_(?:root|parent)\b/.test(text)),
  );
  const inner = members(structure).flatMap(({ type }) => (type.kind === 'switch' ? type.cases : [type]));
  const names = inner.flatMap((type) => (type.kind === 'structure' ? [type.name] : []));
  const alone = model.types
    .filter(({ name }) => names.includes(name))
    .every((one) => standsAlone(model, one));
  return structure === model.types[0] || (!outward && alone);
}

function readerOf(model: Model, structure: Structure): string {
  const { name, typeName, access } = structure;
  const table = fieldTable(model, structure);
  const names = table.map((row) => `'${row.name}'`).join(' | ') || 'never';
  const size = String(sizeOfStructure(model, structure));
  return (
    `${jsdoc(structure)}export const ${typeName}: Reader<${typeName}, ${names}> = ` +
    `reader('${name}', ${size}, compiled${access}, [\n${table.map(rowLine).join('')}]);\n`
  );
}

function rowLine({ name, offset, size, doc, spec }: Row): string {
  const said = [
    ...(doc === undefined ? [] : [`doc: ${JSON.stringify(doc)}`]),
    ...(spec === undefined ? [] : [`spec: ${JSON.stringify(spec)}`]),
  ];
  return `  { ${[`name: '${name}'`, `offset: ${hex(offset)}`, `size: ${hex(size)}`, ...said].join(', ')} },\n`;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
