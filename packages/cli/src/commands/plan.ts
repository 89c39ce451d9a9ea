import { resolve } from 'node:path';
import { linuxTarget, serializeSubmission } from '@kexec-kit/core';
import { embedSources, nodeEngines, writePrivately, writePublicly } from '@kexec-kit/host-node';
import { fail, ok, type Result, type SegmentsSubmission } from '@kexec-kit/loader-api';
import { readMachine } from '@kexec-kit/machine';
import { UsageError } from '../usage-error.js';
import type { Invocation, Values } from '../commands.js';
import type { Context } from '../context.js';
import { drawSvg } from '../draw/svg.js';
import { drawText } from '../draw/text.js';
import { summarize } from '../draw/summary.js';
import type { ExitCode } from '../exit.js';
import { guestOptions, wantsGuest } from '../guest-options.js';
import { openImage, readImage, type ReadImage } from '../image.js';
import { checkRemoveArg } from '../inputs.js';
import { foreignOptions } from '../loader-options.js';
import { checkOutputs } from '../outputs.js';
import { finish } from '../report.js';
import { readSnapshot } from '../snapshot.js';
import { submit, type Place, type Submitted } from '../submit.js';
import { flag, text } from '../values.js';

export async function plan(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  checkCombinations(values);
  const json = flag(values, 'json');
  const read = await readImage(context, operands[0] ?? '');
  if (!read.ok) return finish(context, json, undefined, read.diagnostics);
  const submitted = await submitFor(context, 'plan', read.value, values, () => machineFor(context, values));
  if (!submitted.ok) return finish(context, json, undefined, submitted.diagnostics);
  const written = await writeOutputs(submitted.value, values);
  if (!written.ok) return finish(context, json, undefined, written.diagnostics);
  if (!json) draw(context, submitted.value, flag(values, 'verbose'), written.value);
  const { submission } = submitted.value;
  const plan = json ? (JSON.parse(serializeSubmission(submission, nodeEngines)) as object) : undefined;
  return finish(context, json, { plan, written: written.value }, submitted.diagnostics);
}

/** @throws UsageError for options that need or exclude each other. */
export function checkCombinations(values: Values): void {
  if (values.has('machine') && wantsGuest(values)) {
    throw new UsageError(
      `--machine and --${guestOptions.join(', --')} describe two machines`,
      'give one of them',
    );
  }
  checkRemoveArg(values);
  if (values.has('embed') && !values.has('output')) throw new UsageError('--embed needs --output OUT');
}

/** Everything from a file that was read to a submission, for `plan` and `boot`. */
export async function submitFor(
  context: Context,
  commandName: string,
  read: ReadImage,
  values: Values,
  place: () => Promise<Result<Place>>,
): Promise<Result<Submitted>> {
  const opened = await openImage(read, text(values, 'type'));
  if (!opened.ok) return opened;
  const { loader } = opened.value;
  const [foreign, ...more] = foreignOptions(commandName, loader, context.discover(), values);
  if (foreign !== undefined) return fail(foreign, ...more);
  const placed = await place();
  if (!placed.ok) return placed;
  return submit(context, { opened: opened.value, values, place: placed.value });
}

/** The machine that these options describe: a guest, a snapshot, or this one. */
export async function machineFor(context: Context, values: Values): Promise<Result<Place>> {
  if (wantsGuest(values)) {
    const { guestFrom, placeInGuest } = await import('../guest.js');
    const guest = guestFrom(values);
    return guest.ok ? placeInGuest(guest.value) : guest;
  }
  const snapshot = text(values, 'machine');
  const machine = snapshot === undefined ? await readMachine(context.system) : await readSnapshot(snapshot);
  return machine.ok
    ? ok({ machine: machine.value, target: linuxTarget(machine.value.architecture) }, machine.diagnostics)
    : machine;
}

/** The files that were asked for, by what they are. */
interface Written {
  readonly plan?: string;
  readonly svg?: string;
}

async function writeOutputs({ submission, opened }: Submitted, values: Values): Promise<Result<Written>> {
  const svg = text(values, 'svg');
  const output = text(values, 'output');
  const inputs = [text(values, 'machine'), ...submission.sources.map(({ name }) => name)];
  const free = await checkOutputs([svg, output], inputs);
  if (!free.ok) return free;
  if (svg !== undefined) {
    const drawn = await writePublicly(svg, drawSvg(submission, opened.detail));
    if (!drawn.ok) return drawn;
  }
  if (output !== undefined) {
    const saved = await save(output, submission, flag(values, 'embed'));
    if (!saved.ok) return saved;
  }
  return ok({ ...(svg === undefined ? {} : { svg }), ...(output === undefined ? {} : { plan: output }) });
}

/** A plan is used from another folder, another day: it names its files by absolute paths. */
async function save(output: string, submission: SegmentsSubmission, embed: boolean): Promise<Result<true>> {
  const absolute = submission.sources.map((source) => ({ ...source, name: resolve(source.name) }));
  const sources = embed ? await embedSources(output, absolute) : ok(absolute);
  if (!sources.ok) return sources;
  return writePrivately(output, serializeSubmission({ ...submission, sources: sources.value }, nodeEngines));
}

function draw(context: Context, { submission, opened }: Submitted, verbose: boolean, written: Written): void {
  const { stdout, stderr } = context;
  stdout.write(summarize(submission, opened.detail, stdout));
  stdout.write(drawText(submission, { colours: stdout.colours, verbose }));
  for (const [what, path] of Object.entries(written)) stderr.write(`${what} written to ${String(path)}\n`);
}
