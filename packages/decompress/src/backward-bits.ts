import type { Input } from './input.js';

/** Reads bits from the end of some bytes to their start, the highest first (RFC 8878, 4.1: bitstreams). */
export class BackwardBits {
  private readonly bytes: Uint8Array;
  /** Bits not read yet; below 0 zeros were read beyond the start. */
  left: number;

  constructor(bytes: Uint8Array, input: Input) {
    const last = bytes.at(-1) ?? 0;
    if (last === 0) throw input.corrupt('a bitstream without its end mark');
    this.bytes = bytes;
    this.left = bytes.length * 8 - 8 + (31 - Math.clz32(last));
  }

  /** At most 32. */
  read(count: number): number {
    if (count > 16) return this.read(count - 16) * 65536 + this.read(16);
    const value = this.peek(count);
    this.left -= count;
    return value;
  }

  /** The next bits without taking them; at most 16. */
  peek(count: number): number {
    const from = this.left - count;
    if (from < 0) return from <= -count ? 0 : (this.word(0) & ((1 << this.left) - 1)) << -from;
    return (this.word(from >> 3) >>> (from & 7)) & ((1 << count) - 1);
  }

  private word(at: number): number {
    const { bytes } = this;
    return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  }
}
