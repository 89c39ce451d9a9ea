import ts from 'typescript';
import type { Block } from './blocks.js';

/** An example as a module that compares what its comments promise. */
export interface Program {
  readonly text: string;
  /** How many comparisons it makes when it runs to its end. */
  readonly comparisons: number;
}

const silence = '$docs.silence';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Where a name comes from that an example uses and does not declare: the module to import it from. */
export type Scope = ReadonlyMap<string, string>;

export interface Surroundings {
  readonly scope: Scope;
  /** The files that an example may name as its own, and where they are. */
  readonly files: ReadonlyMap<string, string>;
  /** The module that compares. */
  readonly comparer: string;
}

/**
 * Makes a module of an example. `expression; // value` and `const name = …; // value` compare with the value;
 * `console.log(…); // text` compares what is printed. A comment that is no value is for the reader only.
 */
export function programOf(block: Block, { scope, files, comparer }: Surroundings): Program {
  const code = applied(
    block.code,
    collect(sourceOf(block.code), (node) => filePath(node, files)),
  );
  const source = sourceOf(code);
  const edits = collect(source, (node) => comparison(node, code));
  const imports = [...freeNames(source)].flatMap((name) => {
    const from = scope.get(name);
    return from === undefined ? [] : [`import { ${name} } from '${from}';`];
  });
  const head = [`// ${block.file}:${block.line}`, `import * as $docs from '${comparer}';`, ...imports];
  const text = [...head, applied(code, edits), 'export {};', '$docs.done();', ''].join('\n');
  return { text, comparisons: edits.filter(({ text: by }) => by !== silence).length };
}

function sourceOf(code: string): ts.SourceFile {
  return ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022, true);
}

/** What is said of each node, in the order of the text. */
function collect(root: ts.Node, editsOf: (node: ts.Node) => readonly Edit[]): readonly Edit[] {
  const found: Edit[] = [];
  const visit = (node: ts.Node): void => {
    found.push(...editsOf(node));
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

function filePath(node: ts.Node, files: ReadonlyMap<string, string>): readonly Edit[] {
  const path = ts.isStringLiteral(node) ? files.get(node.text) : undefined;
  return path === undefined ? [] : [{ start: node.getStart(), end: node.end, text: JSON.stringify(path) }];
}

function comparison(statement: ts.Node, code: string): readonly Edit[] {
  if (ts.isVariableStatement(statement))
    return comparedConstant(statement, commentBehind(code, statement.end));
  if (!ts.isExpressionStatement(statement)) return [];
  const comment = commentBehind(code, statement.end);
  const { expression } = statement;
  if (ts.isCallExpression(expression) && /^console\.(log|error)$/.test(expression.expression.getText())) {
    const { expression: callee } = expression;
    return [{ start: callee.getStart(), end: callee.end, text: printer(comment) }];
  }
  const value = valueIn(comment);
  if (value === undefined) return [];
  const text = `$docs.compare(${expression.getText()}, ${value})`;
  return [{ start: expression.getStart(), end: expression.end, text }];
}

/** Nothing is printed in a test; what has a comment is compared with it. */
function printer(comment: string | undefined): string {
  return comment === undefined ? silence : `$docs.prints(${JSON.stringify(comment)})`;
}

function comparedConstant(statement: ts.VariableStatement, comment: string | undefined): readonly Edit[] {
  const [declaration] = statement.declarationList.declarations;
  const value = valueIn(comment);
  if (declaration === undefined || !ts.isIdentifier(declaration.name) || value === undefined) return [];
  const text = ` $docs.compare(${declaration.name.text}, ${value});`;
  return [{ start: statement.end, end: statement.end, text }];
}

/** The comment on the statement's own line, else the one that is the next line. */
function commentBehind(code: string, end: number): string | undefined {
  return /^[ \t]*\n?[ \t]*\/\/ ?(.*)/.exec(code.slice(end))?.[1]?.trim();
}

/** The value that a comment begins with, up to the words that explain it: `false: not yet`. `…` leaves members open. */
function valueIn(comment: string | undefined): string | undefined {
  if (comment === undefined) return undefined;
  const ends = [...comment.matchAll(/: |; | - /g)].map(({ index }) => index);
  return [comment, ...ends.map((end) => comment.slice(0, end))]
    .map((text) => (text.endsWith(', … }') ? `$docs.like(${text.slice(0, -5)} })` : text))
    .find(isValue);
}

function isValue(text: string): boolean {
  const { diagnostics = [] } = ts.transpileModule(`(${text});`, { reportDiagnostics: true });
  if (diagnostics.length > 0) return false;
  const [statement] = ts.createSourceFile('value.ts', `(${text});`, ts.ScriptTarget.ES2022).statements;
  if (statement === undefined || !ts.isExpressionStatement(statement)) return false;
  const inner = (statement.expression as ts.ParenthesizedExpression).expression;
  return ts.isIdentifier(inner) ? inner.text === 'undefined' : !ts.isBinaryExpression(inner);
}

/** Names that are used and nowhere declared in the example. */
function freeNames(source: ts.SourceFile): ReadonlySet<string> {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && isDeclared(node)) declared.add(node.text);
    else if (ts.isIdentifier(node) && !isMember(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return new Set([...used].filter((name) => !declared.has(name)));
}

function isDeclared(name: ts.Identifier): boolean {
  const { parent } = name;
  const declares =
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isImportSpecifier(parent) ||
    ts.isImportClause(parent) ||
    ts.isNamespaceImport(parent);
  return declares && parent.name === name;
}

function isMember(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === name;
  return (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent)) && parent.name === name;
}

function applied(code: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), code);
}
