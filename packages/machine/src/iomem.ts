import { fail, ok, type Range, type Region, type Result } from '@kexec-kit/loader-api';
import { normalize } from '@kexec-kit/memory';
import { iomemHidden, iomemMalformed, tooManyRegions } from './codes.js';
import { kindOf } from './kinds.js';

/** What matters of /proc/iomem. Each list ascends. */
export interface Iomem {
  /** Top-level `System RAM`: what the page allocator got. Not hot-plugged `System RAM (kmem)`, which its driver owns. */
  readonly systemRam: readonly Range[];
  /** `Crash kernel`, which lies within System RAM. */
  readonly crashKernel: readonly Range[];
  /** System RAM wherever it stands, what its driver has plugged in too: what a dump holds. */
  readonly allSystemRam: readonly Range[];
  /** The top-level entries whose names are kinds of memory: what stands in for a firmware map that is not shown. */
  readonly regions: readonly Region[];
}

interface Line extends Range {
  readonly depth: number;
  readonly name: string;
}

/** A device tree of thousands of PCI functions stays well below. */
const MAX_LINES = 65_536;

/**
 * Reads the text of /proc/iomem: `start-end : name` in hexadecimal, the end included, children indented by two blanks.
 * "Kernel code" and its like are not in the result: KASLR moves them with every boot.
 *
 * @example
 * ```ts
 * parseIomem('00001000-0009fbff : System RAM\n'); // { ok: true, value: { systemRam: [{ start: 0x1000n, end: 0x9fc00n }] }, … }
 * ```
 */
export function parseIomem(text: string): Result<Iomem> {
  const rows = text.split('\n', MAX_LINES + 2).filter((row) => row.trim() !== '');
  if (rows.length > MAX_LINES) return fail(tooManyRegions('/proc/iomem', MAX_LINES));
  const lines: Line[] = [];
  for (const [index, row] of rows.entries()) {
    const line = parseLine(row);
    if (line === undefined) return fail(iomemMalformed(index + 1, row));
    lines.push(line);
  }
  // An unprivileged reader sees every address as zero, and an end of zero is one byte in half-open terms.
  if (lines.length > 0 && lines.every((line) => line.end === 1n)) return fail(iomemHidden(lines.length));
  return ok({
    systemRam: normalize(lines.filter(({ depth, name }) => depth === 0 && name === 'System RAM')),
    allSystemRam: normalize(lines.filter(({ name }) => /^System RAM(?: \(.*\))?$/.test(name))),
    crashKernel: normalize(lines.filter(({ name }) => name === 'Crash kernel')),
    regions: lines.filter(({ depth }) => depth === 0).flatMap(asRegion),
  });
}

function parseLine(row: string): Line | undefined {
  const match = /^( *)([0-9a-f]{1,16})-([0-9a-f]{1,16}) : (.*)$/i.exec(row);
  if (match === null) return undefined;
  const [, indent = '', first = '', last = '', name = ''] = match;
  const start = BigInt(`0x${first}`);
  const end = BigInt(`0x${last}`) + 1n;
  return start < end ? { start, end, depth: indent.length / 2, name } : undefined;
}

function asRegion({ start, end, name }: Line): Region[] {
  const kind = kindOf(name);
  return kind === undefined ? [] : [{ start, end, kind }];
}
