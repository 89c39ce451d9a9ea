import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const CONSUMER = here('fixtures/consumer.ts');
const GENERATED = here('fixtures/every-feature.ts');

/** The compiler's complaints about a consumer of the generated module, under the repository's own flags. */
function complaints(consumer: string, generated: string): readonly string[] {
  const { config } = ts.readConfigFile(here('../../../tsconfig.base.json'), (path) =>
    ts.sys.readFile(path),
  ) as {
    config: { compilerOptions: object };
  };
  const parsed = ts.convertCompilerOptionsFromJson(config.compilerOptions, here('..'));
  const options = {
    ...parsed.options,
    composite: false,
    noEmit: true,
    // The runtime's own typings need Node's; structures ships without them.
    paths: { 'kaitai-struct/KaitaiStream.js': [here('../../structures/types/kaitai-stream.d.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const virtual = new Map([
    [CONSUMER, consumer],
    [GENERATED, generated],
  ]);
  const inherited = {
    read: host.readFile.bind(host),
    exists: host.fileExists.bind(host),
    source: host.getSourceFile.bind(host),
  };
  host.readFile = (path) => virtual.get(path) ?? inherited.read(path);
  host.fileExists = (path) => virtual.has(path) || inherited.exists(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = virtual.get(path);
    return text === undefined
      ? inherited.source(path, version, ...rest)
      : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram([CONSUMER], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${file?.fileName.split('/').at(-1) ?? ''}:${String(line)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

const generated = readFileSync(GENERATED, 'utf8');
const consumer = (body: string) => `
import { parse, writer } from '@kexec-kit/structures';
import { EveryFeature, Kind } from './every-feature.js';
const read: EveryFeature = parse(EveryFeature, new Uint8Array(0));
export const used = [parse, writer, Kind, read];
${body}
`;

it('type-checks, for its consumers, under the strictest flags and without the types of Node or the DOM', () => {
  const uses = consumer(`
export const entry: bigint = read.entry_point;
export const signed: bigint = read.signed;
export const names: readonly string[] = read.words;
export const extra: number | undefined = read.extra;
export const kind: Kind = read.kind;
export const circle: 1 = Kind.circle;
export const flag: boolean = read.flag;
export const payload: Uint8Array = read.payload.bytes;
export const side: number = read.shape !== undefined && 'side' in read.shape ? read.shape.side : 0;
export const late: number | undefined = read.late?.[0]?.at;
export const built = writer(8).u8(EveryFeature.at.kind, 1);
`);
  expect(complaints(uses, generated)).toEqual([]);
});

it.each([
  ['a 64-bit field is no number', 'export const x: number = read.entry_point;'],
  ['an optional field may be missing', 'export const x: number = read.extra;'],
  ['what is read is read-only', 'read.small = 1;'],
  ['a repeated field is read-only', 'read.entries.push({ at: 1, what: 1 });'],
  ['an enum that is not validated may be anything', 'export const x: Kind = read.any_kind;'],
  ['a field that is not in the .ksy', 'export const x: unknown = read.entryPoint;'],
  ['a name that is not in the table', 'export const x: number = EveryFeature.at.extra.offset;'],
])(
  '%s, to the compiler',
  (_, body) => {
    expect(complaints(consumer(body), generated)).toHaveLength(1);
  },
  60_000,
);

it('declares without fault: only what Kaitai emitted needs the blind eye', () => {
  const checked = generated.replace('// @ts-nocheck\n', '\n');
  const lines = checked.split('\n');
  const isBody = (line: number) =>
    line > lines.findIndex((text) => text.startsWith('const compiled')) &&
    line <= lines.indexOf('})(CheckedStream);') + 1;
  const all = complaints(consumer(''), checked).map(
    (complaint) => /^every-feature\.ts:(\d+)/.exec(complaint)?.[1],
  );
  expect(all.length).toBeGreaterThan(0);
  expect(all.filter((line) => line === undefined || !isBody(Number(line)))).toEqual([]);
});
