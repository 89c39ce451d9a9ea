import { boot as bootGuest, guestMachine, qemuTarget, type BootResult, type Guest } from '@kexec-kit/backend-qemu';
import { parseSubmission } from '@kexec-kit/core';
import { nodeEngines, openSource, readSources } from '@kexec-kit/host-node';
import { fail, ok, type Diagnostic, type ReadSource, type Result, type SegmentsSubmission } from '@kexec-kit/loader-api';
import { commands, type Invocation, type Values } from '../commands.js';
import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { guestFrom } from '../guest.js';
import { progressLine } from '../progress.js';
import { finish, report, toJson } from '../report.js';
import { flag, seconds, text } from '../values.js';
import { submitFor } from './plan.js';

const defaultTimeout = 120;

export async function boot(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const timeout = seconds(values, 'timeout', defaultTimeout);
  const guest = guestFrom(values);
  if (!guest.ok) return finish(context, json, undefined, guest.diagnostics);
  const bootable = await bootableFrom(context, operands[0] ?? '', values, guest.value);
  if (!bootable.ok) return finish(context, json, undefined, bootable.diagnostics);
  report(context, bootable.diagnostics);
  const result = await start(context, bootable.value, guest.value, values, timeout);
  await bootable.value.close();
  if (!result.ok) return finish(context, json, undefined, result.diagnostics);
  return conclude(context, result.value, values);
}

interface Bootable {
  readonly submission: SegmentsSubmission;
  readonly read: ReadSource;
  readonly close: () => Promise<void>;
}

/** A saved plan is taken as it is; any other file goes through the whole pipeline. */
async function bootableFrom(context: Context, path: string, values: Values, guest: Guest): Promise<Result<Bootable>> {
  const saved = await savedPlan(path);
  if (!saved.ok) return saved;
  if (saved.value === undefined) return planAndRead(context, path, values, guest);
  const foreign = partOfPlan(values);
  if (foreign !== undefined) return fail(foreign);
  const submission = parseSubmission(saved.value, nodeEngines);
  if (!submission.ok) return submission;
  if (submission.value.method !== 'segments') return fail(notSegments(path));
  return withSources(submission.value, new Map(submission.value.sources.map(({ id, name }) => [id, name])), path);
}

async function planAndRead(context: Context, path: string, values: Values, guest: Guest): Promise<Result<Bootable>> {
  const place = () => Promise.resolve(ok({ machine: guestMachine(guest), target: qemuTarget }));
  const submitted = await submitFor(context, 'boot', path, values, place);
  if (!submitted.ok) return submitted;
  const bootable = await withSources(submitted.value.submission, submitted.value.paths, undefined);
  return bootable.ok ? ok(bootable.value, submitted.diagnostics) : bootable;
}

async function withSources(
  submission: SegmentsSubmission,
  paths: ReadonlyMap<string, string>,
  plan: string | undefined,
): Promise<Result<Bootable>> {
  const opened = await readSources(submission.sources, paths, plan === undefined ? {} : { beside: plan });
  return opened.ok ? ok({ submission, ...opened.value }) : opened;
}

/** The text of a saved plan, or nothing when the file is something else: JSON begins with a brace, no image does. */
async function savedPlan(path: string): Promise<Result<string | undefined>> {
  const source = await openSource(path, { id: 'plan', keepBytes: true });
  if (!source.ok) return source;
  return ok(source.value.bytes[0] === 0x7b ? Buffer.from(source.value.bytes).toString('utf8') : undefined);
}

function notSegments(path: string): Diagnostic {
  return {
    code: 'CLI_PLAN_OPTIONS',
    severity: 'error',
    message: `${path} is a plan for kexec_file_load, which only a running kernel can carry out`,
    hint: 'make a plan for a guest: kexec-kit plan FILE --memory 512M -o OUT',
  };
}

/** Options that would have to be part of the plan, given beside a finished one. */
function partOfPlan(values: Values): Diagnostic | undefined {
  const command = commands.find(({ name }) => name === 'boot');
  const runtime = ['memory', 'model', 'paging', 'until', 'timeout', 'strict-map', 'quiet', 'json', 'help'];
  const other = [...values.keys()].find((name) => !runtime.includes(name));
  if (other === undefined || command === undefined) return undefined;
  return {
    code: 'CLI_PLAN_OPTIONS',
    severity: 'error',
    message: `--${other} is part of a plan and cannot be changed in a saved one`,
    hint: `give --${other} to "kexec-kit plan" and save the plan again`,
  };
}

async function start(
  context: Context,
  { submission, read }: Bootable,
  guest: Guest,
  values: Values,
  timeout: number,
): Promise<Result<BootResult>> {
  const until = text(values, 'until');
  const json = flag(values, 'json');
  const progress = progressLine(context.stderr);
  if (!flag(values, 'quiet')) tell(context, submission, guest);
  return bootGuest(submission, read, {
    ...guest,
    ...(until === undefined ? {} : { until }),
    timeoutMs: timeout * 1000,
    strictMap: flag(values, 'strict-map'),
    signal: context.signal,
    onProgress: progress.update,
    onOutput: (chunk) => {
      progress.clear();
      if (!json) context.stdout.write(chunk);
    },
  });
}

function tell(context: Context, { segments, loader }: SegmentsSubmission, { memory, model }: Guest): void {
  const dim = context.stderr.colours.dim;
  const guest = `${model}, ${String(memory >> 20n)} MiB, software emulation`;
  context.stderr.write(`${dim(`booting ${String(segments.length)} segments from loader ${loader.name} in QEMU (${guest})`)}\n`);
}

function conclude(context: Context, result: BootResult, values: Values): ExitCode {
  const until = text(values, 'until');
  const good = until === undefined ? result.outcome === 'exited' : result.outcome === 'seen';
  const exit = good ? EXIT.done : context.signal.aborted ? EXIT.interrupted : EXIT.notSeen;
  if (flag(values, 'json')) context.stdout.write(`${toJson({ ok: good, ...result })}\n`);
  const took = `after ${(result.milliseconds / 1000).toFixed(1)} s`;
  if (!good) context.stderr.write(`error: ${reasonOf(result, until)} ${took}; the last line was: ${result.lastLine || '(none)'}\n`);
  else if (!flag(values, 'quiet')) context.stderr.write(context.stderr.colours.dim(`\n${until === undefined ? 'the guest ended' : `"${until}" was seen`} ${took}\n`));
  return exit;
}

function reasonOf(result: BootResult, until: string | undefined): string {
  const missed = until === undefined ? '' : ` before "${until}" was seen`;
  if (result.outcome === 'timeout') return `the guest's time was up${missed}`;
  return `the guest ended${missed}`;
}
