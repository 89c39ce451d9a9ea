import { readFileSync } from 'node:fs';
import type { Case, Image } from '../case.js';
import { bzImageFile } from './bzimage.js';
import { elfKernel } from './elf.js';
import { multiboot2Kernel, multibootKernel } from './multiboot.js';
import { noise } from './noise.js';

/** The files of a case: the image under `image`, the initrd under `initrd.0`, the modules under `module.N`. */
export function filesOf({ image, options }: Case): ReadonlyMap<string, Uint8Array> {
  return new Map([
    ['image', imageBytes(image)],
    ...(options.initrd === 0 ? [] : [['initrd.0', noise(options.initrd, 77)] as const]),
    ...options.modules.map((module, i) => [`module.${i}`, moduleBytes(module, i)] as const),
  ]);
}

/** The image's file: a real one, or made by its shape. */
export function imageBytes(image: Image): Uint8Array {
  if (image.file !== undefined) return readFileSync(image.file);
  switch (image.format) {
    case 'bzimage64':
    case 'bzimage32':
      return bzImageFile(image.bzimage);
    case 'elf':
      return elfKernel(image.elf);
    case 'multiboot':
      return multibootKernel(image.multiboot);
    case 'multiboot2':
      return multiboot2Kernel(image.multiboot2);
  }
}

/** The content of a module. */
export function moduleBytes({ size }: Case['options']['modules'][number], index: number): Uint8Array {
  return noise(size, 100 + index);
}
