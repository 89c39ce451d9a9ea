import {
  addressOf,
  type Diagnostic,
  type Facts,
  fail,
  hex,
  type Machine,
  ok,
  PAGE_SIZE,
  type Purpose,
  range,
  type Range,
  type Relocation,
  type Result,
  type Segment,
  type SegmentId,
  sizeOf,
} from '@kexec-kit/loader-api';
import { alignUp } from '@kexec-kit/memory';
import { captureMap } from './capture-map.js';
import { noNotes, noRegion, tooManyPieces } from './codes.js';
import { dumpedMemory, LOW_MEMORY } from './dumped.js';
import { buildElfcorehdr, countHeaders, MOST_HEADERS } from './elfcorehdr.js';

/** The segment of the elfcorehdr. */
export const ELFCOREHDR: SegmentId = 'elfcorehdr';

/** What a loader would tell the next kernel, and why the next kernel is started. */
export interface CaptureInput {
  readonly machine: Machine;
  readonly purpose: Purpose;
  /** As the user wants it, `crashkernel=` taken off. */
  readonly commandLine: string;
  /** The elfcorehdr lies below. */
  readonly addressEnd: bigint;
}

/** What it is told instead; for an ordinary kernel the same. */
export interface Capture {
  readonly machine: Machine;
  readonly commandLine: string;
  /** Of the command line: its addresses. */
  readonly commandLineRelocations: readonly Relocation[];
  /** What is to be loaded besides. */
  readonly segments: readonly Segment[];
  /** What the memory map must not tell as RAM. */
  readonly hole?: { readonly segment: SegmentId; readonly within: Range };
  readonly facts: Facts;
}

/**
 * Prepares what a kernel is handed for its purpose: a crash kernel gets the elfcorehdr, `elfcorehdr=` on its command line, and
 * the memory map that keeps it in the memory reserved for it; an ordinary one gets what it would get anyway.
 *
 * @example
 * ```ts no-run
 * const capture = captureFor({ machine, purpose: 'crash', commandLine: 'console=ttyS0', addressEnd: 1n << 64n });
 * if (capture.ok) capture.value.commandLine; // 'elfcorehdr=0x???????????????? console=ttyS0'
 * ```
 */
export function captureFor(input: CaptureInput): Result<Capture> {
  const { machine, purpose, commandLine } = input;
  if (purpose === 'normal')
    return ok({ machine, commandLine, commandLineRelocations: [], segments: [], facts: [] });
  const within = machine.crashKernel.at(-1);
  if (within === undefined) return fail(noRegion());
  const refused = refuse(machine);
  if (refused !== undefined) return fail(refused);
  const told = captureMap(machine);
  return ok({
    machine: { ...machine, told },
    ...captureCommandLine(commandLine),
    segments: [elfcorehdrSegment(machine, input.addressEnd)],
    hole: { segment: ELFCOREHDR, within },
    facts: facts(machine, within),
  });
}

function refuse(machine: Machine): Diagnostic | undefined {
  if (machine.crash === undefined || machine.crash.cpuNotes.length === 0) return noNotes();
  const count = countHeaders(machine);
  return count > MOST_HEADERS ? tooManyPieces(count, MOST_HEADERS) : undefined;
}

/** 16 digits, whatever the address is; with 0x, since Linux takes leading zeros alone for octal (lib/cmdline.c, memparse). */
const PARAMETER = 'elfcorehdr=0x';
/** Nothing has an address yet, and who reads the plan is to see that. */
const DIGITS = '?'.repeat(16);

/** In front, since what stands behind a `--` is not for the kernel. */
function captureCommandLine(text: string): Pick<Capture, 'commandLine' | 'commandLineRelocations'> {
  return {
    commandLine: `${PARAMETER}${DIGITS}${text === '' ? '' : ' '}${text}`,
    commandLineRelocations: [
      { offset: PARAMETER.length, value: addressOf(ELFCOREHDR), encoding: 'hex16-text' },
    ],
  };
}

/** Pages of its own: the map of RAM has a hole there. */
function elfcorehdrSegment(machine: Machine, addressEnd: bigint): Segment {
  const bytes = buildElfcorehdr(machine);
  return {
    id: ELFCOREHDR,
    parts: [{ bytes }],
    memorySize: alignUp(BigInt(bytes.length), PAGE_SIZE),
    placements: [{ within: range(LOW_MEMORY.end, addressEnd), align: PAGE_SIZE, from: 'top' }],
    why: 'the ELF core header of the memory of the kernel that crashed: told by elfcorehdr=, kept out of the memory map',
  };
}

function facts(machine: Machine, region: Range): Facts {
  const { crash } = machine;
  const dumped = dumpedMemory(machine);
  const size = dumped.reduce((sum, each) => sum + sizeOf(each), 0n);
  const kernel = crash?.kernel;
  return [
    {
      title: 'Crash dump',
      fields: [
        { name: 'reserved for the crash kernel', value: `${hex(region.start)}-${hex(region.end)}` },
        { name: 'dumped memory', value: `${size} bytes in ${dumped.length} pieces` },
        { name: 'CPU notes', value: String(crash?.cpuNotes.length ?? 0) },
        {
          name: 'VMCOREINFO',
          value: crash?.vmcoreinfo === undefined ? 'not known' : hex(crash.vmcoreinfo.start),
        },
        { name: 'running kernel', value: kernel === undefined ? 'not known' : `at ${hex(kernel.start)}` },
      ],
    },
  ];
}
