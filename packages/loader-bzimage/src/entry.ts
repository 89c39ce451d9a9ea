import type { Architecture, Diagnostic, Machine } from '@kexec-kit/loader-api';
import {
  biosNotSeen,
  entriesConflict,
  no64BitEntry,
  noBios,
  protocolTooOld,
  runningKernel,
} from './codes.js';
import type { BzImage } from './image.js';
import { isKernel64, type Needs } from './needs.js';

/** The three entries of a bzImage, by the mode that the CPU is in. */
export type EntryMode = '64' | '32' | '16';

/** What a user says about the entry. */
export interface EntryOptions {
  readonly entry: EntryMode | undefined;
  readonly entry32bit: boolean;
  readonly realMode: boolean;
}

/** The entry that was asked for; otherwise the best that image and running kernel allow. The flags beat what an alias presets. */
export function chooseEntry(
  needs: Needs,
  running: Architecture,
  { entry, entry32bit, realMode }: EntryOptions,
): EntryMode {
  if (realMode) return '16';
  if (entry32bit) return '32';
  return entry ?? (isKernel64(needs) && running === 'x86_64' ? '64' : '32');
}

/** Two flags of which only one can be meant. */
export function checkEntryOptions({ entry32bit, realMode }: EntryOptions): Diagnostic | undefined {
  return entry32bit && realMode ? entriesConflict() : undefined;
}

/** The 64-bit entry: since protocol 2.12. */
const HAS_64 = 0x020c;
/** The 32-bit entry takes the command line by `cmd_line_ptr` only. */
const HAS_POINTER = 0x0202;

/** Why an entry cannot be reached with this image on this machine. */
export function checkEntry(
  entry: EntryMode,
  { header, source }: BzImage,
  needs: Needs,
  machine: Machine,
): Diagnostic | undefined {
  const { version } = header;
  if (entry === '16') return machine.firmware.efi === undefined ? undefined : noBios();
  if (entry === '32')
    return version < HAS_POINTER ? protocolTooOld(source.name, version, '32', '2.02') : undefined;
  if (version < HAS_64) return protocolTooOld(source.name, version, '64', '2.12');
  if (!isKernel64(needs)) return no64BitEntry(source.name, needs.xloadflags);
  return machine.architecture === 'x86_64' ? undefined : runningKernel(machine.architecture);
}

/** The BIOS keeps its tables here. */
const BIOS_END = 0x100000n;

/** The real-mode code asks the BIOS for everything: worth a word where nothing shows that there is one. */
export function warnOfBios(entry: EntryMode, { firmware }: Machine): Diagnostic[] {
  if (entry !== '16') return [];
  const seen =
    firmware.edd !== undefined || (firmware.acpiRsdp !== undefined && firmware.acpiRsdp < BIOS_END);
  return seen ? [] : [biosNotSeen()];
}
