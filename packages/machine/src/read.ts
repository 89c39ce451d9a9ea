import { machine as unameMachine } from 'node:os';
import {
  fail,
  ok,
  range,
  PAGE_SIZE,
  type Diagnostic,
  type Firmware,
  type Machine,
  type Range,
  type Region,
  type Result,
} from '@kexec-kit/loader-api';
import { pageOutwards, subtract, usableFrom } from '@kexec-kit/memory';
import { commandLineTooLong, fileMissing, iomemMissing, memmapMissing, noRam } from './codes.js';
import { architectureOf } from './architecture.js';
import { parseCpuList } from './cpus.js';
import { readCrash } from './crash.js';
import { readFirmware } from './firmware.js';
import { parseIomem, type Iomem } from './iomem.js';
import { disjoint, parseMemmap } from './memmap.js';
import { take } from './take.js';
import { MAX_COMMAND_LINE } from './text.js';
import { withTree, type Tree } from './tree.js';

export interface ReadMachineOptions {
  /** Where /proc and /sys are. Default `/`; anything else is a recorded tree, and nothing of this machine is in the result. */
  readonly root?: string;
}

const MEMMAP = '/sys/firmware/memmap';
const POSSIBLE = '/sys/devices/system/cpu/possible';

/**
 * Takes a snapshot of the running machine from /proc and /sys, or of a recorded one from a directory that holds them.
 * Fails when memory is not known, with a code; everything else that is missing is a diagnostic of a success.
 *
 * @example
 * ```ts
 * const machine = await readMachine();
 * // As nobody: MACHINE_IOMEM_HIDDEN.
 * if (!machine.ok) console.error(machine.diagnostics[0].message);
 * ```
 */
export function readMachine({ root = '/' }: ReadMachineOptions = {}): Promise<Result<Machine>> {
  return withTree(root, (tree) => readFrom(tree, root === '/' ? unameMachine() : undefined));
}

async function readFrom(tree: Tree, uname: string | undefined): Promise<Result<Machine>> {
  const architecture = await architectureOf(tree, uname);
  if (!architecture.ok) return architecture;
  const iomem = await readIomem(tree);
  if (!iomem.ok) return iomem;
  const told = await readTold(tree, iomem.value);
  if (!told.ok) return told;
  const diagnostics: Diagnostic[] = [...told.diagnostics];
  const firmware = await readFirmware(tree, diagnostics);
  const free = usableFrom({ told: told.value, systemRam: iomem.value.systemRam });
  const usable = subtract(free, pageOutwards(runtimeRanges(firmware)));
  if (usable.length === 0) return fail(noRam());
  const machine: Machine = {
    architecture: architecture.value,
    told: told.value,
    usable,
    crashKernel: iomem.value.crashKernel,
    ...(await crashFacts(tree, iomem.value, diagnostics)),
    commandLine: await readCommandLine(tree, diagnostics),
    cpus: await readCpus(tree, diagnostics),
    firmware,
  };
  return ok(machine, diagnostics);
}

/**
 * The runtime map is handed on, so what it names must survive. Linux keeps tables of boot services in it (with type 4) that
 * both memory maps call RAM: the recorded UEFI machine has one.
 */
function runtimeRanges({ efi }: Firmware): Range[] {
  return (efi?.runtimeMap ?? []).map(({ physicalStart, numberOfPages }) =>
    range(physicalStart, physicalStart + numberOfPages * PAGE_SIZE),
  );
}

async function readIomem(tree: Tree): Promise<Result<Iomem>> {
  const text = await tree.text('/proc/iomem');
  return text === undefined ? fail(iomemMissing()) : parseIomem(text);
}

async function readTold(tree: Tree, iomem: Iomem): Promise<Result<Region[]>> {
  const names = await tree.names(MEMMAP);
  if (names.length === 0) return ok(disjoint(iomem.regions).regions, [memmapMissing()]);
  const entry = async (name: string) => ({
    start: await tree.text(`${MEMMAP}/${name}/start`),
    end: await tree.text(`${MEMMAP}/${name}/end`),
    type: await tree.text(`${MEMMAP}/${name}/type`),
  });
  return parseMemmap(await Promise.all(names.map(entry)));
}

/** Asked only where there will be a dump. */
async function crashFacts(
  tree: Tree,
  { crashKernel, allSystemRam }: Iomem,
  diagnostics: Diagnostic[],
): Promise<Pick<Machine, 'crash'>> {
  return crashKernel.length === 0 ? {} : { crash: await readCrash(tree, allSystemRam, diagnostics) };
}

async function readCommandLine(tree: Tree, diagnostics: Diagnostic[]): Promise<string> {
  const text = await tree.text('/proc/cmdline');
  if (text === undefined)
    diagnostics.push(fileMissing('/proc/cmdline', 'the command line is taken as empty'));
  const line = text?.replace(/\n$/, '') ?? '';
  if (line.length <= MAX_COMMAND_LINE) return line;
  diagnostics.push(commandLineTooLong(line.length, MAX_COMMAND_LINE));
  return '';
}

async function readCpus(tree: Tree, diagnostics: Diagnostic[]): Promise<number> {
  const text = await tree.text(POSSIBLE);
  if (text === undefined) {
    diagnostics.push(fileMissing(POSSIBLE, '1 CPU is assumed'));
    return 1;
  }
  return take(parseCpuList(text), diagnostics) ?? 1;
}
