import type { Invocation } from '../commands.js';
import type { Context } from '../context.js';
import { drawFacts } from '../draw/facts.js';
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
    context.stdout.write(drawFacts(facts, context.stdout.colours));
  }
  const { name, size, sha256, decompressed } = image;
  const source = { name, size, sha256, ...(decompressed === undefined ? {} : { decompressed }) };
  const result = { loader: { name: loader.name, version: loader.version }, detail, source, facts };
  return finish(context, json, result, opened.diagnostics);
}
