import type { LoadFacts } from '@kexec-kit/machine';
import { counted, humanSize } from '../size.js';
import { needsOf, type Needs } from './needs.js';
import { machineFailure, wasSaid } from './situation.js';
import { both, fine, stops, unknown, warning, type Check, type Verdict } from './verdict.js';

const memoryMap: Check = {
  code: 'DOCTOR_MEMORY_MAP',
  title: 'memory map',
  judge: (situation) => {
    const { machine } = situation;
    if (machineFailure(situation) === 'MACHINE_ARCHITECTURE_UNKNOWN')
      return unknown('not read: the architecture is not known');
    if (machine.ok) {
      const { usable } = machine.value;
      const size = usable.reduce((sum, { start, end }) => sum + end - start, 0n);
      return fine(`${humanSize(size)} in ${counted(usable.length, 'range')} can be used`);
    }
    const [{ message, hint }] = machine.diagnostics;
    return stops(both, message, 'nothing can be planned, so nothing is loaded', hint);
  },
};

const firmwareMap: Check = {
  code: 'DOCTOR_FIRMWARE_MAP',
  title: 'firmware map',
  judge: (situation) => {
    const { machine, facts } = situation;
    const isMissing = wasSaid(situation, 'MACHINE_MEMMAP_MISSING');
    if (isMissing || (!machine.ok && facts.config?.['FIRMWARE_MEMMAP'] === 'n'))
      return warning(
        'the running kernel does not show the memory map of the firmware',
        'the next kernel gets that of /proc/iomem, where the running one has taken things out',
      );
    return machine.ok ? fine('the next kernel gets the map of the firmware') : unknown('not read');
  },
};

/** What Node takes besides while it loads, in bytes. */
const MARGIN = 64n << 20n;
/** Of what waits, Linux 6.12 was seen to take three tenths more: pages that it cannot use yet. */
const tight = ({ files, waiting }: Needs): bigint => files + (waiting * 13n) / 10n + MARGIN;

const ram: Check = {
  code: 'DOCTOR_RAM',
  title: 'RAM',
  judge: (situation) => {
    const { memory } = situation.facts;
    if (memory === undefined) return unknown('how much memory is free is not known');
    const needs = needsOf(situation);
    if (needs === undefined) return roomFor(memory);
    // A crash kernel waits in memory that was set aside for it.
    return judgeNeeds(situation.purpose === 'crash' ? { ...needs, waiting: 0n } : needs, memory);
  },
};

type Memory = NonNullable<LoadFacts['memory']>;

function roomFor({ total, available }: Memory): Verdict {
  const most = available < total ? available / 2n : total / 2n;
  return fine(
    `${humanSize(available)} of ${humanSize(total)} are free: enough for a kernel and an initrd of ${humanSize(most)} together`,
  );
}

function judgeNeeds(needs: Needs, { total, available }: Memory): Verdict {
  const { files, waiting } = needs;
  const half = total / 2n;
  if (waiting > half)
    return stops(
      both,
      `the load takes ${humanSize(waiting)}, and half of RAM is ${humanSize(half)}`,
      'the kernel never gives more than half (EINVAL)',
    );
  const needed = files + waiting;
  const finding = `the load needs ${humanSize(needed)} (${humanSize(files)} of files, ${humanSize(waiting)} where they wait), and ${humanSize(available)} are free`;
  if (needed > available)
    return stops(both, finding, 'it fails (ENOMEM), or the kernel kills processes; swap does not help');
  return tight(needs) > available
    ? warning(finding, 'that is tight; swap does not help')
    : fine(`the load needs ${humanSize(needed)}, and ${humanSize(available)} are free`);
}

/** What there is to place things in. */
export const memoryChecks: readonly Check[] = [memoryMap, firmwareMap, ram];
