import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../../tools/workspace.mjs';

/** What the strictest compiler says of these files; one line each, with the line of code that it is about. */
export function typeErrors(paths: readonly string[]): readonly string[] {
  const base = ts.readConfigFile(join(root, 'tsconfig.base.json'), (path) => ts.sys.readFile(path));
  const { compilerOptions } = base.config as { compilerOptions: object };
  const options = {
    ...ts.convertCompilerOptionsFromJson(compilerOptions, root).options,
    ...{ noEmit: true, composite: false, declaration: false, declarationMap: false, sourceMap: false },
    // What an example makes is for the reader, who goes on with it.
    ...{ noUnusedLocals: false, types: ['node'], skipLibCheck: true },
  };
  const program = ts.createProgram(paths, options, hostWith(options));
  return ts.getPreEmitDiagnostics(program).map(asLine);
}

/** What does not change between two calls is parsed once: TypeScript's own library, and Node's types. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function hostWith(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...how) => {
    if (!name.includes('/node_modules/')) return read(name, ...how);
    if (!parsed.has(name)) parsed.set(name, read(name, ...how));
    return parsed.get(name);
  };
  return host;
}

function asLine({ file, start = 0, messageText }: ts.Diagnostic): string {
  const words = ts.flattenDiagnosticMessageText(messageText, ' ');
  if (file === undefined) return words;
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `${file.text.split('\n')[0] ?? ''} ${file.text.split('\n')[line]?.trim() ?? ''} ${words}`;
}
