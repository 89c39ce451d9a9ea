import type { Diagnostic } from '@kexec-kit/loader-api';
import type { Context, Output } from './context.js';
import { EXIT, type ExitCode } from './exit.js';
import { printable } from './terminal.js';

/** Prints diagnostics for people, on stderr. */
export function report(context: Context, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) context.stderr.write(describe(diagnostic, context.stderr));
}

/** One diagnostic as a few lines: the sentence with its code, then where, found, expected, and the cure. */
function describe(diagnostic: Diagnostic, output: Output): string {
  const { colours } = output;
  const paint = { error: colours.red, warning: colours.yellow, info: colours.cyan }[diagnostic.severity];
  const head = `${paint(diagnostic.severity)}: ${printable(diagnostic.message.replace(/\.$/, ''))} ${colours.dim(`[${diagnostic.code}]`)}\n`;
  const details = [
    ['at', placeOf(diagnostic)],
    ['found', diagnostic.found],
    ['expected', diagnostic.expected],
    ['spec', diagnostic.spec],
    ['hint', diagnostic.hint],
  ] as const;
  return head + details.map(([label, text]) => detail(label, text, colours.dim)).join('');
}

function detail(label: string, text: string | undefined, dim: (text: string) => string): string {
  if (text === undefined) return '';
  const indent = ' '.repeat(12);
  return `  ${dim(`${label}:`.padEnd(9))} ${printable(text).split('\n').join(`\n${indent}`)}\n`;
}

function placeOf({ at }: Diagnostic): string | undefined {
  if (at === undefined) return undefined;
  const where = [
    at.source,
    at.field,
    at.offset === undefined ? undefined : `offset 0x${at.offset.toString(16)}`,
  ];
  const said = where.filter((part) => part !== undefined);
  return said.length === 0 ? undefined : said.join(', ');
}

/**
 * Ends a command: in `--json` mode one document on stdout, always the diagnostics on stderr.
 * `result` is the command's own part of the document; absent when it failed.
 */
export function finish(
  context: Context,
  json: boolean,
  result: Readonly<Record<string, unknown>> | undefined,
  diagnostics: readonly Diagnostic[],
): ExitCode {
  report(context, diagnostics);
  if (json) context.stdout.write(`${toJson({ ok: result !== undefined, ...result, diagnostics })}\n`);
  return result === undefined ? EXIT.refused : EXIT.done;
}

/** JSON with addresses as lower-case `0x…` strings and bytes as hexadecimal. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, member: unknown) => {
      if (typeof member === 'bigint') return `0x${member.toString(16)}`;
      if (member instanceof Uint8Array) return Buffer.from(member).toString('hex');
      return member;
    },
    2,
  );
}
