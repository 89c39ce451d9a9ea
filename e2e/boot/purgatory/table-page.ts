import type { State } from './guest.js';
import { jobs } from './jobs.js';
import { allWays, leads, type Way } from './ways.js';

/** One run that went as promised. */
export interface Cell {
  readonly job: string;
  readonly way: Way;
  readonly state: State;
}

const modes = { long64: '64-bit', protected32: '32-bit protected', real16: 'real' } as const;

/** The page of the reference: what was done, and in which state the kernel was entered. */
export function tablePage(cells: readonly Cell[]): string {
  return `# Purgatory: each job on each way

Written by \`e2e/boot/purgatory/table.test.ts\` from what it finds: each ✓ is a run in QEMU, in which a witness kernel tells the
state in which it was entered, and QEMU's monitor what the job has done. Both have to be as promised.

${row(['job', 'option', 'what is seen', ...allWays.map(({ running, mode }) => `${running} to ${modes[mode]}`)])}
${row(['-', '-', '-', ...allWays.map(() => '-')])}
${jobs.map((job) => row([job.name, job.option, job.seen, ...allWays.map((way) => mark(cells, job.name, way))])).join('\n')}

From i386 there is no way to 64-bit mode: kernels that have a 64-bit entry have a 32-bit one, too.

## The state in which the kernel is entered

The same for every job. The numbers are those of QEMU; general registers hold what the parameter block says.

${row(['', ...allWays.filter(leads).map(({ running, mode }) => `${running} to ${modes[mode]}`)])}
${row(['-', ...allWays.filter(leads).map(() => '-')])}
${REGISTERS.map((name) => row([name, ...allWays.filter(leads).map((way) => valueOf(cells, way, name))])).join('\n')}
`;
}

const REGISTERS = ['cr0', 'cr4', 'efer', 'flags', 'cs', 'ds es fs gs ss', 'gdt limit', 'idt limit'];

function row(columns: readonly string[]): string {
  return `| ${columns.join(' | ')} |`;
}

function mark(cells: readonly Cell[], job: string, way: Way): string {
  if (!leads(way)) return 'no way';
  return cells.some((cell) => cell.job === job && sameWay(cell.way, way)) ? '✓' : 'not as promised';
}

/** Of all the runs of that way: one value, or every one that was found. */
function valueOf(cells: readonly Cell[], way: Way, name: string): string {
  const found = cells.filter((cell) => sameWay(cell.way, way)).map(({ state }) => read(state, name, way));
  return [...new Set(found)].join(' or ');
}

function read(state: State, name: string, { mode }: Way): string {
  if (mode === 'real16' && (name === 'cs' || name.startsWith('ds'))) return 'as the block says';
  if (name === 'flags') return short(state['rflags'] ?? state['eflags']);
  if (name.endsWith('limit')) return short(state[`${name.slice(0, 3)}Limit`]);
  return [...new Set(name.split(' ').map((each) => short(state[each])))].join(' ');
}

function short(value = ''): string {
  return `0x${BigInt(value).toString(16)}`;
}

function sameWay(one: Way, other: Way): boolean {
  return one.running === other.running && one.mode === other.mode;
}
