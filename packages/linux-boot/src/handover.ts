import {
  type Address,
  type Diagnostic,
  type EfiSystem,
  type Facts,
  fail,
  type FileValue,
  hex,
  LAST_WORDS_SIZE,
  type LastWords,
  type Machine,
  ok,
  PAGE_SIZE,
  type Placement,
  type Policy,
  type Relocation,
  type Result,
  type Segment,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { alignUp } from '@kexec-kit/memory';
import { BOOT_PARAMS_SIZE, buildBootParams } from './boot-params.js';
import { checkFirmware } from './check-firmware.js';
import { efiNotHandedOn, memoryMapCut } from './codes.js';
import { encodeCommandLine } from './command-line.js';
import { E820_INLINE, E820_TABLE, encodeE820, splitE820 } from './e820.js';
import { encodeEfiSetupData, encodeRuntimeMap, halves, whyNotEfi, writeEfiInfo } from './efi.js';
import { BootParams } from './generated/boot-params.js';
import { SetupHeader } from './generated/setup-header.js';
import { checkInitrdSize, concatenateInitrds, emptyInitrds, INITRD, initrdSegment } from './initrd.js';
import { lastWordsPage, type LastWordsPage } from './last-words-page.js';
import { e820Relocations, type MapHole, mapToTell, type MapToTell } from './map-hole.js';
import { anywhereBelow } from './placement.js';
import {
  pointerTo,
  SETUP_DATA_HEADER,
  SETUP_E820_EXT,
  SETUP_EFI,
  SETUP_LAST_WORDS,
  SETUP_RNG_SEED,
  type SetupDataNode,
  setupDataSegments,
} from './setup-data.js';

/** What a Linux kernel is to be handed, whatever format its image has. */
export interface HandoverInput {
  /** The image's setup header: the bytes from 0x1f1 on that exist. */
  readonly header: Uint8Array;
  readonly machine: Machine;
  readonly policy: Policy;
  readonly commandLine: string;
  /** `cmdline_size`, in bytes without the NUL. */
  readonly commandLineLimit: number;
  readonly initrds: readonly FileValue[];
  /** Nothing of this lies at or above: 4 GiB for a kernel that cannot look beyond. */
  readonly addressEnd: Address;
  /** No byte of the initrd lies at or above. */
  readonly initrdEnd: Address;
  /** Whether the kernel takes EFI over (XLF_EFI_KEXEC). */
  readonly kernelTakesEfi: boolean;
  readonly kernelAlignment?: number;
  /** Whether the kernel reads a setup_data list: since protocol 2.09. Default true. */
  readonly kernelTakesSetupData?: boolean;
  /** What is loaded besides, above all the kernel: the page of last words never takes its place. Default: nothing. */
  readonly beside?: readonly Pick<Segment, 'memorySize'>[];
  /** A segment that is cut out of the memory map. */
  readonly hole?: MapHole;
  /** Addresses that are written into the command line. */
  readonly commandLineRelocations?: readonly Relocation[];
}

/** The segments besides the kernel; the kernel is handed the address of {@link BOOT_PARAMS}. */
export interface Handover {
  readonly segments: readonly Segment[];
  readonly facts: Facts;
  /** Where purgatory's record is kept for the next kernel: a node of its setup_data list, else a page that its map reserves. */
  readonly lastWords?: LastWords;
}

/** The segment whose address the kernel is entered with. */
export const BOOT_PARAMS: SegmentId = 'boot-params';
const COMMAND_LINE: SegmentId = 'command-line';
const EFI_MAP: SegmentId = 'efi-runtime-map';
const RNG_SEED_SIZE = 32;
const LAST_WORDS: LastWords = { segment: 'setup-data.last-words', offset: BigInt(SETUP_DATA_HEADER) };

/**
 * Builds boot_params, the command line, the initrd, the setup_data list and the EFI runtime map as segments,
 * linked by relocations.
 */
export function linuxHandover(input: HandoverInput): Result<Handover> {
  const [wrong, ...more] = checkFirmware(input.machine);
  if (wrong !== undefined) return fail(wrong, ...more);
  const commandLine = encodeCommandLine(input.commandLine, input.commandLineLimit);
  if (!commandLine.ok) return commandLine;

  const { efi, warnings } = chooseEfi(input);
  const initrd = concatenateInitrds(input.initrds);
  const tooLarge = checkInitrdSize(initrd.size, input.initrdEnd);
  if (tooLarge !== undefined) return fail(tooLarge);
  const page = pageOfWords(input, initrd.size);
  const map = mapToTell(input.machine.told, input.hole ?? page?.hole);
  const nodes = input.kernelTakesSetupData === false ? [] : setupDataNodes(map, efi);
  const small = (align: bigint): Placement[] => [anywhereBelow(input.addressEnd, align)];

  const segments: Segment[] = [
    bootParamsSegment(input, { map, efi, initrdSize: initrd.size, firstNode: nodes[0]?.id }),
    {
      id: COMMAND_LINE,
      parts: [{ bytes: commandLine.value }],
      memorySize: BigInt(commandLine.value.length),
      placements: small(1n),
      ...(input.commandLineRelocations && { relocations: input.commandLineRelocations }),
      why: 'the command line with its NUL',
    },
    ...setupDataSegments(nodes, small(16n)),
    ...(efi === undefined ? [] : [runtimeMapSegment(efi, small(16n))]),
    ...(initrd.size === 0n ? [] : [initrdSegment(initrd, input.initrdEnd)]),
    ...(page === undefined ? [] : [page.segment]),
  ];
  const lastWords = nodes.length > 0 ? LAST_WORDS : page?.lastWords;
  return ok({ segments, facts: facts(input, map, efi, initrd.size), ...(lastWords && { lastWords }) }, [
    ...warnings,
    ...warnOfMemoryMap(input, map),
    ...emptyInitrds(input.initrds),
  ]);
}

/** Where purgatory's record lies for a kernel that reads no list: in a page of the map, if the map has room to say so. */
function pageOfWords(input: HandoverInput, initrdSize: bigint): LastWordsPage | undefined {
  const { machine, policy, addressEnd, kernelTakesSetupData, hole, commandLine } = input;
  if (kernelTakesSetupData !== false || hole !== undefined) return undefined;
  const own = [BigInt(BOOT_PARAMS_SIZE), BigInt(commandLine.length), initrdSize];
  const beside = [...(input.beside ?? []), ...own.map((size) => ({ memorySize: alignUp(size, PAGE_SIZE) }))];
  return lastWordsPage(machine, policy, { end: addressEnd, mostRegions: E820_INLINE, beside });
}

/** An old kernel learns of the first ranges only; it takes what it does not know of for no memory. */
function warnOfMemoryMap({ kernelTakesSetupData }: HandoverInput, { regions }: MapToTell): Diagnostic[] {
  const { inline, rest } = splitE820(regions);
  return kernelTakesSetupData === false && rest.length > 0
    ? [memoryMapCut(regions.length, inline.length)]
    : [];
}

function chooseEfi({ machine, policy, kernelTakesEfi }: HandoverInput): {
  efi?: EfiSystem;
  warnings: Diagnostic[];
} {
  const { efi } = machine.firmware;
  if (efi === undefined || !policy.efi) return { warnings: [] };
  const reason = whyNotEfi(efi, kernelTakesEfi);
  return reason === undefined ? { efi, warnings: [] } : { warnings: [efiNotHandedOn(reason)] };
}

function setupDataNodes({ regions, values }: MapToTell, efi: EfiSystem | undefined): SetupDataNode[] {
  const { inline, rest } = splitE820(regions);
  const e820: SetupDataNode = {
    id: 'setup-data.e820',
    type: SETUP_E820_EXT,
    data: { bytes: encodeE820(rest) },
    relocations: e820Relocations(values, inline.length, rest.length, SETUP_DATA_HEADER),
    why: `SETUP_E820_EXT: the memory map beyond its first ${inline.length} ranges`,
  };
  const seed: SetupDataNode = {
    id: 'setup-data.rng-seed',
    type: SETUP_RNG_SEED,
    data: { fresh: RNG_SEED_SIZE },
    why: 'SETUP_RNG_SEED: random bytes, drawn when the plan is applied',
  };
  const lastWords: SetupDataNode = {
    id: LAST_WORDS.segment,
    type: SETUP_LAST_WORDS,
    data: { zeros: BigInt(LAST_WORDS_SIZE) },
    why: 'a setup_data node of our own: how far the hand-over got, written by purgatory, kept by the next kernel',
  };
  return [
    ...(rest.length === 0 ? [] : [e820]),
    ...(efi === undefined ? [] : [efiNode(efi)]),
    seed,
    lastWords,
  ];
}

function efiNode(efi: EfiSystem): SetupDataNode {
  return {
    id: 'setup-data.efi',
    type: SETUP_EFI,
    data: { bytes: encodeEfiSetupData(efi) },
    why: 'SETUP_EFI: physical addresses that the firmware has since replaced by virtual ones',
  };
}

function bootParamsSegment(
  input: HandoverInput,
  has: { map: MapToTell; efi: EfiSystem | undefined; initrdSize: bigint; firstNode: SegmentId | undefined },
): Segment {
  const params = buildBootParams({ ...input, map: has.map.regions, initrdSize: has.initrdSize });
  const relocations: Relocation[] = [
    ...e820Relocations(has.map.values, 0, E820_INLINE, E820_TABLE.offset),
    ...halves(SetupHeader.at.cmd_line_ptr.offset, BootParams.at.ext_cmd_line_ptr.offset, COMMAND_LINE),
    ...(has.initrdSize === 0n
      ? []
      : halves(SetupHeader.at.ramdisk_image.offset, BootParams.at.ext_ramdisk_image.offset, INITRD)),
    ...pointerTo(SetupHeader.at.setup_data.offset, has.firstNode),
    ...(has.efi === undefined ? [] : writeEfiInfo(params, has.efi, EFI_MAP)),
  ];
  return {
    id: BOOT_PARAMS,
    parts: [{ bytes: params.value }],
    memorySize: BigInt(BOOT_PARAMS_SIZE),
    placements: [anywhereBelow(input.addressEnd, PAGE_SIZE)],
    relocations,
    why: 'boot_params: the kernel is entered with its address in rsi, or esi',
  };
}

function runtimeMapSegment(efi: EfiSystem, placements: readonly Placement[]): Segment {
  const bytes = encodeRuntimeMap(efi.runtimeMap);
  return {
    id: EFI_MAP,
    parts: [{ bytes }],
    memorySize: BigInt(bytes.length),
    placements,
    why: 'the EFI runtime map, with the virtual addresses in force',
  };
}

function facts(
  input: HandoverInput,
  { regions }: MapToTell,
  efi: EfiSystem | undefined,
  initrdSize: bigint,
): Facts {
  const { machine } = input;
  const { inline, rest } = splitE820(regions);
  const beyond = input.kernelTakesSetupData === false ? 0 : rest.length;
  const screen = input.policy.video === 'auto' && machine.firmware.screen !== undefined;
  return [
    {
      title: 'Linux boot parameters',
      fields: [
        { name: 'command line', value: input.commandLine },
        {
          name: 'initrd',
          value: initrdSize === 0n ? 'none' : `${initrdSize} bytes`,
        },
        {
          name: 'memory map',
          value: `${inline.length} ranges in e820_table, ${beyond} in SETUP_E820_EXT`,
        },
        { name: 'screen', value: screen ? 'handed on' : 'none' },
        {
          name: 'EFI',
          value: efi === undefined ? 'none' : `handed on, ${efi.runtimeMap.length} runtime ranges`,
        },
        { name: 'acpi_rsdp_addr', value: hex(machine.firmware.acpiRsdp ?? 0n) },
      ],
    },
  ];
}
