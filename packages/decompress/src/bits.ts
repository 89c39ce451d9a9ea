import type { Input } from './input.js';

/** Reads an {@link Input} bit by bit, the least significant first (RFC 1951, 3.1.1). */
export class Bits {
  private readonly input: Input;
  private buffer = 0;
  private count = 0;

  constructor(input: Input) {
    this.input = input;
  }

  /** The next bits without taking them; zeros beyond the end. At most 16. */
  peek(count: number): number {
    const { input } = this;
    while (this.count < count && input.position < input.bytes.length) {
      this.buffer |= (input.bytes[input.position] ?? 0) << this.count;
      input.position += 1;
      this.count += 8;
    }
    return this.buffer & ((1 << count) - 1);
  }

  drop(count: number): void {
    if (count > this.count) throw this.input.truncated();
    this.buffer >>>= count;
    this.count -= count;
  }

  take(count: number): number {
    const value = this.peek(count);
    this.drop(count);
    return value;
  }

  /** Goes on at the next byte boundary: whole bytes that were read ahead go back to the input. */
  release(): void {
    this.input.position -= this.count >> 3;
    this.buffer = 0;
    this.count = 0;
  }
}
