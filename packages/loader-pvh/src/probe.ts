import { ELFCLASS64, isElf, isLinux, machineName, parseElf } from '@kexec-kit/elf';
import type { Probe } from '@kexec-kit/loader-api';
import { entryNote, relocationNote } from './notes.js';

/** 0x7f, "ELF" (gABI, "ELF Identification", EI_MAG0). */
export const SIGNATURES = [{ at: 0, hex: '7f454c46' }] as const;

/** An ELF file with the note that says where the PVH entry is; what else it may be is not asked. */
export function probe(image: Uint8Array): Probe {
  if (!isElf(image)) return { match: false, reason: 'no 0x7f "ELF" at 0' };
  const parsed = parseElf({ name: 'image', bytes: image });
  if (!parsed.ok) return { match: false, reason: 'its headers cannot be read' };
  const { header, notes } = parsed.value;
  if (entryNote(notes) === undefined)
    return { match: false, reason: 'no PVH entry (Xen note 18, PHYS32_ENTRY)' };
  const bits = header.e_ident.ei_class === ELFCLASS64 ? 64 : 32;
  const what = isLinux(notes) ? 'a Linux kernel with a PVH entry' : 'with a PVH entry';
  const moves = relocationNote(notes) === undefined ? '' : ', may be moved';
  return { match: true, detail: `ELF${bits} ${machineName(header.e_machine)}, ${what}${moves}` };
}
