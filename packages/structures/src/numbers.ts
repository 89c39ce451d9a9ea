/**
 * Reading numbers of up to 32 bits, floats and bit fields, under the names that Kaitai's generated code calls.
 * Whoever extends it says what bytes there are, and refuses those that are not.
 */
export abstract class NumberStream {
  protected abstract readonly view: DataView;
  /** What the last bit field left of its byte, and how many bits that is. */
  #rest = 0;
  #restBits = 0;

  /** The position of the next `length` bytes; they are then behind the stream. */
  protected abstract take(length: number): number;

  readU1(): number {
    return this.view.getUint8(this.take(1));
  }
  readS1(): number {
    return this.view.getInt8(this.take(1));
  }
  readU2le(): number {
    return this.view.getUint16(this.take(2), true);
  }
  readU2be(): number {
    return this.view.getUint16(this.take(2), false);
  }
  readS2le(): number {
    return this.view.getInt16(this.take(2), true);
  }
  readS2be(): number {
    return this.view.getInt16(this.take(2), false);
  }
  readU4le(): number {
    return this.view.getUint32(this.take(4), true);
  }
  readU4be(): number {
    return this.view.getUint32(this.take(4), false);
  }
  readS4le(): number {
    return this.view.getInt32(this.take(4), true);
  }
  readS4be(): number {
    return this.view.getInt32(this.take(4), false);
  }
  readU8le(): bigint {
    return this.view.getBigUint64(this.take(8), true);
  }
  readU8be(): bigint {
    return this.view.getBigUint64(this.take(8), false);
  }
  readS8le(): bigint {
    return this.view.getBigInt64(this.take(8), true);
  }
  readS8be(): bigint {
    return this.view.getBigInt64(this.take(8), false);
  }
  readF4le(): number {
    return this.view.getFloat32(this.take(4), true);
  }
  readF4be(): number {
    return this.view.getFloat32(this.take(4), false);
  }
  readF8le(): number {
    return this.view.getFloat64(this.take(8), true);
  }
  readF8be(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  /** The next 1 to 32 bits, the highest of each byte first. */
  readBitsIntBe(count: number): number {
    // At most 7 + 32 bits: multiplication keeps them exact, where bit operators end at 31.
    const value = this.#moreBytes(count).reduce((bits, byte) => bits * 0x100 + byte, this.#rest);
    this.#restBits = this.#bitsAfter(count);
    const below = 2 ** this.#restBits;
    this.#rest = value % below;
    return Math.floor(value / below);
  }

  /** The next 1 to 32 bits, the lowest of each byte first. */
  readBitsIntLe(count: number): number {
    const value = this.#moreBytes(count).reduce(
      (bits, byte, i) => bits + byte * 2 ** (this.#restBits + 8 * i),
      this.#rest,
    );
    this.#restBits = this.#bitsAfter(count);
    this.#rest = Math.floor(value / 2 ** count);
    return value % 2 ** count;
  }

  /** What is left of a byte after a bit field is skipped. */
  alignToByte(): void {
    this.#rest = 0;
    this.#restBits = 0;
  }

  protected get hasBits(): boolean {
    return this.#restBits > 0;
  }

  #moreBytes(count: number): readonly number[] {
    const length = Math.ceil(Math.max(0, count - this.#restBits) / 8);
    const start = this.take(length);
    return Array.from({ length }, (_, i) => this.view.getUint8(start + i));
  }

  #bitsAfter(count: number): number {
    return (((this.#restBits - count) % 8) + 8) % 8;
  }
}
