import { DecodeFailure } from './failure.js';

/** Compressed bytes and how far they have been read. Reading beyond the end is `truncated`, never undefined. */
export class Input {
  readonly bytes: Uint8Array;
  position = 0;
  /** Where `bytes` begin in the whole, for diagnostics. */
  private readonly base: number;
  /** What it means to read beyond the end. */
  private readonly ending: 'truncated' | 'corrupt';

  constructor(bytes: Uint8Array, base = 0, ending: 'truncated' | 'corrupt' = 'truncated') {
    this.bytes = bytes;
    this.base = base;
    this.ending = ending;
  }

  /** The next bytes as an input of their own, within which an early end means damage. */
  inner(length: number): Input {
    const base = this.base + this.position;
    return new Input(this.take(length), base, 'corrupt');
  }

  get left(): number {
    return this.bytes.length - this.position;
  }

  u8(): number {
    const value = this.bytes[this.position];
    if (value === undefined) throw this.truncated();
    this.position += 1;
    return value;
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    if (length > this.left) throw this.truncated();
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }

  skip(length: number): void {
    if (length > this.left) throw this.truncated();
    this.position += length;
  }

  u16(): number {
    return this.u8() | (this.u8() << 8);
  }

  u32(): number {
    return (this.u16() | (this.u16() << 16)) >>> 0;
  }

  u64(): bigint {
    return BigInt(this.u32()) | (BigInt(this.u32()) << 32n);
  }

  u16be(): number {
    return (this.u8() << 8) | this.u8();
  }

  u32be(): number {
    return ((this.u16be() << 16) | this.u16be()) >>> 0;
  }

  startsWith(magic: readonly number[]): boolean {
    return magic.every((byte, index) => this.bytes[this.position + index] === byte);
  }

  /** After the last member: zero padding is fine, everything else is trailing data. */
  expectPadding(): void {
    const other = this.bytes.subarray(this.position).findIndex((byte) => byte !== 0);
    if (other >= 0) throw new DecodeFailure('trailing', this.base + this.position + other);
    this.position = this.bytes.length;
  }

  truncated(): DecodeFailure {
    return new DecodeFailure(this.ending, this.base + this.bytes.length, 'a part ends early');
  }

  corrupt(problem: string): DecodeFailure {
    return new DecodeFailure('corrupt', this.base + this.position, problem);
  }

  unsupported(feature: string): DecodeFailure {
    return new DecodeFailure('unsupported', this.base + this.position, feature);
  }
}
