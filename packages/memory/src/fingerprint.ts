import { hex, type Engines, type Machine, type Purpose } from '@kexec-kit/loader-api';
import { encodeText, toHex } from '@kexec-kit/structures';
import { crashStretches, type CrashMap } from './crash.js';
import { normalizeRegions } from './map.js';
import { normalize } from './ranges.js';

/**
 * Names a memory map: the SHA-256, in lower-case hexadecimal, of the text that {@link canonicalMap} gives.
 *
 * It covers what placement depends on and the next boot of the same machine repeats: the told map, what of it is usable and
 * the architecture. What moves with every boot (the running kernel's own place, which KASLR chooses) is not in it, unless
 * the plan is for a crash kernel: a dump speaks of the kernel that runs now, and of where its CPUs leave their notes.
 *
 * @example
 * ```ts
 * if (fingerprint(machine, engines) !== submission.map.fingerprint) report(mapDifference(submission.map, machine));
 * ```
 */
export function fingerprint(machine: Mapped, engines: Engines, purpose: Purpose = 'normal'): string {
  const hasher = engines.sha256();
  hasher.update(encodeText(canonicalMap(machine, purpose)));
  return toHex(hasher.digest());
}

/** What a fingerprint is made of. */
export type Mapped = Pick<Machine, 'architecture' | 'told' | 'usable'> & CrashMap;

/**
 * The text under a fingerprint, one line per fact, each ended by a line feed:
 *
 * ```text
 * kexec-kit memory map 1
 * architecture x86_64
 * told 0x0-0x9fc00 ram
 * usable 0x1000-0x9f000
 * ```
 *
 * Regions ascend; touching ones of one kind are joined; ends are exclusive. For a crash kernel more lines follow, such as
 * `crash 0x2f000000-0x3f000000 reserved for a crash kernel`.
 */
export function canonicalMap(machine: Mapped, purpose: Purpose = 'normal'): string {
  const lines = [
    'kexec-kit memory map 1',
    `architecture ${machine.architecture}`,
    ...normalizeRegions(machine.told).map(({ start, end, kind }) => `told ${hex(start)}-${hex(end)} ${kind}`),
    ...normalize(machine.usable).map(({ start, end }) => `usable ${hex(start)}-${hex(end)}`),
    ...(purpose === 'crash' ? crashLines(machine) : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function crashLines(map: CrashMap): string[] {
  const { crash } = map;
  const stretches = crashStretches(map).flat();
  const lines = stretches.map(({ start, end, label }) => `crash ${hex(start)}-${hex(end)} ${label}`);
  return crash?.pageOffset === undefined
    ? lines
    : [...lines, `crash memory mapped from ${hex(crash.pageOffset)}`];
}
