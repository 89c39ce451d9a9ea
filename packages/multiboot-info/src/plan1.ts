import { lastWordsPage, type MapHole } from '@kexec-kit/linux-boot';
import {
  addressOf,
  constant,
  type Diagnostic,
  type Facts,
  fail,
  hex,
  ok,
  type Plan,
  range,
  type Result,
  type Segment,
} from '@kexec-kit/loader-api';
import { entryAddress, FOUR_GIB } from './body.js';
import { noFirmwareTables, noScreen, purposeNotSupported } from './codes.js';
import { MULTIBOOT_BOOTLOADER_MAGIC, VIDEO_MODE } from './constants.js';
import { type Framebuffer, framebufferOf } from './framebuffer.js';
import type { MultibootInput, MultibootKernel, MultibootTexts } from './kernels.js';
import { checkModules, checkText, type Modules, placeModules } from './modules.js';
import { buildMultibootInfo } from './multiboot-info.js';
import { besides, LOWEST, type Movement, placeBody } from './place.js';
import { BOOT_LOADER_NAME } from './version.js';

/** The information block's segment. */
export const MULTIBOOT_INFO = 'multiboot-info';
/** Of the block, in bytes: it has 64-bit fields. */
const INFO_ALIGN = 8n;

/**
 * Plans a Multiboot kernel: image, modules, the information block, and the registers it is entered with.
 *
 * @param texts - What the kernel and its modules are told in words: loaders know what a kernel makes of them.
 */
export function planMultiboot(
  image: MultibootKernel,
  input: MultibootInput,
  texts: MultibootTexts,
): Result<Plan> {
  const refused = refuse(input, texts);
  if (refused !== undefined) return fail(refused);
  const { body, header, source } = image;
  const { segments, groups } = placeBody(body, source.id, movement(image));
  const modules = placeModules(body, input.options.module, texts.modules);
  const asked = (header.flags & VIDEO_MODE) !== 0;
  const screen = asked ? framebufferOf(input.machine, input.policy) : undefined;
  const beside = [...segments, ...modules.segments];
  const page = lastWordsPage(input.machine, input.policy, { end: FOUR_GIB, beside });
  const info = infoSegment(image, input, { texts, modules, framebuffer: screen, hole: page?.hole });
  return ok(
    {
      // The image has the narrowest choice, so that it chooses first.
      segments: [...segments, info, ...modules.segments, ...(page ? [page.segment] : [])],
      groups,
      handoff: {
        mode: 'protected32',
        entry: addressOf(body.entry.chunk.id, body.entry.offset),
        registers: { eax: constant(MULTIBOOT_BOOTLOADER_MAGIC), ebx: addressOf(MULTIBOOT_INFO) },
      },
      ...(page && { lastWords: page.lastWords }),
      facts: facts(image, texts),
    },
    warnings(input, asked && screen === undefined),
  );
}

function refuse(
  { purpose, options }: MultibootInput,
  { commandLine }: MultibootTexts,
): Diagnostic | undefined {
  if (purpose !== 'normal') return purposeNotSupported(purpose);
  return checkText('the kernel', commandLine) ?? checkModules(options.module);
}

/** Multiboot knows no relocation; an ET_DYN says by its own format that it may be moved. */
function movement({ body: { movable, align } }: MultibootKernel): Movement | undefined {
  return movable ? { within: range(LOWEST, FOUR_GIB), align, preference: 'none' } : undefined;
}

/** What a kernel is told besides what the machine has. */
interface Told {
  readonly texts: MultibootTexts;
  readonly modules: Modules;
  readonly framebuffer: Framebuffer | undefined;
  readonly hole: MapHole | undefined;
}

function infoSegment(
  { body }: MultibootKernel,
  { machine: { told } }: MultibootInput,
  { texts: { commandLine }, modules: { modules }, framebuffer, hole }: Told,
): Segment {
  const { bytes, relocations } = buildMultibootInfo({
    ...{ segment: MULTIBOOT_INFO, told, hole, commandLine, bootLoaderName: BOOT_LOADER_NAME },
    ...{ modules, framebuffer },
  });
  return {
    id: MULTIBOOT_INFO,
    parts: [{ bytes }],
    memorySize: BigInt(bytes.length),
    placements: besides(body, INFO_ALIGN),
    relocations,
    why: 'the Multiboot information: the kernel finds its address in ebx',
  };
}

function warnings({ machine, policy }: MultibootInput, withoutScreen: boolean): Diagnostic[] {
  const isEfi = machine.firmware.efi !== undefined && policy.efi;
  return [
    ...(withoutScreen ? [noScreen('bit 2 of the flags', 'warning')] : []),
    ...(isEfi ? [noFirmwareTables('Multiboot has no place for it')] : []),
  ];
}

function facts({ body }: MultibootKernel, { commandLine, modules }: MultibootTexts): Facts {
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
