/** CALL and JMP with a 32-bit displacement: opcode and four bytes. */
const INSTRUCTION_SIZE = 5;

/**
 * Undoes the x86 filter of xz (The .xz File Format, 5.3.2): the encoder made the targets of CALL and JMP absolute.
 * It looks back at opcodes up to three bytes before, which might be part of a displacement: `mask` has a bit for each.
 */
export class BcjX86 {
  private position: number;
  private mask = 0;
  private held = new Uint8Array(0);

  constructor(start = 0) {
    this.position = start;
  }

  /** Takes a piece and gives what of it (and of what was held back) is certain. */
  push(piece: Uint8Array): Uint8Array {
    const bytes = new Uint8Array(this.held.length + piece.length);
    bytes.set(this.held);
    bytes.set(piece, this.held.length);
    const done = this.convert(bytes);
    this.held = bytes.slice(done);
    this.position += done;
    return bytes.subarray(0, done);
  }

  /** The last bytes, which are too few for an instruction. */
  finish(): Uint8Array {
    return this.held;
  }

  private convert(bytes: Uint8Array): number {
    const end = Math.max(0, bytes.length - INSTRUCTION_SIZE + 1);
    let at = 0;
    while (at < end) {
      if (((bytes[at] ?? 0) & 0xfe) !== 0xe8) {
        this.mask = (this.mask << 1) & 7;
        at += 1;
      } else if (this.mayConvert(bytes, at)) {
        this.convertAt(bytes, at);
        this.mask = 0;
        at += INSTRUCTION_SIZE;
      } else {
        this.mask = ((this.mask << 1) | 1) & 7;
        at += 1;
      }
    }
    return Math.min(at, bytes.length);
  }

  private mayConvert(bytes: Uint8Array, at: number): boolean {
    if (!isSignByte(bytes[at + 4])) return false;
    const { mask } = this;
    if (mask === 0) return true;
    // Two of three preceding opcodes, or the farthest next to another, leave no unambiguous reading.
    const alone = mask === 1 || mask === 2 || mask === 4;
    return alone && !isSignByte(bytes[at + 4 - farthest(mask)]);
  }

  private convertAt(bytes: Uint8Array, at: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at + 1, 4);
    const next = (this.position + at + INSTRUCTION_SIZE) | 0;
    let target = (view.getInt32(0, true) - next) | 0;
    if (this.mask !== 0) {
      const shift = farthest(this.mask) * 8;
      if (isSignByte((target >>> (24 - shift)) & 0xff)) {
        const flipped = target ^ (2 ** (32 - shift) - 1);
        target = (flipped - next) | 0;
      }
    }
    // Only 25 bits are real; the rest is the sign.
    view.setInt32(0, (target << 7) >> 7, true);
  }
}

/** How far back the farthest remembered opcode lies: 1, 2 or 3 bytes. */
function farthest(mask: number): number {
  return mask >= 4 ? 3 : mask >= 2 ? 2 : 1;
}

function isSignByte(byte: number | undefined): boolean {
  return byte === 0 || byte === 0xff;
}
