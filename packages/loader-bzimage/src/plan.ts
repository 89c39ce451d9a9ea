import {
  BOOT_PARAMS,
  composeCommandLine,
  linuxHandover,
  realModeHandover,
  XLF_EFI_KEXEC,
} from '@kexec-kit/linux-boot';
import {
  type Address,
  addressOf,
  constant,
  type Diagnostic,
  fail,
  type Facts,
  type Handoff,
  hex,
  type LastWords,
  ok,
  type Plan,
  type PlanInput,
  range,
  type Result,
  type Segment,
} from '@kexec-kit/loader-api';
import { contains, destinations } from '@kexec-kit/memory';
import { captureFor } from '@kexec-kit/kdump';
import { crashFixed, crashInRealMode } from './codes.js';
import { checkEntry, checkEntryOptions, chooseEntry, type EntryMode, warnOfBios } from './entry.js';
import type { BzImage } from './image.js';
import { checkI386Limit, type Limits, limitsOf, NO_LIMIT } from './limits.js';
import { isKernel64, kernelMemory, type Needs, needsOf } from './needs.js';
import type { options } from './options.js';
import {
  checkInitrdRoom,
  checkNeeds,
  ENTRY_64,
  kernelPlacements,
  leastAlignment,
  lowest,
} from './placement.js';

export type Input = PlanInput<typeof options>;
const KERNEL = 'kernel';

/** Everything that is settled before the first segment is made. */
interface Subject {
  readonly image: BzImage;
  readonly needs: Needs;
  readonly entry: EntryMode;
  readonly limits: Limits;
  readonly input: Input;
}

/** Plans one of the three entries of Documentation/arch/x86/boot.rst: real mode, 32-bit or 64-bit boot protocol. */
export function plan(image: BzImage, input: Input): Result<Plan> {
  const needs = needsOf(image.header);
  const entry = chooseEntry(needs, input.machine.architecture, input.options);
  const limits = limitsOf(needs, entry, input.machine.architecture);
  const subject = { image, needs, entry, limits, input };
  const refused = refuse(subject);
  if (refused !== undefined) return fail(refused);

  const assembled = entry === '16' ? realMode(subject) : bootParams(subject);
  if (!assembled.ok) return assembled;
  const { segments, handoff, facts, lastWords } = assembled.value;
  return ok(
    {
      // The kernel has the narrowest choice, so that it chooses first.
      segments: [kernelSegment(subject), ...segments],
      handoff,
      facts: [...entryFacts(subject), ...facts],
      ...(lastWords && { lastWords }),
    },
    [...warnOfBios(entry, input.machine), ...assembled.diagnostics],
  );
}

function refuse(subject: Subject): Diagnostic | undefined {
  const { image, needs, entry, limits, input } = subject;
  return (
    checkEntryOptions(input.options) ??
    checkEntry(entry, image, needs, input.machine) ??
    checkNeeds(subject) ??
    checkCrash(subject) ??
    checkI386Limit(limits, input, {
      size: kernelMemory(image, needs),
      lowest: lowest(needs),
      align: needs.relocatable_kernel === 0 ? undefined : BigInt(leastAlignment(needs)),
    }) ??
    (input.options.initrd.length > 0 ? checkInitrdRoom(image, needs, limits) : undefined)
  );
}

/** A crash kernel has the memory that is reserved for it, and no other. */
function checkCrash({ image, needs, entry, input }: Subject): Diagnostic | undefined {
  if (input.purpose !== 'crash') return undefined;
  if (entry === '16') return crashInRealMode();
  const region = destinations(input.machine, 'crash');
  const wanted = range(lowest(needs), lowest(needs) + kernelMemory(image, needs));
  if (needs.relocatable_kernel !== 0 || contains(region, wanted)) return undefined;
  const words = region.map(({ start, end }) => `${hex(start)}-${hex(end)}`).join(', ');
  return crashFixed(image.source.name, lowest(needs), words);
}

/** What an entry adds to the kernel's own segment. */
interface Assembled {
  readonly segments: readonly Segment[];
  readonly handoff: Handoff;
  readonly facts: Facts;
  readonly lastWords?: LastWords;
}

/** boot.rst, "Running the Kernel": the real-mode code asks the BIOS, and enters the 32-bit code itself. */
function realMode({ image, needs, limits, input }: Subject): Result<Assembled> {
  return realModeHandover({
    image: image.source.id,
    header: image.header,
    headerBytes: image.headerBytes,
    kernel: KERNEL,
    commandLine: commandLine(input),
    commandLineLimit: needs.cmdline_size,
    initrds: input.options.initrd,
    initrdEnd: limits.initrdEnd,
    ...kernelAlignment(image, needs),
  });
}

/** The 32-bit and the 64-bit boot protocol: the kernel is handed a page of parameters. */
function bootParams(subject: Subject): Result<Assembled> {
  const { image, needs, entry, limits, input } = subject;
  const capture = captureFor({ ...input, commandLine: commandLine(input), addressEnd: limits.end });
  if (!capture.ok) return capture;
  const { segments, facts, ...told } = capture.value;
  const handover = linuxHandover({
    ...told,
    header: image.headerBytes,
    policy: input.policy,
    commandLineLimit: needs.cmdline_size,
    initrds: input.options.initrd,
    addressEnd: limits.end,
    initrdEnd: limits.initrdEnd,
    kernelTakesEfi: (needs.xloadflags & XLF_EFI_KEXEC) !== 0,
    kernelTakesSetupData: image.header.setup_data !== undefined,
    beside: [kernelSegment(subject)],
    ...kernelAlignment(image, needs),
  });
  if (!handover.ok) return handover;
  const { lastWords } = handover.value;
  return ok(
    {
      segments: [...segments, ...handover.value.segments],
      handoff: HANDOFFS[entry === '64' ? '64' : '32'],
      facts: [...facts, ...handover.value.facts],
      ...(lastWords && { lastWords }),
    },
    handover.diagnostics,
  );
}

const HANDOFFS: Readonly<Record<'64' | '32', Handoff>> = {
  /** boot.rst, "64-bit Boot Protocol". */
  64: {
    mode: 'long64',
    entry: addressOf(KERNEL, BigInt(ENTRY_64)),
    registers: { rsi: addressOf(BOOT_PARAMS) },
  },
  /** boot.rst, "32-bit Boot Protocol". */
  32: {
    mode: 'protected32',
    entry: addressOf(KERNEL),
    registers: { esi: addressOf(BOOT_PARAMS), ebp: constant(0n), edi: constant(0n), ebx: constant(0n) },
  },
};

/** The next kernel's command line, by the options. */
export function commandLine({ machine, purpose, options }: Input): string {
  return composeCommandLine({
    text: options.commandLine,
    reuse: options.reuseCommandLine,
    running: machine.commandLine,
    purpose,
  });
}

/** Told to the kernel only if it has the field: since protocol 2.05. */
function kernelAlignment({ header }: BzImage, needs: Needs): { kernelAlignment?: number } {
  return header.kernel_alignment === undefined ? {} : { kernelAlignment: leastAlignment(needs) };
}

function kernelSegment({ image, needs, limits }: Subject): Segment {
  const size = needs.init_size === undefined ? 'three times its size' : 'init_size';
  const limit = limits.i386 === undefined ? '' : `; below ${hex(limits.end)}, since ${limits.i386}`;
  return {
    id: KERNEL,
    parts: [{ source: image.source.id, ...image.kernel }],
    memorySize: kernelMemory(image, needs),
    placements: kernelPlacements(needs, limits),
    why: `the protected-mode code, and the memory it unpacks itself into (${size})${limit}`,
  };
}

const ENTRY_NAMES: Readonly<Record<EntryMode, string>> = {
  64: '64-bit, at its start + 0x200',
  32: '32-bit, at its start',
  16: '16-bit, through its real-mode code',
};

function entryFacts({ needs, entry, limits, input }: Subject): Facts {
  const target = isKernel64(needs) ? 'x86_64' : 'i386';
  const since = limits.i386 === undefined ? '' : `, since ${limits.i386}`;
  return [
    {
      title: 'Linux entry',
      fields: [
        { name: 'entry', value: ENTRY_NAMES[entry] },
        { name: 'kernels', value: `${input.machine.architecture} running, ${target} to be started` },
        { name: 'kernel and parameters', value: `${where(limits.end)}${since}` },
        { name: 'initrd', value: where(limits.initrdEnd) },
      ],
    },
  ];
}

function where(end: Address): string {
  return end === NO_LIMIT ? 'anywhere' : `below ${hex(end)}`;
}
