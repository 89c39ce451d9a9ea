import type { Facts } from '@kexec-kit/loader-api';
import type { Invocation } from '../commands.js';
import type { Context, Output } from '../context.js';
import type { ExitCode } from '../exit.js';
import { readAndOpen } from '../image.js';
import { finish } from '../report.js';
import { printable } from '../terminal.js';
import { flag, text } from '../values.js';

export async function inspect(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const opened = await readAndOpen(context, operands[0] ?? '', text(values, 'type'));
  if (!opened.ok) return finish(context, json, undefined, opened.diagnostics);
  const { loader, detail, facts, image } = opened.value;
  if (!json) {
    const outer = image.decompressed === undefined ? '' : ` (${image.decompressed} taken off)`;
    context.stdout.write(`${context.stdout.colours.bold(printable(detail))}${outer}\n`);
    context.stdout.write(`loader ${loader.name} ${loader.version}; sha256 ${image.sha256}\n`);
    printFacts(context.stdout, facts);
  }
  const { name, size, sha256, decompressed } = image;
  const source = { name, size, sha256, ...(decompressed === undefined ? {} : { decompressed }) };
  const result = { loader: { name: loader.name, version: loader.version }, detail, source, facts };
  return finish(context, json, result, opened.diagnostics);
}

function printFacts(output: Output, facts: Facts): void {
  for (const { title, fields } of facts) {
    output.write(`\n${output.colours.bold(title)}\n`);
    const width = Math.max(...fields.map(({ name }) => name.length)) + 2;
    for (const { name, value, offset } of fields) {
      const where = offset === undefined ? '' : `0x${offset.toString(16)}`;
      output.write(`  ${output.colours.dim(where.padEnd(10))}${name.padEnd(width)}${printable(value)}\n`);
    }
  }
}
