import {
  type Address,
  addressOf,
  constant,
  type Expr,
  fail,
  type Facts,
  type FileValue,
  type Handoff,
  ok,
  type Part,
  type Placement,
  range,
  type Relocation,
  type Result,
  type Segment,
  type SegmentId,
  type SourceId,
} from '@kexec-kit/loader-api';
import { writer } from '@kexec-kit/structures';
import { LOADER_TYPE } from './boot-params.js';
import { encodeCommandLine } from './command-line.js';
import { CAN_USE_HEAP } from './flags.js';
import { SetupHeader } from './generated/setup-header.js';
import { checkInitrdSize, concatenateInitrds, emptyInitrds, INITRD, initrdSegment } from './initrd.js';
import { HEADER_START, setupCodeSize } from './setup-header.js';

/** What the real-mode code of a Linux kernel is to be handed. */
export interface RealModeInput {
  /** The image, whose first bytes are the real-mode code. */
  readonly image: SourceId;
  readonly header: SetupHeader;
  /** The bytes of the setup header that exist, from 0x1f1 on. */
  readonly headerBytes: Uint8Array;
  /** The segment with the protected-mode code. */
  readonly kernel: SegmentId;
  readonly commandLine: string;
  /** `cmdline_size`, in bytes without the NUL. */
  readonly commandLineLimit: number;
  readonly initrds: readonly FileValue[];
  /** No byte of the initrd lies at or above; at most 4 GiB. */
  readonly initrdEnd: Address;
  readonly kernelAlignment?: number;
}

/** The segments besides the kernel, and the CPU state at their entry. */
export interface RealModeHandover {
  readonly segments: readonly Segment[];
  readonly handoff: Handoff;
  readonly facts: Facts;
}

/** The segment of the real-mode code, with its heap, its stack and the command line behind it. */
export const SETUP_CODE: SegmentId = 'setup-code';
/** In bytes: the real-mode code with its own data; heap and stack begin here at the latest (boot.rst, "Memory Layout"). */
export const REAL_MODE_CODE_MAX = 0x8000;
/** Before this version the command line is found by an offset, from 0x90000. */
const HAS_POINTER = 0x0202;
const CL_MAGIC_AT = 0x20;
/** boot.rst, "The Kernel Command Line": cmd_line_magic. */
const CL_MAGIC = 0xa33f;
/** boot.rst, heap_end_ptr: it counts from the end of the boot sector. */
const HEAP_BASE = 0x200;

/** Where heap, stack and command line lie behind the real-mode code (boot.rst, "Sample Boot Configuration"). */
interface Area {
  /** In bytes, from the start: where heap and stack end, and the command line begins. */
  readonly heapEnd: number;
  /** In bytes. */
  readonly size: number;
  readonly placement: Placement;
}

const NEW_AREA: Area = {
  heapEnd: 0xe000,
  size: 0x10000,
  // boot.rst, "Memory Layout": below 64 KiB lie older loaders' things, from 0x9a000 on BIOS data of many machines.
  placement: { within: range(0x10000n, 0x9a000n), align: 0x1000n, from: 'top' },
};
const OLD_AREA: Area = { heapEnd: 0x9800, size: 0xa000, placement: { at: 0x90000n } };

/**
 * Builds the real-mode code with what it is told in its header, and the initrd. Memory map, screen and disks are not
 * handed on: the code asks the BIOS (boot.rst, "Running the Kernel").
 */
export function realModeHandover(input: RealModeInput): Result<RealModeHandover> {
  const area = input.header.version < HAS_POINTER ? OLD_AREA : NEW_AREA;
  const limit = Math.min(input.commandLineLimit, area.size - area.heapEnd - 1);
  const commandLine = encodeCommandLine(input.commandLine, limit);
  if (!commandLine.ok) return commandLine;
  const initrd = concatenateInitrds(input.initrds);
  const tooLarge = checkInitrdSize(initrd.size, input.initrdEnd);
  if (tooLarge !== undefined) return fail(tooLarge);
  const segments = [
    setupSegment(input, area, { commandLine: commandLine.value, initrdSize: initrd.size }),
    ...(initrd.size === 0n ? [] : [initrdSegment(initrd, input.initrdEnd)]),
  ];
  return ok(
    { segments, handoff: handoff(area), facts: facts(input, initrd.size) },
    emptyInitrds(input.initrds),
  );
}

interface Content {
  readonly commandLine: Uint8Array;
  readonly initrdSize: bigint;
}

function setupSegment(input: RealModeInput, area: Area, content: Content): Segment {
  return {
    id: SETUP_CODE,
    parts: [
      ...bootSector(input, area),
      { bytes: header(input, area, content) },
      ...restOfCode(input),
      { zeros: BigInt(area.heapEnd - setupCodeSize(input.header)) },
      { bytes: content.commandLine },
    ],
    memorySize: BigInt(area.size),
    placements: [area.placement],
    relocations: relocations(input, area, content),
    why: 'the real-mode code, its heap and stack, and the command line: one segment of real mode',
  };
}

/** What stands before the header: as it is, but for the old command line fields. */
function bootSector({ image, header: { version } }: RealModeInput, { heapEnd }: Area): Part[] {
  const slice = (offset: number, end: number): Part => ({ source: image, offset, length: end - offset });
  if (version >= HAS_POINTER) return [slice(0, HEADER_START)];
  const fields = writer(4).u16(0, CL_MAGIC).u16(2, heapEnd).value;
  return [slice(0, CL_MAGIC_AT), { bytes: fields }, slice(CL_MAGIC_AT + 4, HEADER_START)];
}

function restOfCode({ image, header: setup, headerBytes }: RealModeInput): Part[] {
  const offset = HEADER_START + headerBytes.length;
  return [{ source: image, offset, length: setupCodeSize(setup) - offset }];
}

/** The header as a boot loader has to fill it; `at` of the generated table counts from the start of the image. */
function header({ header: setup, ...input }: RealModeInput, area: Area, content: Content): Uint8Array {
  const page = writer(HEADER_START + input.headerBytes.length).bytes(HEADER_START, input.headerBytes);
  const { at } = SetupHeader;
  page.u8(at.type_of_loader, LOADER_TYPE).u32(at.ramdisk_image, 0).u32(at.ramdisk_size, content.initrdSize);
  if (setup.heap_end_ptr !== undefined) {
    page.u8(at.loadflags, setup.loadflags | CAN_USE_HEAP).u16(at.heap_end_ptr, area.heapEnd - HEAP_BASE);
  }
  if (setup.version < HAS_POINTER) page.u16(at.setup_move_size, area.heapEnd + content.commandLine.length);
  if (input.kernelAlignment !== undefined) page.u32(at.kernel_alignment, input.kernelAlignment);
  return page.value.subarray(HEADER_START);
}

function relocations({ header: setup, kernel }: RealModeInput, area: Area, content: Content): Relocation[] {
  const { at } = SetupHeader;
  const commandLine = addressOf(SETUP_CODE, BigInt(area.heapEnd));
  return [
    { offset: at.code32_start.offset, value: addressOf(kernel), encoding: 'u32' },
    ...(content.initrdSize === 0n
      ? []
      : [{ offset: at.ramdisk_image.offset, value: addressOf(INITRD), encoding: 'u32' } as const]),
    ...(setup.version < HAS_POINTER
      ? []
      : [{ offset: at.cmd_line_ptr.offset, value: commandLine, encoding: 'u32' } as const]),
  ];
}

/** boot.rst, "Running the Kernel": all segments are the code's own, CS is 0x20 paragraphs further, IP is 0. */
function handoff({ heapEnd }: Area): Handoff {
  const paragraph = (offset: bigint): Expr => ({ ...addressOf(SETUP_CODE, offset), shift: 4 });
  const data = paragraph(0n);
  return {
    mode: 'real16',
    entry: addressOf(SETUP_CODE, BigInt(HEAP_BASE)),
    registers: {
      ...{ cs: paragraph(BigInt(HEAP_BASE)), ds: data, es: data, fs: data, gs: data, ss: data },
      sp: constant(BigInt(heapEnd)),
    },
  };
}

function facts({ commandLine }: RealModeInput, initrdSize: bigint): Facts {
  return [
    {
      title: 'Linux real-mode code',
      fields: [
        { name: 'command line', value: commandLine },
        { name: 'initrd', value: initrdSize === 0n ? 'none' : `${initrdSize} bytes` },
        { name: 'memory map, screen, disks', value: 'asked of the BIOS' },
      ],
    },
  ];
}
