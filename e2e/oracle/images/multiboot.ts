import { multiboot2Header, multibootFlat, multibootHeader } from '../../../tools/multiboot-file.mjs';
import type { Multiboot2Shape, MultibootShape } from '../case.js';
import { elfKernel } from './elf.js';

const KLUDGE = 0x10000;
/** Before and behind the header of a file without ELF headers, in bytes. */
const AROUND = { before: 0x20, after: 0x800 };

export function multibootKernel({ elf, flags, kludge }: MultibootShape): Uint8Array {
  const video = (flags & 4) === 0 ? {} : { graphics: [0, 1024, 768, 32] };
  if (!kludge) return elfKernel(elf, multibootHeader({ flags, ...video }));
  const load = Number(elf.base);
  const zeros = elf.loads[0]?.zeros ?? 0;
  const header = (end: number) => {
    const bss = zeros === 0 ? 0 : end + zeros;
    const addresses = [load + AROUND.before, load, end, bss, load + AROUND.before + 0x80];
    return multibootHeader({ flags: flags | KLUDGE, addresses, ...video });
  };
  const size = AROUND.before + header(load).length + AROUND.after;
  return multibootFlat(header(load + size), AROUND);
}

export function multiboot2Kernel({ elf, ...shape }: Multiboot2Shape): Uint8Array {
  const { relocatable } = shape;
  const header = multiboot2Header({
    tags: [
      ...(shape.requests.length === 0 ? [] : [{ type: 1, data: [...shape.requests] }]),
      ...(shape.framebuffer ? [{ type: 5, data: [1024, 768, 32], optional: true }] : []),
      ...(shape.moduleAlign ? [{ type: 6 }] : []),
      ...(relocatable === undefined
        ? []
        : [
            {
              type: 10,
              data: [
                relocatable.min,
                relocatable.max,
                relocatable.alignment === 0 ? 0 : 2 ** relocatable.alignment,
                relocatable.preference,
              ],
            },
          ]),
    ],
  });
  return elfKernel(elf, header);
}
