import { E820_ENTRY_SIZE, E820_INLINE } from '@kexec-kit/linux-boot';
import type { Plan } from '@kexec-kit/loader-api';
import type { Case } from './case.js';
import { linkedLoads, type SizeOf } from './policies.js';

/** Of an entry of Multiboot's memory map, in bytes. */
const MMAP_ENTRY = 24n;
const NODE_HEADER = 16;

/**
 * The sizes of what kexec(8) would have loaded, for a case in which it loaded nothing: enough to say whether there was no
 * place for it.
 */
export function estimate(made: Case, plan: Plan): SizeOf {
  const { image, machine, options } = made;
  const planned = (id: string) => plan.segments.find((segment) => segment.id === id)?.memorySize;
  const rest = machine.told.length - E820_INLINE;
  const sizes: Record<string, bigint | undefined> = {
    'kernel.0': image.format === 'bzimage32' ? BigInt(image.bzimage.code) : planned('kernel'),
    // Of the first 640 KiB what is RAM; the core header takes 16 KiB at least.
    ...(made.purpose === 'crash' ? { backup: 0x9f000n, elfcorehdr: 0x4000n } : {}),
    initrd: planned('initrd'),
    'boot-params': paramsSize(made, planned('command-line') ?? 1n),
    'setup-data.1': rest > 0 ? BigInt(NODE_HEADER + rest * E820_ENTRY_SIZE) : undefined,
    'setup-data.4': planned('setup-data.efi'),
    'efi-runtime-map': planned('efi-runtime-map'),
    'setup-data.9': 0x30n,
    'boot-notes': planned('elf-boot-notes'),
    mmap: memoryInfo(image) ? BigInt(machine.told.length) * MMAP_ENTRY : undefined,
    'multiboot-info': planned('multiboot-info') ?? planned('multiboot2-info'),
  };
  options.modules.forEach(({ size }, i) => (sizes[`module.${i}`] = BigInt(size)));
  if (image.format === 'multiboot') {
    sizes['load.0'] = planned('image') ?? linkedLoads(image.multiboot.elf, 0)[0]?.size;
  }
  return (place) => sizes[place];
}

function memoryInfo(image: Case['image']): boolean {
  return image.format === 'multiboot' && (image.multiboot.flags & 2) !== 0;
}

/** Setup code, command line and 64 bytes to spare; for an ELF kernel a block of fixed size. */
function paramsSize({ image }: Case, commandLine: bigint): bigint | undefined {
  if (image.format === 'elf')
    return image.args === 'linux' ? (image.elf.bits === 32 ? 0x4000n : 0x2000n) : undefined;
  if (!('bzimage' in image)) return undefined;
  const setup = BigInt(image.bzimage.setupSects + 1) * 512n;
  return (setup < 4096n ? 4096n : setup) + commandLine + 64n;
}
