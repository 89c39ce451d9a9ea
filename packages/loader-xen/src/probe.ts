import { ELFCLASS32, EM_386, isElf, parseElf } from '@kexec-kit/elf';
import type { Probe } from '@kexec-kit/loader-api';
import { findMultiboot2Header, findMultibootHeader, isXen } from '@kexec-kit/multiboot-info';

/** 0x7f, "ELF" (gABI, "ELF Identification", EI_MAG0), as xen/arch/x86/boot/mkelf32.c writes it: 32-bit, little-endian. */
export const SIGNATURES = [{ at: 0, hex: '7f454c460101' }] as const;

/** The versions of Multiboot that a file has a header for, and why the others do not count. */
export interface Protocols {
  readonly has: readonly ('1' | '2')[];
  readonly reasons: readonly string[];
}

export function protocolsOf(image: Uint8Array): Protocols {
  const [one, two] = [findMultibootHeader(image), findMultiboot2Header(image)];
  return {
    has: [...(one.ok ? (['1'] as const) : []), ...(two.ok ? (['2'] as const) : [])],
    reasons: [one, two].flatMap((found) => (found.ok ? [] : [found.reason])),
  };
}

/** An ELF32 file with a Multiboot header that has in it what only the hypervisor says. */
export function probe(image: Uint8Array): Probe {
  if (!isElf(image)) return { match: false, reason: 'no 0x7f "ELF" at 0' };
  const parsed = parseElf({ name: 'image', bytes: image });
  if (!parsed.ok) return { match: false, reason: 'its headers cannot be read' };
  const { e_ident, e_machine } = parsed.value.header;
  if (e_ident.ei_class !== ELFCLASS32 || e_machine !== EM_386)
    return { match: false, reason: 'no ELF32 file for EM_386, as mkelf32 makes it' };
  const { has, reasons } = protocolsOf(image);
  if (has.length === 0) return { match: false, reason: reasons.join('; ') };
  if (!isXen(image)) return { match: false, reason: 'nothing of the Xen hypervisor in it' };
  return { match: true, detail: `Xen hypervisor, ELF32, Multiboot ${has.join(' and ')}` };
}
