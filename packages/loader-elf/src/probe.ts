import { ELFCLASS64, isElf, isLinux, machineName, parseElf, typeName } from '@kexec-kit/elf';
import type { Probe } from '@kexec-kit/loader-api';
import { asksForPvh } from './kinds.js';

/** 0x7f, "ELF" (gABI, "ELF Identification", EI_MAG0). */
export const SIGNATURES = [{ at: 0, hex: '7f454c46' }] as const;

/**
 * Every ELF file is this loader's to judge: what is no kernel is refused by `load`, with a code. Only an image that
 * has nothing but a PVH entry is left to others: entered at e_entry it would look for what nobody gave it.
 */
export function probe(image: Uint8Array): Probe {
  if (!isElf(image)) return { match: false, reason: 'no 0x7f "ELF" at 0' };
  const parsed = parseElf({ name: 'image', bytes: image });
  if (!parsed.ok) return { match: true, detail: 'ELF, damaged or of another kind' };
  const { header, notes } = parsed.value;
  if (asksForPvh(notes))
    return {
      match: false,
      reason: 'it asks for the PVH entry (Xen note 18, PHYS32_ENTRY), and is no Linux kernel',
    };
  const bits = header.e_ident.ei_class === ELFCLASS64 ? 64 : 32;
  const kind = `ELF${bits} ${machineName(header.e_machine)} ${typeName(header.e_type)}`;
  return { match: true, detail: isLinux(notes) ? `${kind}, a Linux kernel` : kind };
}
