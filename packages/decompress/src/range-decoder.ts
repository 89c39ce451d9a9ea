import type { Input } from './input.js';

const TOP = 1 << 24;
const MODEL_BITS = 11;
const MOVE_BITS = 5;
export const HALF = 1 << (MODEL_BITS - 1);

/** The range coder of LZMA (LZMA specification, "Range Decoder"). Probabilities are 11 bits of a 16-bit word. */
export class RangeDecoder {
  private readonly input: Input;
  private range = 0xffffffff;
  private code = 0;

  constructor(input: Input) {
    this.input = input;
  }

  start(): void {
    if (this.input.u8() !== 0) throw this.input.corrupt('the first byte of the range coder is not 0');
    this.range = 0xffffffff;
    this.code = 0;
    for (let byte = 0; byte < 4; byte += 1) this.code = ((this.code << 8) | this.input.u8()) >>> 0;
  }

  /** Whether the coder stands where an encoder leaves it. */
  get finished(): boolean {
    return this.code === 0;
  }

  bit(probabilities: Uint16Array, index: number): 0 | 1 {
    const probability = probabilities[index] ?? 0;
    const bound = (this.range >>> MODEL_BITS) * probability;
    if (this.code < bound) {
      this.range = bound;
      probabilities[index] = probability + (((1 << MODEL_BITS) - probability) >> MOVE_BITS);
      this.normalize();
      return 0;
    }
    this.code -= bound;
    this.range -= bound;
    probabilities[index] = probability - (probability >> MOVE_BITS);
    this.normalize();
    return 1;
  }

  /** Bits without a model, the highest first. */
  direct(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit += 1) {
      this.range >>>= 1;
      const one = this.code >= this.range;
      if (one) this.code -= this.range;
      this.normalize();
      value = value * 2 + (one ? 1 : 0);
    }
    return value;
  }

  /** A symbol of so many bits, the highest first; its tree stands at `base`. */
  tree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let bit = 0; bit < bits; bit += 1) node = (node << 1) | this.bit(probabilities, base + node);
    return node - (1 << bits);
  }

  /** The same, the lowest bit first. */
  reverseTree(probabilities: Uint16Array, base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let bit = 0; bit < bits; bit += 1) {
      const next = this.bit(probabilities, base + node);
      node = (node << 1) | next;
      value |= next << bit;
    }
    return value;
  }

  private normalize(): void {
    if (this.range >= TOP) return;
    this.range = (this.range << 8) >>> 0;
    this.code = ((this.code << 8) | this.input.u8()) >>> 0;
  }
}
