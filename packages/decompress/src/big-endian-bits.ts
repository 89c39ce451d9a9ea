import type { Input } from './input.js';

/** Reads an {@link Input} bit by bit, the most significant first, as bzip2 does. */
export class BigEndianBits {
  private readonly input: Input;
  private buffer = 0;
  private count = 0;

  constructor(input: Input) {
    this.input = input;
  }

  /** The next bits without taking them; zeros beyond the end. 1 to 24. */
  peek(count: number): number {
    const { input } = this;
    while (this.count < count && input.position < input.bytes.length) {
      this.buffer = (this.buffer << 8) | (input.bytes[input.position] ?? 0);
      input.position += 1;
      this.count += 8;
    }
    const spare = this.count - count;
    const bits = spare >= 0 ? this.buffer >>> spare : this.buffer << -spare;
    return bits & ((1 << count) - 1);
  }

  drop(count: number): void {
    if (count > this.count) throw this.input.truncated();
    this.count -= count;
  }

  take(count: number): number {
    const value = this.peek(count);
    this.drop(count);
    return value;
  }

  u32(): number {
    return ((this.take(16) << 16) | this.take(16)) >>> 0;
  }

  /** Goes on at the next byte boundary: whole bytes that were read ahead go back to the input. */
  release(): void {
    this.input.position -= this.count >> 3;
    this.count = 0;
  }
}
