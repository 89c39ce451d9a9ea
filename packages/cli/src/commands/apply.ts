import { parseSubmission } from '@kexec-kit/core';
import { nodeEngines, readSources, readTrusted } from '@kexec-kit/host-node';
import { ok, type Result, type Source, type Submission } from '@kexec-kit/loader-api';
import type { Invocation, Values } from '../commands.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit.js';
import { backendFor } from '../load/backend.js';
import { documentOf } from '../load/document.js';
import { apply as applyTo, type Loaded } from '../load/load.js';
import { show } from '../load/show.js';
import { finish } from '../report.js';
import { flag } from '../values.js';
import { checkCombinations, conclude, mayLoad } from './load.js';

export async function apply(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  checkCombinations(values);
  const json = flag(values, 'json');
  const saved = await readPlan(operands[0] ?? '');
  if (!saved.ok) return finish(context, json, undefined, saved.diagnostics);
  const { submission } = saved.value;
  if (flag(values, 'dry-run')) return sayWhat(context, saved.value, values);
  const may = await mayLoad(context, values);
  if (!may.ok) return finish(context, json, undefined, may.diagnostics);
  const applied = await applyTo(context, { submission, sources: submission.sources }, values);
  if (!applied.ok) return finish(context, json, undefined, applied.diagnostics);
  return conclude(context, saved.value, values, [...submission.diagnostics, ...applied.diagnostics]);
}

/** A saved plan decides what runs next: it is taken only from where root or this user alone can have put it. */
async function readPlan(path: string): Promise<Result<Loaded>> {
  const text = await readTrusted(path);
  if (!text.ok) return text;
  const parsed = parseSubmission(text.value, nodeEngines);
  return parsed.ok ? ok({ submission: parsed.value, detail: detailOf(parsed.value) }) : parsed;
}

/** What the image was called by its loader is not saved; its file is. */
function detailOf({ sources, loader }: Submission): string {
  const image = sources.find(({ id }) => id === 'image');
  return `${image?.name ?? 'the image'} (${loader.name})`;
}

async function sayWhat(context: Context, saved: Loaded, values: Values): Promise<ExitCode> {
  const json = flag(values, 'json');
  const { sources } = saved.submission;
  const unchanged = await checkSources(sources);
  if (!unchanged.ok) return finish(context, json, undefined, unchanged.diagnostics);
  const intent = await backendFor(context, { values }).dryRun(saved.submission);
  if (!intent.ok) return finish(context, json, undefined, intent.diagnostics);
  if (!json) {
    show(context.stdout, saved, flag(values, 'verbose'));
    context.stdout.write(`\nnothing was loaded; this would be the call:\n${intent.value.lines.join('\n')}\n`);
  }
  const document = { ...documentOf(saved), loaded: false, intent: intent.value };
  return finish(context, json, document, intent.diagnostics);
}

/** Whether every file is still what was planned: read whole, and let go. */
async function checkSources(sources: readonly Source[]): Promise<Result<true>> {
  const reader = await readSources(sources, { verify: true });
  if (!reader.ok) return reader;
  try {
    return await reader.value.verify();
  } finally {
    await reader.value.close();
  }
}
