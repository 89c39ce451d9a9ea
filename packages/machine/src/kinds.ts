import type { RegionKind } from '@kexec-kit/loader-api';

/**
 * How the kernel spells the kinds of memory in /sys/firmware/memmap and at the top level of /proc/iomem.
 * `reserved` in lower case is from before Linux 4.11.
 */
const KINDS: Readonly<Record<string, RegionKind>> = {
  'System RAM': 'ram',
  Reserved: 'reserved',
  reserved: 'reserved',
  'ACPI Tables': 'acpi',
  'ACPI Non-volatile Storage': 'nvs',
  'Unusable memory': 'unusable',
  'Persistent Memory': 'persistent',
  'Persistent Memory (legacy)': 'persistent-legacy',
  'Soft Reserved': 'soft-reserved',
};

/** The kind that a kernel's word for it means; undefined when the word is not known. */
export function kindOf(type: string): RegionKind | undefined {
  return Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
}

/** Far more than the kernel's own E820 table can hold (128 + 3 per NUMA node, 1024 nodes). */
export const MAX_REGIONS = 4096;
