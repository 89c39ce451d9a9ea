import { createRegistry, select } from '@kexec-kit/core';
import type { Invocation } from '../commands.js';
import type { Context } from '../context.js';
import { importLoaders } from '../discover.js';
import type { ExitCode } from '../exit.js';
import { readImage } from '../image.js';
import { finish } from '../report.js';
import { printable } from '../terminal.js';
import { flag } from '../values.js';

export async function probe(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const read = await readImage(context, operands[0] ?? '');
  if (!read.ok) return finish(context, json, undefined, read.diagnostics);
  const { image, discovery, diagnostics } = read.value;
  const registry = createRegistry(await importLoaders(discovery.loaders));
  if (!registry.ok) return finish(context, json, undefined, registry.diagnostics);
  const probes = registry.value.loaders.map((loader) => ({
    loader: loader.name,
    ...loader.probe(image.bytes),
  }));
  const selected = select(registry.value, image);
  const chosen = selected.ok ? selected.value.loader.name : undefined;
  if (!json) printProbes(context, probes, chosen);
  if (!selected.ok) return finish(context, json, undefined, [...diagnostics, ...selected.diagnostics]);
  return finish(context, json, { loader: chosen, probes }, [...diagnostics, ...selected.diagnostics]);
}

type Verdict = { readonly loader: string } & (
  { readonly match: true; readonly detail: string } | { readonly match: false; readonly reason: string }
);

function printProbes(context: Context, probes: readonly Verdict[], chosen: string | undefined): void {
  const { colours } = context.stdout;
  const width = Math.max(...probes.map(({ loader }) => loader.length)) + 2;
  for (const verdict of probes) {
    const mark = verdict.loader === chosen ? colours.green('*') : ' ';
    const said = verdict.match ? verdict.detail : colours.dim(`no: ${verdict.reason}`);
    context.stdout.write(`${mark} ${verdict.loader.padEnd(width)}${printable(said)}\n`);
  }
}
