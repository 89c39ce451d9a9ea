import { boot as bootGuest, type BootResult, type Guest } from '@kexec-kit/backend-qemu';
import { parseSubmission } from '@kexec-kit/core';
import { nodeEngines, readSources, readTrusted, type SourceReader } from '@kexec-kit/host-node';
import {
  fail,
  ok,
  type Diagnostic,
  type Result,
  type SegmentsSubmission,
  type Source,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import { commands, type Invocation, type Values } from '../commands.js';
import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';
import { guestOptions } from '../guest-options.js';
import { guestFrom, guestOfPlan, placeInGuest } from '../guest.js';
import { readImage, type ReadImage } from '../image.js';
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
  const result = await start(context, bootable.value, values, timeout);
  await bootable.value.sources.close();
  if (!result.ok) return finish(context, json, undefined, result.diagnostics);
  report(context, result.diagnostics);
  const diagnostics = [...bootable.diagnostics, ...result.diagnostics];
  return conclude(context, result.value, diagnostics, values);
}

interface Bootable {
  readonly submission: SegmentsSubmission;
  readonly sources: SourceReader;
  readonly guest: Guest;
}

/** A saved plan is taken as it is; any other file goes through the whole pipeline. JSON begins with a brace, no image does. */
async function bootableFrom(
  context: Context,
  path: string,
  values: Values,
  guest: Guest,
): Promise<Result<Bootable>> {
  const read = await readImage(context, path);
  if (!read.ok) return read;
  return read.value.image.bytes[0] === 0x7b
    ? savedPlan(path, values, guest)
    : planAndRead(context, read.value, values, guest);
}

async function savedPlan(path: string, values: Values, guest: Guest): Promise<Result<Bootable>> {
  const foreign = partOfPlan(values);
  if (foreign !== undefined) return fail(foreign);
  const saved = await readTrusted(path);
  if (!saved.ok) return saved;
  const submission = parseSubmission(saved.value, nodeEngines);
  if (!submission.ok) return submission;
  if (submission.value.method !== 'segments') return fail(notSegments(path));
  const own = await guestOfPlan(submission.value, guest);
  return withSources(submission.value, submission.value.sources, own);
}

async function planAndRead(
  context: Context,
  read: ReadImage,
  values: Values,
  guest: Guest,
): Promise<Result<Bootable>> {
  const submitted = await submitFor(context, 'boot', read, values, () => placeInGuest(guest));
  if (!submitted.ok) return submitted;
  const { submission, opened, place } = submitted.value;
  const sources = submission.sources.map((source) => (source.id === opened.image.id ? opened.image : source));
  const bootable = await withSources(submission, sources, place.guest ?? guest);
  return bootable.ok ? ok(bootable.value, submitted.diagnostics) : bootable;
}

async function withSources(
  submission: SegmentsSubmission,
  from: readonly (Source | SourceBytes)[],
  guest: Guest,
): Promise<Result<Bootable>> {
  const sources = await readSources(from, { verify: true });
  return sources.ok ? ok({ submission, sources: sources.value, guest }) : sources;
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
  const runtime: readonly string[] = [
    ...guestOptions,
    'until',
    'timeout',
    'strict-map',
    'quiet',
    'json',
    'help',
  ];
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
  { submission, sources, guest }: Bootable,
  values: Values,
  timeout: number,
): Promise<Result<BootResult>> {
  const until = text(values, 'until');
  const json = flag(values, 'json');
  return bootGuest(submission, sources.read, {
    ...guest,
    ...(until === undefined ? {} : { until }),
    timeoutMs: timeout * 1000,
    strictMap: flag(values, 'strict-map'),
    signal: context.signal,
    onStart: () => {
      if (!flag(values, 'quiet')) tell(context, submission, guest);
    },
    onOutput: (chunk) => {
      if (!json) context.stdout.write(chunk);
    },
  });
}

function tell(
  context: Context,
  { segments, loader }: SegmentsSubmission,
  { memory, model, firmware = 'none' }: Guest,
): void {
  const dim = context.stderr.colours.dim;
  const guest = `${model}, ${String(memory >> 20n)} MiB, ${firmware === 'none' ? 'no firmware' : firmware}, software emulation`;
  context.stderr.write(
    `${dim(`booting ${String(segments.length)} segments from loader ${loader.name} in QEMU (${guest})`)}\n`,
  );
}

function conclude(
  context: Context,
  result: BootResult,
  diagnostics: readonly Diagnostic[],
  values: Values,
): ExitCode {
  const until = text(values, 'until');
  const good = until === undefined ? result.outcome === 'exited' : result.outcome === 'seen';
  const exit = good ? EXIT.done : context.signal.aborted ? EXIT.interrupted : EXIT.notSeen;
  if (flag(values, 'json')) context.stdout.write(`${toJson({ ok: good, ...result, diagnostics })}\n`);
  const took = `after ${(result.milliseconds / 1000).toFixed(1)} s`;
  if (!good)
    context.stderr.write(
      `error: ${reasonOf(result, until)} ${took}; the last line was: ${result.lastLine || '(none)'}\n`,
    );
  else if (!flag(values, 'quiet'))
    context.stderr.write(
      context.stderr.colours.dim(
        `\n${until === undefined ? 'the guest ended' : `"${until}" was seen`} ${took}\n`,
      ),
    );
  return exit;
}

function reasonOf(result: BootResult, until: string | undefined): string {
  const missed = until === undefined ? '' : ` before "${until}" was seen`;
  if (result.outcome === 'timeout') return `the guest's time was up${missed}`;
  if (result.outcome === 'halted') return `the guest halted${missed}`;
  return `the guest ended${missed}`;
}
