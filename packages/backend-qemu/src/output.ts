/** How much of the end of what a guest printed is kept at least, in bytes. */
export const KEPT_OUTPUT = 1 << 18;

/** The end of a stream, and whether some text was in it: also when the text came in pieces. */
export class Tail {
  readonly #buffer = Buffer.alloc(2 * KEPT_OUTPUT);
  readonly #wanted: Buffer;
  #length = 0;
  #seen = false;

  /** Without a text to look for, or with an empty one, nothing is ever seen. */
  constructor(wanted = '') {
    this.#wanted = Buffer.from(wanted);
  }

  get seen(): boolean {
    return this.#seen;
  }

  get text(): string {
    return this.#buffer.toString('utf8', Math.max(this.#length - KEPT_OUTPUT, 0), this.#length);
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; at += KEPT_OUTPUT) this.#append(chunk.subarray(at, at + KEPT_OUTPUT));
  }

  #append(piece: Buffer): void {
    if (this.#length + piece.length > this.#buffer.length) {
      this.#buffer.copyWithin(0, this.#length - KEPT_OUTPUT, this.#length);
      this.#length = KEPT_OUTPUT;
    }
    const from = Math.max(this.#length - this.#wanted.length, 0);
    piece.copy(this.#buffer, this.#length);
    this.#length += piece.length;
    const added = this.#buffer.subarray(from, this.#length);
    this.#seen ||= this.#wanted.length > 0 && added.includes(this.#wanted);
  }
}

/** The last line that says something. */
export function lastLineOf(text: string): string {
  return text.trimEnd().split(/\r?\n/).at(-1)?.trim() ?? '';
}
