import {
  bootProtocols,
  bundle as makeBundle,
  type BootProtocol,
  type Bundle,
  type BundleOptions,
} from '@kexec-kit/bundle';
import { parseSubmission } from '@kexec-kit/core';
import { nodeEngines, readSources, readTrusted, writePieces, type SourceReader } from '@kexec-kit/host-node';
import {
  fail,
  hex,
  ok,
  range,
  type Diagnostic,
  type Region,
  type Result,
  type Submission,
} from '@kexec-kit/loader-api';
import { overlaps, subtract } from '@kexec-kit/memory';
import { bundlePieces } from '../bundle-pieces.js';
import type { Invocation, Values } from '../commands.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit.js';
import { wantsGuest } from '../guest-options.js';
import { table } from '../help.js';
import { readImage, type ReadImage } from '../image.js';
import { checkOutputs } from '../outputs.js';
import { progressLine } from '../progress.js';
import { finish } from '../report.js';
import { humanSize } from '../size.js';
import { printable } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import type { Place } from '../submit.js';
import { flag, text } from '../values.js';
import { checkCombinations, machineFor, submitFor } from './plan.js';

export async function bundle(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const output = text(values, 'output');
  if (output === undefined) throw new UsageError('-o OUT is missing', 'say where the file goes.');
  const options = optionsFrom(values);
  const source = await bundleable(context, operands[0] ?? '', values);
  if (!source.ok) return finish(context, json, undefined, source.diagnostics);
  const { submission, sources } = source.value;
  const inputs = [...operands, text(values, 'machine'), ...submission.sources.map(({ name }) => name)];
  const free = await checkOutputs([output], inputs);
  const made = free.ok ? await write(context, output, { submission, sources, options }) : free;
  await sources.close();
  const diagnostics = [...source.diagnostics, ...made.diagnostics];
  if (!made.ok) return finish(context, json, undefined, made.diagnostics);
  if (!json) tell(context, output, made.value, options);
  return finish(context, json, { output, ...document(made.value, options) }, diagnostics);
}

function optionsFrom(values: Values): Required<BundleOptions> {
  const given = values.get('boot-protocol');
  const form = flag(values, 'as-module') ? 'module' : 'image';
  if (form === 'module' && given !== undefined)
    throw new UsageError(
      '--boot-protocol is for an image; a module is entered by whoever kept it',
      'leave it out.',
    );
  const isGiven = (protocol: BootProtocol) => given?.includes(protocol) ?? true;
  return { form, protocols: bootProtocols.filter(isGiven) };
}

interface Bundleable {
  readonly submission: Submission;
  readonly sources: SourceReader;
}

/** A saved plan is taken as it is; any other file is planned first. JSON begins with a brace, no image does. */
async function bundleable(context: Context, path: string, values: Values): Promise<Result<Bundleable>> {
  const read = await readImage(context, path);
  if (!read.ok) return read;
  return read.value.image.bytes[0] === 0x7b
    ? savedPlan(path, values)
    : planned(context, read.value, afterBootLoader(values));
}

/** What a boot loader leaves behind: firmware, but no EFI that a running kernel has set up. */
function afterBootLoader(values: Values): Values {
  const isGuest = wantsGuest(values) && !values.has('firmware');
  return new Map([...values, ['no-efi', ['true']], ...(isGuest ? [['firmware', ['seabios']] as const] : [])]);
}

const ownOptions: readonly string[] = ['output', 'as-module', 'boot-protocol', 'json', 'help'];

async function savedPlan(path: string, values: Values): Promise<Result<Bundleable>> {
  const other = [...values.keys()].find((name) => !ownOptions.includes(name));
  if (other !== undefined) return fail(partOfPlan(other));
  const saved = await readTrusted(path);
  if (!saved.ok) return saved;
  const submission = parseSubmission(saved.value, nodeEngines);
  if (!submission.ok) return submission;
  const sources = await readSources(submission.value.sources, { verify: true });
  return sources.ok ? ok({ submission: submission.value, sources: sources.value }) : sources;
}

function partOfPlan(name: string): Diagnostic {
  return {
    code: 'CLI_PLAN_OPTIONS',
    severity: 'error',
    message: `--${name} is part of a plan and cannot be changed in a saved one`,
    hint: `give --${name} to "kexec-kit plan" and save the plan again`,
  };
}

async function planned(context: Context, read: ReadImage, values: Values): Promise<Result<Bundleable>> {
  checkCombinations(values);
  const submitted = await submitFor(context, 'bundle', read, values, () => placeFor(context, values));
  if (!submitted.ok) return submitted;
  const { submission, opened } = submitted.value;
  const all = submission.sources.map((source) => (source.id === opened.image.id ? opened.image : source));
  const sources = await readSources(all, { verify: true });
  return sources.ok ? ok({ submission, sources: sources.value }, submitted.diagnostics) : sources;
}

/** How much SeaBIOS keeps at the end of low RAM depends on the devices, and a guest may have others than the one asked. */
const DEVICE_TABLES = 1n << 20n;
const FOUR_GIB = 1n << 32n;

async function placeFor(context: Context, values: Values): Promise<Result<Place>> {
  const place = await machineFor(context, values);
  if (!place.ok || place.value.guest === undefined) return place;
  const { machine } = place.value;
  const lowEnd = machine.usable.reduce((last, { end }) => (end <= FOUR_GIB ? end : last), 0n);
  const kept = range(lowEnd - DEVICE_TABLES, lowEnd);
  const told = machine.told.flatMap((region): readonly Region[] =>
    region.kind !== 'ram' || !overlaps(region, kept)
      ? [region]
      : [
          { ...region, end: kept.start },
          { ...kept, end: region.end, kind: 'reserved' },
        ],
  );
  const usable = subtract(machine.usable, [kept]);
  return ok({ ...place.value, machine: { ...machine, told, usable } }, place.diagnostics);
}

async function write(
  context: Context,
  output: string,
  { submission, sources, options }: Bundleable & { readonly options: BundleOptions },
): Promise<Result<Bundle>> {
  const made = makeBundle(submission, options);
  if (!made.ok) return made;
  const progress = progressLine(context.stderr);
  const pieces = bundlePieces(made.value, sources, progress.update);
  const written = await writePieces(output, pieces, { signal: context.signal, isPrivate: true });
  progress.clear();
  return written.ok ? made : written;
}

function document({ form, size, place, pieces, entries }: Bundle, { protocols }: Required<BundleOptions>) {
  return { form, size, ...(form === 'image' ? { place, protocols } : { entries }), pieces };
}

function tell(context: Context, output: string, made: Bundle, options: Required<BundleOptions>): void {
  const { stdout } = context;
  stdout.write(`${stdout.colours.bold(headline(output, made))}\n`);
  const rows = made.pieces.map(({ name, destination, offset, contentSize, memorySize }) => {
    const zeros = memorySize > contentSize ? `, ${humanSize(memorySize)} with zeros` : '';
    return [
      `  ${hex(destination)}`,
      `${printable(name)}: ${humanSize(contentSize)} from ${hex(offset)}${zeros}`,
    ] as const;
  });
  stdout.write(`${table(rows)}\n`);
  stdout.write(`${nextStep(output, made, options)}\n`);
}

function headline(output: string, { form, size, place }: Bundle): string {
  const where =
    place === undefined
      ? 'to be kept at any page'
      : `a boot loader puts it at ${hex(place.start)}-${hex(place.end)}`;
  return `${printable(output)}: ${form} of ${humanSize(size)}, ${where}. Started, it fills:`;
}

/** Words in GRUB's menu for each protocol that it has. */
const grubWords: Readonly<Partial<Record<BootProtocol, string>>> = {
  multiboot: 'multiboot',
  multiboot2: 'multiboot2',
};

function nextStep(output: string, { form, entries }: Bundle, { protocols }: Required<BundleOptions>): string {
  if (form === 'module') {
    const long = entries.long64 === undefined ? '' : `, in 64-bit mode at ${hex(entries.long64)}`;
    return `Enter it with its own address in edi: in 32-bit mode at offset ${hex(entries.protected32)}${long}.`;
  }
  const grub = protocols.map((protocol) => grubWords[protocol]).find((word) => word !== undefined);
  const lines = [
    ...(protocols.some((protocol) => protocol !== 'multiboot2')
      ? [
          `Try it: qemu-system-x86_64 -machine q35 -cpu max -kernel ${printable(output)} -serial stdio -m MEMORY`,
        ]
      : []),
    ...(grub === undefined ? [] : [`In GRUB: ${grub} /boot/${printable(output.split('/').at(-1) ?? '')}`]),
  ];
  return lines.join('\n');
}
