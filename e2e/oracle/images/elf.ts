import { elfFile, type SegmentShape } from '../../../tools/elf-file.mjs';
import type { ElfShape } from '../case.js';
import { noise } from './noise.js';

const PAGE = 0x1000n;

/** An ELF kernel of that shape; `header` is put at the start of its first load, for formats that look for one there. */
export function elfKernel(shape: ElfShape, header: Uint8Array = new Uint8Array()): Uint8Array {
  let end = shape.base;
  const segments = shape.loads.map((load, i): SegmentShape => {
    const start = i === 0 ? shape.base : alignUp(end) + BigInt(load.gap) * PAGE;
    const size = Math.max(load.content, i === 0 ? header.length + 16 : 1);
    end = start + BigInt(size + load.zeros);
    const content = noise(size, i + 1);
    if (i === 0) content.set(header);
    return {
      p_flags: 7,
      p_align: 2 ** shape.alignment,
      p_vaddr: start,
      p_paddr: start,
      content,
      p_memsz: size + load.zeros,
    };
  });
  const note = { notes: [{ name: 'Made', type: 1, desc: Uint8Array.of(1, 2, 3, 4) }], p_align: 4 };
  const type = shape.movable ? 3 : 2;
  return elfFile({
    bits: shape.bits,
    header: { e_entry: shape.base + BigInt(shape.entry), e_type: type },
    segments: shape.note ? [...segments, note] : segments,
  });
}

function alignUp(value: bigint): bigint {
  return ((value + PAGE - 1n) / PAGE) * PAGE;
}
