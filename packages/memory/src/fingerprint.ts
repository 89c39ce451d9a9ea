import { hex, type Engines, type Machine } from '@kexec-kit/loader-api';
import { encodeText, toHex } from '@kexec-kit/structures';
import { normalizeRegions } from './map.js';
import { normalize } from './ranges.js';

/**
 * Names a memory map: the SHA-256, in lower-case hexadecimal, of the text that {@link canonicalMap} gives.
 *
 * It covers what placement depends on and the next boot of the same machine repeats: the told map, what of it is usable and
 * the architecture. What moves with every boot (the running kernel's own place, which KASLR chooses) is not in it.
 *
 * @example
 * ```ts
 * if (fingerprint(machine, engines) !== submission.map.fingerprint) report(mapDifference(submission.map, machine));
 * ```
 */
export function fingerprint(
  machine: Pick<Machine, 'architecture' | 'told' | 'usable'>,
  engines: Engines,
): string {
  const hasher = engines.sha256();
  hasher.update(encodeText(canonicalMap(machine)));
  return toHex(hasher.digest());
}

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
 * Regions ascend; touching ones of one kind are joined; ends are exclusive.
 */
export function canonicalMap(machine: Pick<Machine, 'architecture' | 'told' | 'usable'>): string {
  const lines = [
    'kexec-kit memory map 1',
    `architecture ${machine.architecture}`,
    ...normalizeRegions(machine.told).map(({ start, end, kind }) => `told ${hex(start)}-${hex(end)} ${kind}`),
    ...normalize(machine.usable).map(({ start, end }) => `usable ${hex(start)}-${hex(end)}`),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
