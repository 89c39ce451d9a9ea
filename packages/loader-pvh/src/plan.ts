import {
  checkInitrdSize,
  composeCommandLine,
  concatenateInitrds,
  emptyInitrds,
  encodeCommandLine,
  lastWordsPage,
} from '@kexec-kit/linux-boot';
import {
  addressOf,
  type Diagnostic,
  type Facts,
  fail,
  hex,
  ok,
  type Plan,
  type PlanInput,
  type Result,
} from '@kexec-kit/loader-api';
import { efiNotHandedOn, memoryMapTooLong, noRsdp, purposeNotSupported } from './codes.js';
import type { PvhKernel } from './image.js';
import { type Limits, limitsOf } from './limits.js';
import { checkModules, type Module, modulesOf, moduleSegment } from './modules.js';
import type { options } from './options.js';
import { placeImage, segmentId } from './placement.js';
import { rangesOf, START_INFO, startInfoSegments } from './start-info.js';

type Input = PlanInput<typeof options>;

/** COMMAND_LINE_SIZE without its NUL: what every x86 Linux takes since 2.6.30; others do not say. */
const LINUX_COMMAND_LINE = 2047;
/** `boot_params.e820_table`, into which the PVH entry of Linux copies the map without looking how long it is. */
const LINUX_RANGES = 128;

/** Plans a PVH entry: the image, hvm_start_info, and the modules. */
export function plan(image: PvhKernel, input: Input): Result<Plan> {
  const limits = limitsOf(image, input.machine.architecture);
  const refused = refuse(image, input, limits);
  if (refused !== undefined) return fail(refused);
  const text = commandLineText(input);
  const commandLine = encodeCommandLine(text, image.linux ? LINUX_COMMAND_LINE : Number.MAX_SAFE_INTEGER);
  if (!commandLine.ok) return commandLine;
  const placed = placeImage(image, input, limits);
  if (!placed.ok) return placed;
  const modules = modulesOf(input.options);
  const { machine, policy } = input;
  const mostRegions = image.linux ? LINUX_RANGES : Infinity;
  const moduleSegments = modules.map((module) => moduleSegment(module, limits));
  const beside = [...placed.value.segments, ...moduleSegments];
  const page = lastWordsPage(machine, policy, { end: limits.end, mostRegions, beside });
  const told = { machine, hole: page?.hole, commandLine: commandLine.value, modules, limits };
  return ok(
    {
      // The image has the narrowest choice, so that it chooses first.
      segments: [
        ...placed.value.segments,
        ...startInfoSegments(told),
        ...moduleSegments,
        ...(page ? [page.segment] : []),
      ],
      groups: placed.value.groups,
      handoff: {
        mode: 'protected32',
        entry: addressOf(segmentId(image.entry.load), image.entry.offset),
        registers: { ebx: addressOf(START_INFO) },
      },
      ...(page && { lastWords: page.lastWords }),
      facts: [
        ...imageFacts(image),
        ...startInfoFacts(input, { commandLine: text, modules, ranges: rangesOf(told) }),
      ],
    },
    [...warnOfFirmware(input), ...emptyInitrds(input.options.initrd)],
  );
}

function refuse(
  image: PvhKernel,
  { machine, purpose, options: given }: Input,
  { end }: Limits,
): Diagnostic | undefined {
  if (purpose !== 'normal') return purposeNotSupported(purpose);
  if (image.linux && machine.told.length > LINUX_RANGES)
    return memoryMapTooLong(machine.told.length, LINUX_RANGES);
  return checkInitrdSize(concatenateInitrds(given.initrd).size, end) ?? checkModules(given.module);
}

function warnOfFirmware({ machine: { firmware }, policy }: Input): Diagnostic[] {
  if (firmware.efi === undefined) return [];
  return [...(policy.efi ? [efiNotHandedOn()] : []), ...(firmware.acpiRsdp === undefined ? [noRsdp()] : [])];
}

function commandLineText({ machine, purpose, options: given }: Input): string {
  return composeCommandLine({
    text: given.commandLine,
    reuse: given.reuseCommandLine,
    running: machine.commandLine,
    purpose,
  });
}

function imageFacts({ span, entry, relocation }: PvhKernel): Facts {
  return [
    {
      title: 'PVH image',
      fields: [
        { name: 'linked at', value: `${hex(span.start)}-${hex(span.end)}` },
        { name: 'may be moved', value: relocation === undefined ? 'no' : 'yes, by PHYS32_RELOC' },
        { name: 'PHYS32_ENTRY', value: hex(entry.load.start + entry.offset) },
      ],
    },
  ];
}

/** What is told in numbers and words, without addresses. */
interface ToldFacts {
  readonly commandLine: string;
  readonly modules: readonly Module[];
  readonly ranges: number;
}

function startInfoFacts({ machine }: Input, { commandLine, modules, ranges }: ToldFacts): Facts {
  const told = modules.map(({ why, size, commandLine: text }) => ({
    name: why.split(':', 1).join(''),
    value: `${size} bytes${text === '' ? '' : `, ${text}`}`,
  }));
  return [
    {
      title: 'hvm_start_info',
      fields: [
        { name: 'command line', value: commandLine },
        { name: 'nr_modules', value: String(modules.length) },
        ...told,
        { name: 'memmap_entries', value: String(ranges) },
        { name: 'rsdp_paddr', value: hex(machine.firmware.acpiRsdp ?? 0n) },
      ],
    },
  ];
}
