import { captureFor } from '@kexec-kit/kdump';
import {
  BOOT_FLAG,
  BOOT_PARAMS,
  composeCommandLine,
  encodeCommandLine,
  HEADER_MAGIC,
  HEADER_START,
  linuxHandover,
  SetupHeader,
} from '@kexec-kit/linux-boot';
import {
  addressOf,
  constant,
  type Expr,
  type Facts,
  type LastWords,
  ok,
  type PlanInput,
  type Result,
  type Segment,
} from '@kexec-kit/loader-api';
import { writer } from '@kexec-kit/structures';
import { buildBootNotes } from './boot-notes.js';
import type { ElfKernel } from './image.js';
import type { options } from './options.js';
import { addressEnd, anywhere } from './placement.js';
import type { Style } from './styles.js';
import { NAME, VERSION } from './version.js';

type Input = PlanInput<typeof options>;

/** What is handed over: segments besides the image, and where the registers point, by their names without width. */
export interface Arguments {
  readonly segments: readonly Segment[];
  readonly registers: Readonly<Partial<Record<'bx' | 'bp' | 'di' | 'si' | 'sp', Expr>>>;
  readonly facts: Facts;
  readonly lastWords?: LastWords;
}

/** What a kernel of that style is handed. */
export function argumentsOf(style: Style, image: ElfKernel, input: Input): Result<Arguments> {
  return STYLES[style](image, input);
}

const STYLES: Readonly<Record<Style, (image: ElfKernel, input: Input) => Result<Arguments>>> = {
  elf: bootNotes,
  linux: linuxArguments,
  none: () => ok({ segments: [], registers: {}, facts: [] }),
};

/** COMMAND_LINE_SIZE without its NUL: what every x86 kernel takes since 2.6.30; a vmlinux does not say. */
const LINUX_COMMAND_LINE = 2047;
/** Where a 32-bit kernel's direct mapping of memory ends. */
const LOW_MEMORY_END = 0x38000000n;

function linuxArguments(image: ElfKernel, input: Input): Result<Arguments> {
  const end = image.mode === 'long64' ? addressEnd(image) : LOW_MEMORY_END;
  const capture = captureFor({ ...input, commandLine: commandLine(input), addressEnd: end });
  if (!capture.ok) return capture;
  const { segments, facts, ...told } = capture.value;
  const handover = linuxHandover({
    ...told,
    header: setupHeader(),
    policy: input.policy,
    commandLineLimit: LINUX_COMMAND_LINE,
    initrds: input.options.initrd,
    addressEnd: end,
    initrdEnd: end,
    // A vmlinux does not say whether it takes EFI over, and one that does not would enter the firmware twice.
    kernelTakesEfi: false,
  });
  if (!handover.ok) return handover;
  const zero = constant(0n);
  const cleared = image.mode === 'protected32' ? { bx: zero, bp: zero, di: zero } : {};
  return ok(
    {
      ...handover.value,
      segments: [...segments, ...handover.value.segments],
      registers: { si: addressOf(BOOT_PARAMS), ...cleared },
      facts: [...facts, ...handover.value.facts],
    },
    handover.diagnostics,
  );
}

/**
 * The setup header that the bzImage around a vmlinux would have had, as far as the kernel proper looks at it:
 * that there is one, of a protocol with 64-bit pointers, and that the root is mounted read-only at first.
 */
function setupHeader(): Uint8Array {
  const { at } = SetupHeader;
  return writer(at.init_size.offset + at.init_size.size)
    .u16(at.root_flags, 1)
    .u16(at.boot_flag, BOOT_FLAG)
    .u32(at.header, HEADER_MAGIC)
    .u16(at.version, 0x020c)
    .value.subarray(HEADER_START);
}

const NOTES = 'elf-boot-notes';
const STACK = 'stack';
const STACK_SIZE = 0x1000;
/** In bytes, at the top of the stack: room for a frame that is aligned as compilers expect. */
const FRAME = 32;
/** From the start of the frame: the one argument, and below it the return address, which is 0. */
const ARGUMENT = 16;

/** ELF boot notes as the one argument of a C function (System V psABI): in rdi, or for 32-bit code on the stack. */
function bootNotes(image: ElfKernel, input: Input): Result<Arguments> {
  const text = commandLine(input);
  const encoded = encodeCommandLine(text, Number.MAX_SAFE_INTEGER);
  if (!encoded.ok) return encoded;
  const isWide = image.mode === 'long64';
  const returnAddress = STACK_SIZE - FRAME + ARGUMENT - (isWide ? 8 : 4);
  const sp = addressOf(STACK, BigInt(returnAddress));
  return ok({
    segments: [notesSegment(image, text), stackSegment(image)],
    registers: isWide ? { di: addressOf(NOTES), sp } : { sp },
    facts: [{ title: 'ELF boot notes', fields: [{ name: 'command line', value: text }] }],
  });
}

function notesSegment(image: ElfKernel, text: string): Segment {
  const { bytes, relocations } = buildBootNotes({ bootLoader: NAME, version: VERSION, commandLine: text });
  return {
    id: NOTES,
    parts: [{ bytes }],
    memorySize: BigInt(bytes.length),
    placements: anywhere(image, 4n),
    relocations,
    why: 'ELF boot notes: who boots, and the command line',
  };
}

function stackSegment(image: ElfKernel): Segment {
  const at = STACK_SIZE - FRAME + ARGUMENT;
  const argument = { offset: at, value: addressOf(NOTES), encoding: 'u32' } as const;
  return {
    id: STACK,
    parts: [{ zeros: BigInt(STACK_SIZE - FRAME) }, { bytes: new Uint8Array(FRAME) }],
    memorySize: BigInt(STACK_SIZE),
    placements: anywhere(image),
    relocations: image.mode === 'long64' ? [] : [argument],
    why: 'a page of stack, at its top a return address of 0',
  };
}

function commandLine({ machine, purpose, options }: Input): string {
  return composeCommandLine({
    text: options.commandLine,
    reuse: options.reuseCommandLine,
    running: machine.commandLine,
    purpose,
  });
}
