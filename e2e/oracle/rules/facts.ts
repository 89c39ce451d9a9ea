import { subtract, pageInwards, normalize } from '@kexec-kit/memory';
import type { BzImageShape, ElfShape, Image } from '../case.js';
import type { Evidence } from '../judge.js';

/** Facts about a case that several rules ask for. */

export function bzImageOf(image: Image): BzImageShape | undefined {
  return 'bzimage' in image ? image.bzimage : undefined;
}

export function elfOf(image: Image): ElfShape | undefined {
  if (image.format === 'elf') return image.elf;
  if (image.format === 'multiboot') return image.multiboot.elf;
  return image.format === 'multiboot2' ? image.multiboot2.elf : undefined;
}

/** An ELF file that is handed boot_params. */
export function isElfLinux({ made: { image } }: Evidence): boolean {
  return image.format === 'elf' && image.args === 'linux';
}

/** The firmware's RAM, in its pieces. */
export function toldRam({ made: { machine } }: Evidence): Evidence['made']['machine']['told'] {
  return machine.told.filter(({ type }) => type === 'System RAM');
}

/** Whether two ranges of RAM touch. */
export function hasTouchingRam(evidence: Evidence): boolean {
  const ram = toldRam(evidence);
  return ram.some(({ start }, i) => i > 0 && ram[i - 1]?.end === start);
}

/** RAM that the firmware told of and that we do not use, besides page 0. */
export function hasUnusedRam(evidence: Evidence): boolean {
  const { machine } = evidence;
  const ram = pageInwards(normalize(toldRam(evidence)));
  const left = subtract(ram, [...(machine?.usable ?? []), { start: 0n, end: 0x1000n }]);
  return left.length > 0;
}

/** KiB up to the last byte, where they should be counted up to the end. */
export function kibToLastByte(end: bigint, from: bigint): bigint {
  return (end - 1n - from) >> 10n;
}

/** In bytes: of a kernel at its 32-bit entry, what it needs before it reads its memory map. */
export function neededMemory({ code, initSize, version }: BzImageShape): number {
  const file = fileSize({ code });
  return Math.max(version >= 0x20a ? initSize : 3 * file, file);
}

/** In bytes: the protected-mode code, whole paragraphs. */
export function fileSize({ code }: Pick<BzImageShape, 'code'>): number {
  return Math.ceil(code / 16) * 16;
}
