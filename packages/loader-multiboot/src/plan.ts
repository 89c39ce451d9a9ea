import {
  addressOf,
  constant,
  type Diagnostic,
  type Facts,
  fail,
  hex,
  ok,
  type Plan,
  type PlanInput,
  range,
  type Result,
  type Segment,
} from '@kexec-kit/loader-api';
import {
  besides,
  buildMultibootInfo,
  checkModules,
  checkText,
  entryAddress,
  FOUR_GIB,
  type Framebuffer,
  framebufferOf,
  kernelText,
  LOWEST,
  type Modules,
  moduleString,
  type Movement,
  MULTIBOOT_BOOTLOADER_MAGIC,
  noFirmwareTables,
  noScreen,
  placeBody,
  placeModules,
  purposeNotSupported,
  VIDEO_MODE,
} from '@kexec-kit/multiboot-info';
import type { MultibootKernel } from './image.js';
import type { options } from './options.js';
import { NAME, VERSION } from './version.js';

type Input = PlanInput<typeof options>;

/** The texts that a kernel reads. */
export interface Texts {
  readonly commandLine: string;
  /** One for each module. */
  readonly modules: readonly string[];
}

/** The information block's segment. */
export const INFO = 'multiboot-info';
/** Of the block, in bytes: it has 64-bit fields. */
const INFO_ALIGN = 8n;

/** Plans a Multiboot kernel: image, modules, the information block, and the registers it is entered with. */
export function plan(image: MultibootKernel, input: Input): Result<Plan> {
  const { machine, purpose, options } = input;
  const { commandLine: text, reuseCommandLine: reuse, module } = options;
  const commandLine = kernelText({ image: image.source.name, text, reuse, machine, purpose });
  return planWith(image, input, { commandLine, modules: module.map(moduleString) });
}

/** The same with other texts: for loaders that know what a kernel makes of them. */
export function planWith(image: MultibootKernel, input: Input, texts: Texts): Result<Plan> {
  const refused = refuse(input, texts);
  if (refused !== undefined) return fail(refused);
  const { body, header, source } = image;
  const { segments, groups } = placeBody(body, source.id, movement(image));
  const modules = placeModules(body, input.options.module, texts.modules);
  const asked = (header.flags & VIDEO_MODE) !== 0;
  const screen = asked ? framebufferOf(input.machine, input.policy) : undefined;
  return ok(
    {
      // The image has the narrowest choice, so that it chooses first.
      segments: [...segments, infoSegment(image, input, texts, modules, screen), ...modules.segments],
      groups,
      handoff: {
        mode: 'protected32',
        entry: addressOf(body.entry.chunk.id, body.entry.offset),
        registers: { eax: constant(MULTIBOOT_BOOTLOADER_MAGIC), ebx: addressOf(INFO) },
      },
      facts: facts(image, texts),
    },
    warnings(input, asked && screen === undefined),
  );
}

function refuse({ purpose, options }: Input, { commandLine }: Texts): Diagnostic | undefined {
  if (purpose !== 'normal') return purposeNotSupported(purpose);
  return checkText('the kernel', commandLine) ?? checkModules(options.module);
}

/** Multiboot knows no relocation; an ET_DYN says by its own format that it may be moved. */
function movement({ body: { movable, align } }: MultibootKernel): Movement | undefined {
  return movable ? { within: range(LOWEST, FOUR_GIB), align, preference: 'none' } : undefined;
}

function infoSegment(
  { body }: MultibootKernel,
  { machine: { told } }: Input,
  { commandLine }: Texts,
  { modules }: Modules,
  framebuffer: Framebuffer | undefined,
): Segment {
  const bootLoaderName = `${NAME} ${VERSION}`;
  const { bytes, relocations } = buildMultibootInfo({
    ...{ segment: INFO, told, commandLine, bootLoaderName, modules, framebuffer },
  });
  return {
    id: INFO,
    parts: [{ bytes }],
    memorySize: BigInt(bytes.length),
    placements: besides(body, INFO_ALIGN),
    relocations,
    why: 'the Multiboot information: the kernel finds its address in ebx',
  };
}

function warnings({ machine, policy }: Input, withoutScreen: boolean): Diagnostic[] {
  const isEfi = machine.firmware.efi !== undefined && policy.efi;
  return [
    ...(withoutScreen ? [noScreen('bit 2 of the flags', 'warning')] : []),
    ...(isEfi ? [noFirmwareTables('Multiboot has no place for it')] : []),
  ];
}

function facts({ body }: MultibootKernel, { commandLine, modules }: Texts): Facts {
  const { start, end } = body.span;
  return [
    {
      title: 'Multiboot image',
      fields: [
        { name: 'linked at', value: `${hex(start)}-${hex(end)}` },
        { name: 'may be moved', value: body.movable ? 'yes' : 'no' },
        { name: 'entry', value: hex(entryAddress(body)) },
        { name: 'cmdline', value: commandLine },
        { name: 'mods_count', value: String(modules.length) },
      ],
    },
  ];
}
