import { toIndex } from '@kexec-kit/loader-api';
import type { KexecSegment } from './port.js';

/** How the calling program's word size lays out what kexec_load takes, and which numbers the calls have. */
export interface Layout {
  readonly pointerSize: 4 | 8;
  readonly kexecLoad: number;
  /** There is none for 32-bit programs. */
  readonly kexecFileLoad: number | undefined;
  readonly reboot: number;
  readonly memfdCreate: number;
}

const layouts: Readonly<Record<string, Layout>> = {
  x64: { pointerSize: 8, kexecLoad: 246, kexecFileLoad: 320, reboot: 169, memfdCreate: 319 },
  ia32: { pointerSize: 4, kexecLoad: 283, kexecFileLoad: undefined, reboot: 88, memfdCreate: 356 },
};

/**
 * The layout for `process.arch`.
 *
 * @throws RangeError for what is not x86: nothing of this project runs there.
 */
export function layoutOf(arch: string): Layout {
  const layout = layouts[arch];
  if (layout === undefined) throw new RangeError(`kexec is not known for ${arch}, only for x64 and ia32`);
  return layout;
}

/**
 * The `struct kexec_segment` array that kexec_load takes: buf, bufsz, mem, memsz, each as wide as a pointer.
 *
 * @param addressOf - Where a buffer is, in this process.
 * @throws RangeError when a value does not fit a 32-bit caller's field: the FFI library would cut it off in silence.
 */
export function segmentTable(
  layout: Layout,
  segments: readonly KexecSegment[],
  addressOf: (buffer: Uint8Array) => bigint,
): Uint8Array {
  const { pointerSize } = layout;
  const table = new DataView(new ArrayBuffer(segments.length * 4 * pointerSize));
  segments.forEach(({ buffer, address, memorySize }, index) => {
    const values = [
      buffer.length === 0 ? 0n : addressOf(buffer),
      BigInt(buffer.length),
      address,
      memorySize,
    ] as const;
    values.forEach((value, field) => {
      const at = (4 * index + field) * pointerSize;
      if (pointerSize === 8) table.setBigUint64(at, word(layout, value), true);
      else table.setUint32(at, toIndex(word(layout, value)), true);
    });
  });
  return new Uint8Array(table.buffer);
}

/** A value that a register or a field of the caller's width holds. */
export function word({ pointerSize }: Layout, value: bigint): bigint {
  if (value < 0n || value >= 1n << BigInt(8 * pointerSize))
    throw new RangeError(`0x${value.toString(16)} does not fit ${8 * pointerSize} bits`);
  return value;
}
