import { type Codes, type Diagnostic, hex } from '@kexec-kit/loader-api';

/** What reading a Multiboot header can say. */
export const multiboot1Codes = {
  MULTIBOOT_NO_HEADER: {
    cause: 'The file has no Multiboot header with a right checksum in its first 8192 bytes.',
    cure: 'Give a Multiboot kernel, or another --type.',
    spec: 'Multiboot 0.6.96, 3.1.1',
  },
  MULTIBOOT_REQUIRED_FLAG: {
    cause: 'The kernel requires by a flag of its Multiboot header what the specification does not define.',
    cure: 'Look into the documentation of the kernel: it needs a boot loader of its own.',
    spec: 'Multiboot 0.6.96, 3.1.2, flags',
  },
} satisfies Codes;

/** @param reason - What was found instead. */
export function noHeader(source: string, reason: string): Diagnostic {
  const { cure, spec } = multiboot1Codes.MULTIBOOT_NO_HEADER;
  return {
    code: 'MULTIBOOT_NO_HEADER',
    severity: 'error',
    message: `${source} has no Multiboot header: ${reason}.`,
    at: { source, field: 'multiboot_header.magic' },
    found: reason,
    expected: '0x1badb002 at a multiple of 4 in the first 8192 bytes, with a checksum that is right',
    hint: cure,
    spec,
  };
}

/** @param bits - Of `flags`, ascending. */
export function requiredFlag(source: string, offset: number, bits: readonly number[]): Diagnostic {
  const { cure, spec } = multiboot1Codes.MULTIBOOT_REQUIRED_FLAG;
  const names = bits.map((bit) => `bit ${bit}`).join(', ');
  return {
    code: 'MULTIBOOT_REQUIRED_FLAG',
    severity: 'error',
    message: `${source} requires what no boot loader knows: ${names} of the flags of its Multiboot header.`,
    at: { source, offset, field: 'multiboot_header.flags' },
    found: `${names} (${hex(bits.reduce((sum, bit) => sum + 2 ** bit, 0))})`,
    expected: 'none of the bits 3 to 15',
    hint: cure,
    spec,
  };
}
