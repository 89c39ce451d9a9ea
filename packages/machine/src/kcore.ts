import { PT_LOAD, type ProgramHeader } from '@kexec-kit/elf';
import { PAGE_SIZE, type CrashFacts, type Range } from '@kexec-kit/loader-api';
import { overlaps } from '@kexec-kit/memory';

/** What /proc/kcore says of where the kernel keeps things in virtual memory. */
export type KernelLayout = Pick<CrashFacts, 'kernel' | 'pageOffset'>;

/** x86_64 has its own image in the last 2 GiB (Documentation/arch/x86/x86_64/mm.rst). */
const KERNEL_MAP = 0xffffffff80000000n;

/**
 * Finds the direct mapping of memory and the kernel's image among the program headers of /proc/kcore: those that have a
 * physical address (all others have the greatest number there is, or zero in old kernels).
 */
export function layoutOf(headers: readonly ProgramHeader[], systemRam: readonly Range[]): KernelLayout {
  const physical = headers.filter(
    (header) => header.p_type === PT_LOAD && header.p_memsz > 0n && isRam(header, systemRam),
  );
  const mapped = physical.find(({ p_vaddr }) => p_vaddr < KERNEL_MAP);
  const image = physical.find(({ p_vaddr }) => p_vaddr >= KERNEL_MAP);
  return {
    ...(image && { kernel: { ...extent(image), virtualStart: image.p_vaddr } }),
    ...(mapped && { pageOffset: mapped.p_vaddr - mapped.p_paddr }),
  };
}

function isRam(header: ProgramHeader, systemRam: readonly Range[]): boolean {
  return isPage(header.p_paddr) && systemRam.some((each) => overlaps(each, extent(header)));
}

function isPage(address: bigint): boolean {
  return address > 0n && address % PAGE_SIZE === 0n;
}

function extent({ p_paddr, p_memsz }: ProgramHeader): Range {
  return { start: p_paddr, end: p_paddr + p_memsz };
}
