import { createRequire } from 'node:module';
import { isMapping, type Mapping, type Tree } from './document.js';
import { refuser } from './error.js';
import type { Model } from './model.js';
import { camelCase } from './names.js';
import { members } from './rules.js';

interface Compiler {
  compile(
    language: 'javascript',
    document: unknown,
    importer: { importYaml(name: string): never },
    debug: boolean,
  ): Promise<Readonly<Record<string, string>>>;
}
// UMD, and without typings.
const compiler = createRequire(import.meta.url)('kaitai-struct-compiler') as Compiler;

const WRAPPED =
  /^\}\)\(typeof self .*function \(\w+, KaitaiStream\) \{\n(?<body>[^]*)\n\w+\.\w+ = \w+;\n\}\);\s*$/m;

/**
 * Kaitai's JavaScript for a .ksy without its module wrapper. It is compiled for debugging, where each field's reading is
 * marked; the marks become calls that tell the stream what is read, so that an error knows its field.
 */
export async function compiledBody(model: Model, document: Mapping): Promise<string> {
  const refuse = refuser(model.file);
  const importYaml = () => refuse('/meta/imports', 'imports are not supported');
  const files = await compiler
    .compile('javascript', undocumented(document), { importYaml }, true)
    .catch((error: unknown) => {
      return refuse('', `Kaitai refuses it: ${String(error)}`);
    });
  const [source = ''] = Object.values(files);
  const body = WRAPPED.exec(source)?.groups?.['body'] ?? unknownShape('the module wrapper');
  const names = new Map(model.types.flatMap(members).map(({ id }) => [camelCase(id), id]));
  const marked = marksToCalls(body.split('\n'), names).join('\n');
  const tied = marked.replaceAll(/new KaitaiStream\((?<bytes>[^()]+)\)/g, 'this._io.sub($<bytes>)');
  const foreign = [...tied.matchAll(/KaitaiStream\.(?<name>\w+)/g)].find(
    ({ groups }) => !SUPPORTED.test(groups?.['name'] ?? ''),
  );
  if (foreign !== undefined)
    refuse('', `it needs ${foreign[0]}, which CheckedStream does not have: do it in TypeScript`);
  if (/_debug|new KaitaiStream\(/.test(tied)) unknownShape('a debugging mark or a substream');
  return tied;
}

/** What generated code may call on the class of its stream. */
const SUPPORTED = /^(?:bytes(?:ToStr|Terminate|StripRight)|byteArrayCompare|mod|Validation\w+Error)$/;

/** Documentation stands in what we emit; Kaitai would repeat it in comments that a comment's end in it would close. */
function undocumented(tree: Tree): unknown {
  if (Array.isArray(tree)) return tree.map(undocumented);
  if (!isMapping(tree)) return tree;
  const kept = Object.entries(tree).filter(([key, value]) => !DOCUMENTATION.has(key) || isMapping(value));
  return Object.fromEntries(kept.map(([key, value]) => [key, undocumented(value)]));
}
const DOCUMENTATION: ReadonlySet<string> = new Set(['doc', 'doc-ref']);

/** The compiler is pinned: only an update of it, not a .ksy, can bring us here. */
function unknownShape(what: string): never {
  throw new Error(`kaitai-struct-compiler's output has changed: ${what} is not where it was`);
}

const BEGIN =
  /^(?<indent>\s*)this\._debug\.(?:_m_)?(?<property>\w+) = \{ start: (?<stream>\w+(?:\._io)?)\.pos, .*\};$/;
const ELEMENT =
  /^(?<indent>\s*)this\._debug\.\w+\.arr\[(?<index>.+)\] = \{ start: (?<stream>[\w.]+)\.pos, .*\};$/;
const END = /^(?<indent>\s*)this\._debug\.\w+(?:\.arr\[.+\])?\.end = (?<stream>[\w.]+)\.pos;$/;
const VALUE = /^(?<indent>\s*)this\._debug\._m_(?<property>\w+) = \{\s*\};$/;
const SEEK = /^\s*var _pos = [\w.]+\.pos;$/;
const INVALID = /^\s*this\._debug\..*\.validationError = _err;$/;
const LEFT_OUT = /^\s*this\._debug(?:\.\w+\.arr)? = (?:\{\s*\}|\[\]);$/;
/** `if (…) {`, `var _err = …`, the mark, `throw _err;`, `}`: a field is done only after its check. */
const CHECK_LINES = 5;
const CHECK_MARK = 3;

function marksToCalls(lines: readonly string[], names: ReadonlyMap<string, string>): readonly string[] {
  const calls = lines.map((line) => callsFor(line, names));
  const doneAfter = (i: number, call: string) => {
    const checked = INVALID.test(lines[i + CHECK_MARK] ?? '') ? i + CHECK_LINES : i;
    calls[checked]?.push(call);
  };
  lines.forEach((line, i) => {
    const end = END.exec(line)?.groups;
    if (end !== undefined) doneAfter(i, `${end['indent'] ?? ''}${end['stream'] ?? ''}.done();`);
    const value = VALUE.exec(line)?.groups;
    if (value !== undefined) doneAfter(i + 1, `${value['indent'] ?? ''}this._io.done();`);
    const instance = lines[i + 2] ?? '';
    // An instance is being read from before its seek on, and begins after it.
    if (SEEK.test(line) && BEGIN.test(instance)) {
      calls[i]?.unshift(...callsFor(instance, names));
      calls[i + 2] = [instance.replace(BEGIN, '$<indent>$<stream>.here();')];
    }
  });
  return calls.flat();
}

/** What a line becomes. */
function callsFor(line: string, names: ReadonlyMap<string, string>): string[] {
  const element = ELEMENT.exec(line)?.groups;
  if (element !== undefined) {
    return [`${element['indent'] ?? ''}${element['stream'] ?? ''}.at(${element['index'] ?? ''});`];
  }
  const begin = BEGIN.exec(line)?.groups ?? VALUE.exec(line)?.groups;
  if (begin !== undefined) {
    const property = begin['property'] ?? '';
    const name = names.get(property) ?? unknownShape(`the field ${property}`);
    return [`${begin['indent'] ?? ''}${begin['stream'] ?? 'this._io'}.at('${name}');`];
  }
  return [LEFT_OUT, INVALID, END].some((mark) => mark.test(line)) ? [] : [line];
}
