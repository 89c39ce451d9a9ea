/**
 * Every official x86 loader in one install.
 *
 * @packageDocumentation
 */
import type { AnyLoader } from '@kexec-kit/loader-api';
import { loaders as bzimage } from '@kexec-kit/loader-bzimage';
import { loaders as elf } from '@kexec-kit/loader-elf';
import { loaders as multiboot } from '@kexec-kit/loader-multiboot';
import { loaders as multiboot2 } from '@kexec-kit/loader-multiboot2';
import { loaders as pvh } from '@kexec-kit/loader-pvh';
import { loaders as uki } from '@kexec-kit/loader-uki';
import { loaders as xen } from '@kexec-kit/loader-xen';

/** Every official loader for x86, to hand to `open` or `createRegistry` as they are. */
export const loaders: readonly AnyLoader[] = [
  ...bzimage,
  ...uki,
  ...elf,
  ...pvh,
  ...multiboot,
  ...multiboot2,
  ...xen,
];
