import { fail, ok, type Result } from '@kexec-kit/loader-api';
import { cpusMalformed } from './codes.js';

/** Eight times CONFIG_NR_CPUS_RANGE_END of x86_64 with CPUMASK_OFFSTACK. */
const MAX_CPU = 65_535;

/**
 * How many CPUs a list names: /sys/devices/system/cpu/possible.
 *
 * @example
 * ```ts
 * parseCpuList('0-3,8-11\n'); // { ok: true, value: 8, diagnostics: [] }
 * ```
 */
export function parseCpuList(text: string): Result<number> {
  let count = 0;
  let previous = -1;
  for (const item of text.trim().split(',')) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(item);
    if (match === null) return fail(cpusMalformed(text));
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first <= previous || last < first || last > MAX_CPU) return fail(cpusMalformed(text));
    count += last - first + 1;
    previous = last;
  }
  return ok(count);
}
