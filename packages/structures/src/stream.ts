import { hex, toIndex } from '@kexec-kit/loader-api';
import { FormatError } from './format-error.js';
import { byteArrayCompare, bytesStripRight, bytesTerminate, bytesToStr, mod } from './kaitai.js';
import { NumberStream } from './numbers.js';
import { pathOf, type Trace } from './trace.js';

/**
 * The stream that generated readers are closed over, in place of Kaitai's own: that one rounds 64-bit integers, truncates
 * lengths to 32 bits, clamps seeks, and needs Node's zlib to be bundled. Here 64-bit integers are bigint, and every length
 * and position is checked against the bytes there are.
 */
export class CheckedStream extends NumberStream {
  readonly #bytes: Uint8Array;
  readonly #trace: Trace;
  protected readonly view: DataView;
  #pos = 0;

  /**
   * @param bytes - Never copied; what is read as bytes is a view of it.
   * @param trace - What is being read: a name for the structure, and where in the image the bytes begin.
   */
  constructor(bytes: Uint8Array, trace: Trace | { readonly structure: string; readonly offset: number }) {
    super();
    // A Buffer, whose parts would be Buffers again, becomes what it is a kind of.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#trace =
      'origin' in trace
        ? trace
        : { structure: trace.structure, origin: bytes.byteOffset - trace.offset, steps: [] };
  }

  /** In bytes from the start of the stream. */
  get pos(): number {
    return this.#pos;
  }

  /** In bytes. */
  get size(): number {
    return this.#bytes.length;
  }

  isEof(): boolean {
    return this.#pos === this.size && !this.hasBits;
  }

  /** @throws FormatError unless the position is an integer within the stream (its end included). */
  seek(position: number | bigint): void {
    if (!isWithin(position, this.size)) {
      const wanted = isWithin(position, Number.MAX_SAFE_INTEGER) ? this.#imageOffset(position) : undefined;
      throw this.problem(`a position within ${bytesOf(this.size)}`, `position ${show(position)}`, wanted);
    }
    this.#pos = index(position);
  }

  /** A view, not a copy. */
  readBytes(length: number | bigint): Uint8Array {
    const start = this.take(length);
    return this.#bytes.subarray(start, this.#pos);
  }

  readBytesFull(): Uint8Array {
    return this.readBytes(this.size - this.#pos);
  }

  readBytesTerm(terminator: number, include: boolean, consume: boolean, mustEnd: boolean): Uint8Array {
    const length = this.#bytes.subarray(this.#pos).indexOf(terminator);
    if (length < 0 && mustEnd) {
      throw this.problem(`a terminator ${hex(terminator)}`, `none in ${bytesOf(this.size - this.#pos)}`);
    }
    if (length < 0) return this.readBytesFull();
    const value = this.readBytes(length + (include ? 1 : 0));
    if (consume && !include) this.take(1);
    return value;
  }

  /** Every read comes through here. */
  protected take(length: number | bigint): number {
    const left = this.size - this.#pos;
    if (!isWithin(length, left)) {
      throw this.problem(`${show(length)} bytes`, left === 0 ? 'the end' : bytesOf(left));
    }
    const start = this.#pos;
    this.#pos += index(length);
    return start;
  }

  /** Generated code: a substream, whose errors tell offsets in the image. */
  sub(bytes: Uint8Array): CheckedStream {
    return new CheckedStream(bytes, this.#trace);
  }

  /** Generated code: what is read from here on is this field, or this element of it. */
  at(name: string | number): void {
    this.#trace.steps.push({ name, start: this.#imageOffset(this.#pos) });
  }

  /** Generated code: the current field begins here, after a seek. */
  here(): void {
    const step = this.#trace.steps.at(-1);
    if (step !== undefined) step.start = this.#imageOffset(this.#pos);
  }

  /** Generated code: the current field has been read and found valid. */
  done(): void {
    this.#trace.steps.pop();
  }

  /** An error that knows its place: by default where the current field begins. */
  problem(expected: string, found: string, offset?: number): FormatError {
    const { structure, steps } = this.#trace;
    const here = steps.at(-1)?.start ?? this.#imageOffset(this.#pos);
    return new FormatError({
      structure,
      field: pathOf(this.#trace),
      offset: offset ?? here,
      found,
      expected,
    });
  }

  #imageOffset(position: number | bigint): number {
    return this.#bytes.byteOffset + index(position) - this.#trace.origin;
  }

  static readonly bytesToStr = bytesToStr;
  static readonly bytesTerminate = bytesTerminate;
  static readonly bytesStripRight = bytesStripRight;
  static readonly byteArrayCompare = byteArrayCompare;
  static readonly mod = mod;
  static readonly ValidationNotEqualError = refusalOf((wanted) => show(wanted));
  static readonly ValidationLessThanError = refusalOf((least) => `at least ${show(least)}`);
  static readonly ValidationGreaterThanError = refusalOf((most) => `at most ${show(most)}`);
  static readonly ValidationNotAnyOfError = refusal('one of the values that are defined');
  static readonly ValidationNotInEnumError = refusal('one of the values that are defined');
  static readonly ValidationExprError = refusal('a value that meets its condition');
}

/** Generated code says `throw new …Error(bound, actual, stream, path)`. */
function refusalOf(words: (bound: unknown) => string) {
  return function (bound: unknown, actual: unknown, stream: CheckedStream): FormatError {
    return stream.problem(words(bound), show(actual));
  } as unknown as new (bound: unknown, actual: unknown, stream: CheckedStream) => FormatError;
}

function refusal(words: string) {
  return function (actual: unknown, stream: CheckedStream): FormatError {
    return stream.problem(words, show(actual));
  } as unknown as new (actual: unknown, stream: CheckedStream) => FormatError;
}

function isWithin(value: number | bigint, limit: number): boolean {
  return value >= 0 && value <= limit && (typeof value === 'bigint' || Number.isSafeInteger(value));
}

function index(value: number | bigint): number {
  return typeof value === 'bigint' ? toIndex(value) : value;
}

function bytesOf(count: number): string {
  return `${hex(count)} bytes`;
}

const SHOWN_BYTES = 16;

function show(value: unknown): string {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return hex(value as bigint | number);
  if (!(value instanceof Uint8Array)) return String(value);
  const digits = Array.from(value.subarray(0, SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, '0'));
  return digits.join(' ') + (value.length > SHOWN_BYTES ? ' …' : '');
}
