import { hex, PAGE_SIZE, range, type PlacedSegment } from '@kexec-kit/loader-api';
import { contains, overlaps } from '@kexec-kit/memory';
import { callerAbi, targetFor } from './abi.js';
import { crashMemoryFull, memoryFull, noHole, overHalfOfRam } from './causes-memory.js';
import {
  known,
  purposeOf,
  segmentsOf,
  type Causes,
  type Cause,
  type ErrnoContext,
  type Look,
} from './cause.js';

const PLAN_AGAIN = 'Make the plan again on this machine.';

/** A segment by its place and by what is in it. */
function nameOf(segment: PlacedSegment, index: number): string {
  const { start, memorySize: size, pieces } = segment;
  const ids = pieces.map(({ id }) => id).join(', ');
  return `segment ${index} (${ids}) at ${hex(start)}-${hex(start + size)}`;
}

const tooManySegments: Look = (context) => {
  const count = segmentsOf(context)?.segments.length ?? 0;
  const most = targetFor('x86_64').maxSegments;
  return count > most
    ? known(`there are ${count} segments, and the kernel takes ${most}`, 'Give fewer initrds or modules.')
    : undefined;
};

const otherArchitecture: Look = ({ submission, machine }) =>
  submission !== undefined && machine !== undefined && submission.architecture !== machine.architecture
    ? known(
        `the plan was made for a running ${submission.architecture} kernel, and this one is ${machine.architecture}`,
        PLAN_AGAIN,
      )
    : undefined;

const overlapping: Look = (context) => {
  const segments = segmentsOf(context)?.segments ?? [];
  const extents = segments.map(({ start, memorySize: size }) => range(start, start + size));
  const index = extents.findIndex((extent, n) =>
    extents.slice(0, n).some((other) => overlaps(other, extent)),
  );
  const segment = segments[index];
  return segment === undefined ? undefined : known(`${nameOf(segment, index)} overlaps another`, PLAN_AGAIN);
};

const notLoaded: Look = ({ call, facts }) =>
  call === 'reboot' && facts?.loaded?.normal === false
    ? known('nothing is loaded', 'Load a kernel first.')
    : undefined;

const inPidNamespace: Look = ({ call }) =>
  call === 'reboot'
    ? {
        certainty: 'possible',
        why: 'this process runs in a container (PID namespace), which cannot start another kernel',
        cure: 'Run it on the machine itself.',
      }
    : undefined;

const invalidFile: Look = ({ call, submission }) =>
  call === 'kexec_file_load' && submission?.method === 'file'
    ? {
        certainty: 'possible',
        why: `the command line (${Buffer.byteLength(submission.commandLine)} bytes) is longer than the kernel to be started takes, or a file is none that can be read`,
        cure: 'Shorten the command line.',
      }
    : undefined;

const noCrashMemory: Look = (context) =>
  purposeOf(context) === 'crash' && context.machine?.crashKernel.length === 0
    ? known(
        'no memory is reserved for a crash kernel',
        'Start the running kernel with crashkernel=256M (or more) on its command line.',
      )
    : undefined;

const outsideCrashMemory: Look = (context) => {
  const { machine } = context;
  if (purposeOf(context) !== 'crash' || machine === undefined) return undefined;
  return firstSegment(
    context,
    ({ start, memorySize: size }) => !contains(machine.crashKernel, range(start, start + size)),
    'is not in the memory reserved for a crash kernel',
  );
};

const outOfReach: Look = (context) => {
  const end = targetFor(context.machine?.architecture ?? 'x86_64').addressEnd;
  return firstSegment(
    context,
    ({ start, memorySize: size }) => start + size > end,
    `ends above ${hex(end)}, as far as this kernel and this program reach`,
  );
};

const noPage: Look = (context) =>
  firstSegment(
    context,
    ({ start, memorySize: size }) => start % PAGE_SIZE !== 0n || size % PAGE_SIZE !== 0n,
    'is not made of whole pages',
  );

function firstSegment(
  context: ErrnoContext,
  isBad: (segment: PlacedSegment) => boolean,
  why: string,
): Cause | undefined {
  const segments = segmentsOf(context)?.segments ?? [];
  const index = segments.findIndex(isBad);
  const segment = segments[index];
  return segment === undefined ? undefined : known(`${nameOf(segment, index)} ${why}`, PLAN_AGAIN);
}

const notBuilt: Look = ({ call, facts }) => {
  const option = call === 'kexec_file_load' ? 'KEXEC_FILE' : 'KEXEC';
  if (facts?.config === undefined || call === 'reboot') return undefined;
  if (facts.config[option] === 'y') return undefined;
  if (facts.config['KEXEC'] !== 'y' && facts.config['KEXEC_FILE'] !== 'y')
    return known(
      'the running kernel was built without kexec (CONFIG_KEXEC, CONFIG_KEXEC_FILE)',
      'Use a kernel that was built with it, as those of distributions are.',
    );
  return known(
    `the running kernel was built without ${call} (CONFIG_${option})`,
    call === 'kexec_file_load'
      ? 'Use kexec_load: kexec-kit --method segments, kexec -c.'
      : 'Use kexec_file_load: kexec-kit --method file, kexec -s.',
  );
};

const notForThisProgram: Look = ({ call }) =>
  call === 'kexec_file_load' && callerAbi === 'i386'
    ? known(
        'a 32-bit program has no kexec_file_load',
        'Use kexec_load: kexec-kit --method segments, kexec -c.',
      )
    : undefined;

/** What cannot be done as it was asked for. */
export const requestCauses: Causes = {
  EINVAL: [
    notLoaded,
    tooManySegments,
    otherArchitecture,
    overHalfOfRam,
    overlapping,
    invalidFile,
    inPidNamespace,
  ],
  EADDRNOTAVAIL: [noCrashMemory, outsideCrashMemory, outOfReach, noPage, noHole],
  ENOMEM: [crashMemoryFull, memoryFull],
  ENOSYS: [notForThisProgram, notBuilt],
};
