import { parseElf } from '@kexec-kit/elf';
import type { Address, CpuNotes, CrashFacts, Diagnostic, Range } from '@kexec-kit/loader-api';
import { crashNotesMalformed, kcoreUnknown, noCrashNotes, vmcoreinfoMalformed } from './codes.js';
import { layoutOf } from './kcore.js';
import { ADDRESS_END, parseDecimal } from './text.js';
import type { Tree } from './tree.js';

const CPUS = '/sys/devices/system/cpu';
const VMCOREINFO = '/sys/kernel/vmcoreinfo';
const KCORE = '/proc/kcore';

/** In bytes: the program headers of a machine with a thousand pieces of memory. What follows is all of memory. */
const KCORE_HEADERS = 0x10000;

/** What a dump has to say of the running kernel. Nothing here stops a kexec: what is missing is a diagnostic, and absent. */
export async function readCrash(
  tree: Tree,
  systemRam: readonly Range[],
  diagnostics: Diagnostic[],
): Promise<CrashFacts> {
  const cpuNotes = await readCpuNotes(tree, diagnostics);
  if (cpuNotes.length === 0) diagnostics.push(noCrashNotes());
  const vmcoreinfo = await readVmcoreinfo(tree, diagnostics);
  const kcore = await tree.head(KCORE, KCORE_HEADERS);
  const parsed = kcore && parseElf({ name: KCORE, bytes: kcore });
  const layout = parsed?.ok === true ? layoutOf(parsed.value.programHeaders, systemRam) : {};
  if (layout.pageOffset === undefined) diagnostics.push(kcoreUnknown(kcore === undefined));
  return { systemRam, cpuNotes, ...(vmcoreinfo === undefined ? {} : { vmcoreinfo }), ...layout };
}

async function readCpuNotes(tree: Tree, diagnostics: Diagnostic[]): Promise<CpuNotes[]> {
  const notes: CpuNotes[] = [];
  for (const name of await tree.names(CPUS)) {
    const cpu = parseDecimal(/^cpu(\d+)$/.exec(name)?.[1], MAX_CPU);
    const address = await (cpu === undefined ? undefined : tree.text(`${CPUS}/${name}/crash_notes`));
    if (cpu === undefined || address === undefined) continue;
    const size = await tree.text(`${CPUS}/${name}/crash_notes_size`);
    const range = parseCrashNotes(address, size);
    if (range === undefined)
      diagnostics.push(crashNotesMalformed(name, `${address.trim()}, ${String(size)}`));
    else notes.push({ cpu, ...range });
  }
  return notes;
}

/** As `cpus.ts` has it. */
const MAX_CPU = 65_535;
/** Linux has 368 bytes on x86_64; more than a page would be no `note_buf_t`. */
const MAX_NOTES = 0x1000;
/** Before `crash_notes_size` there was (Linux 3.13), notes had so many bytes. */
const OLD_SIZE = '1024';

/**
 * Reads a CPU's `crash_notes` (hexadecimal without `0x`) and `crash_notes_size` (decimal).
 *
 * @example
 * ```ts
 * parseCrashNotes('3fa3d800\n', '368\n'); // { start: 0x3fa3d800n, end: 0x3fa3d970n }
 * ```
 */
export function parseCrashNotes(address: string, size: string | undefined): Range | undefined {
  const start = parseBareHex(address);
  const length = parseDecimal(size ?? OLD_SIZE, MAX_NOTES);
  return start === undefined || length === undefined ? undefined : rangeOf(start, BigInt(length));
}

/**
 * Reads /sys/kernel/vmcoreinfo: an address with `0x`, and a size, which is hexadecimal without it.
 *
 * @example
 * ```ts
 * parseVmcoreinfo('0x000000002a780000 1024\n'); // { start: 0x2a780000n, end: 0x2a781024n }
 * ```
 */
export function parseVmcoreinfo(text: string): Range | undefined {
  const [, address, size] = /^(?:0x)?([0-9a-f]{1,16}) ([0-9a-f]{1,8})\s*$/i.exec(text) ?? [];
  const start = parseBareHex(address ?? '');
  const length = parseBareHex(size ?? '');
  return start === undefined || length === undefined ? undefined : rangeOf(start, length);
}

/** undefined for one without bytes, or with bytes that have no address. */
function rangeOf(start: Address, length: bigint): Range | undefined {
  const end = start + length;
  return length > 0n && end <= ADDRESS_END ? { start, end } : undefined;
}

async function readVmcoreinfo(tree: Tree, diagnostics: Diagnostic[]): Promise<Range | undefined> {
  const text = await tree.text(VMCOREINFO);
  const range = text === undefined ? undefined : parseVmcoreinfo(text);
  if (range === undefined) diagnostics.push(vmcoreinfoMalformed(text));
  return range;
}

function parseBareHex(text: string): bigint | undefined {
  const match = /^\s*([0-9a-f]{1,16})\s*$/i.exec(text);
  return match?.[1] === undefined ? undefined : BigInt(`0x${match[1]}`);
}
