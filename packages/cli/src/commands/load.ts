import { UsageError } from '../usage-error.js';
import type { Invocation, Values } from '../commands.js';
import { ok, type Diagnostic, type Result } from '@kexec-kit/loader-api';
import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { checkRemoveArg } from '../inputs.js';
import { methodOf } from '../load/method.js';
import type { LoadRequest } from '../load/asked.js';
import { backendFor } from '../load/backend.js';
import { documentOf } from '../load/document.js';
import { dryRun } from '../load/dry-run.js';
import { load as loadKernel, type Loaded } from '../load/load.js';
import { purposeOf } from '../load/purpose.js';
import { show } from '../load/show.js';
import { canStart, start } from '../load/start.js';
import { loadedSentence } from '../load/words.js';
import { finish, report } from '../report.js';
import { flag } from '../values.js';

export async function load(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  checkCombinations(values);
  const request: LoadRequest = {
    file: operands[0] ?? '',
    values,
    purpose: purposeOf(values),
    method: methodOf(values),
  };
  if (flag(values, 'dry-run')) return sayWhat(context, request);
  const json = flag(values, 'json');
  // First: reading and hashing takes long, and would be in vain.
  const may = await mayLoad(context, values);
  if (!may.ok) return finish(context, json, undefined, may.diagnostics);
  const loaded = await loadKernel(context, request);
  if (!loaded.ok) return finish(context, json, undefined, loaded.diagnostics);
  return conclude(context, loaded.value, values, loaded.diagnostics);
}

/** Whether a kernel can be loaded, and with --and-exec be started, as far as is known before anything is read. */
export async function mayLoad(context: Context, values: Values): Promise<Result<true>> {
  const startable = flag(values, 'and-exec')
    ? await canStart(context, { now: flag(values, 'now') })
    : ok(true);
  return startable.ok ? backendFor(context).available() : startable;
}

const contradictions = [
  ['dry-run', 'and-exec', 'nothing would be loaded that could be started'],
  ['crash', 'and-exec', 'a crash kernel starts by itself when the running one crashes'],
] as const;

/** @throws UsageError for options that need or exclude each other. */
export function checkCombinations(values: Values): void {
  for (const [one, other, why] of contradictions) {
    if (values.has(one) && values.has(other))
      throw new UsageError(`--${one} and --${other} contradict each other`, why);
  }
  if (values.has('now') && !values.has('and-exec')) throw new UsageError('--now needs --and-exec');
  checkRemoveArg(values);
}

async function sayWhat(context: Context, request: LoadRequest): Promise<ExitCode> {
  const { values } = request;
  const json = flag(values, 'json');
  const would = await dryRun(context, request);
  if (!would.ok) return finish(context, json, undefined, would.diagnostics);
  const { intent } = would.value;
  if (!json) {
    show(context.stdout, would.value, flag(values, 'verbose'));
    context.stdout.write(`\nnothing was loaded; this would be the call:\n${intent.lines.join('\n')}\n`);
  }
  return finish(context, json, { ...documentOf(would.value), loaded: false, intent }, would.diagnostics);
}

/** Says what was loaded, and starts it where that was asked for. */
export async function conclude(
  context: Context,
  loaded: Loaded,
  values: Values,
  diagnostics: readonly Diagnostic[],
): Promise<ExitCode> {
  const json = flag(values, 'json');
  const andExec = flag(values, 'and-exec');
  if (!json) {
    if (flag(values, 'verbose')) show(context.stdout, loaded, true);
    context.stdout.write(`${loadedSentence(loaded)}${andExec ? '' : whatNext(loaded)}\n`);
  }
  const done = finish(context, json, { ...documentOf(loaded), loaded: true }, diagnostics);
  return andExec ? startLoaded(context, values) : done;
}

/** The document is written by now: when this goes wrong, stderr and the exit status say so. */
async function startLoaded(context: Context, values: Values): Promise<ExitCode> {
  const started = await start(context, { now: flag(values, 'now') });
  report(context, started.diagnostics);
  return started.ok ? EXIT.done : EXIT.refused;
}

function whatNext({ submission: { purpose } }: Loaded): string {
  return purpose === 'crash' ? '; it starts when this one crashes' : '; "kexec-kit exec" starts it';
}
