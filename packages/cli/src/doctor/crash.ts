import { humanSize } from '../size.js';
import { memoryOf } from './needs.js';
import { wasSaid, type Situation } from './situation.js';
import { both, fine, stops, unknown, warning, type Check, type Verdict } from './verdict.js';

const isForCrash = ({ purpose }: Situation): boolean => purpose === 'crash';

/** A kernel with its initrd unpacked and a program that writes the dump runs out of less, in bytes. */
const TO_RUN_IN = 128n << 20n;
/** Besides the segments, the kernel takes control pages and page tables out of the reserved memory. */
const CONTROL = 1n << 20n;

const crashMemory: Check = {
  code: 'DOCTOR_CRASH_MEMORY',
  title: 'crash memory',
  when: isForCrash,
  judge: (situation) => {
    const reserved = reservedIn(situation);
    if (reserved === undefined) return unknown('whether memory is reserved for a crash kernel is not known');
    if (reserved === 0n)
      return stops(both, 'no memory is reserved for a crash kernel', 'a load is refused (EADDRNOTAVAIL)');
    const segments = situation.image?.plans?.segments;
    return judgeRoom(reserved, segments?.ok === true ? memoryOf(segments.value.segments) : 0n);
  },
};

function reservedIn({ machine, facts }: Situation): bigint | undefined {
  if (!machine.ok) return facts.crashSize;
  return machine.value.crashKernel.reduce((sum, { start, end }) => sum + end - start, 0n);
}

function judgeRoom(reserved: bigint, taken: bigint): Verdict {
  const left = reserved - taken;
  const finding =
    taken === 0n
      ? `${humanSize(reserved)} are reserved for a crash kernel`
      : `${humanSize(reserved)} are reserved for a crash kernel, of which the load takes ${humanSize(taken)}`;
  if (left < CONTROL) return stops(both, finding, 'too little is left for the kernel itself (ENOMEM)');
  return left < TO_RUN_IN
    ? warning(finding, `it has ${humanSize(left)} to run in, and would probably run out of memory`)
    : fine(finding);
}

const dump: Check = {
  code: 'DOCTOR_DUMP',
  title: 'dump',
  when: isForCrash,
  judge: (situation) => {
    const { machine } = situation;
    if (!machine.ok || machine.value.crashKernel.length === 0) return unknown('not looked at');
    if (wasSaid(situation, 'MACHINE_VMCOREINFO'))
      return warning('the running kernel shows no vmcoreinfo', 'most tools cannot read a dump of it');
    return wasSaid(situation, 'MACHINE_CRASH_NOTES')
      ? warning('where the CPUs leave their registers is not known', 'a dump would lack what they were doing')
      : fine('a dump has what its readers need');
  },
};

/** What a crash kernel needs. */
export const crashChecks: readonly Check[] = [crashMemory, dump];
