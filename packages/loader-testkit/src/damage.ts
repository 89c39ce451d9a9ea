/** A damaged image. It lasts until the next one is asked for: a 60 MB kernel is not copied 400 times. */
export interface Damaged {
  readonly what: string;
  readonly bytes: Uint8Array;
}

const CUTS = 128;
const FLIPS = 128;
const STRETCHES = 144;
/** Headers are in front: this is where damage has meaning. */
const HEADER = 8192;

/** About 400 copies, always the same ones: cut, with a bit flipped, with 2, 4 or 8 bytes set to 0x00, 0x7f.. or 0xff. */
export function* damaged(bytes: Uint8Array): Generator<Damaged> {
  for (const length of positions(bytes.length, CUTS)) {
    yield { what: `cut to ${String(length)} bytes`, bytes: cut(bytes, length) };
  }
  const scratch = bytes.slice();
  const front = Math.min(bytes.length, HEADER);
  for (const [index, offset] of positions(front, FLIPS).entries()) {
    yield* changed(scratch, offset, [(bytes[offset] ?? 0) ^ (1 << (index % 8))]);
  }
  for (const [index, offset] of positions(front, STRETCHES).entries()) {
    const value = [0x00, 0xff, 0x7f][index % 3] ?? 0;
    const size = [8, 4, 2][Math.floor(index / 3) % 3] ?? 8;
    yield* changed(scratch, offset - (offset % size), new Array<number>(size).fill(value));
  }
}

/** Above, a copy of each cut would cost more than it finds. */
const COPIED = 65_536;

/** The first bytes only. A copy, where that is cheap: whoever reads past its end finds nothing, not the rest of the image. */
export function cut(bytes: Uint8Array, length: number): Uint8Array {
  return length <= COPIED ? bytes.slice(0, length) : bytes.subarray(0, length);
}

/** So many offsets below `end`: every one where there are few, else dense in front and then spread evenly. */
export function positions(end: number, count: number): number[] {
  if (end <= count) return Array.from({ length: end }, (_, index) => index);
  const half = Math.floor(count / 2);
  const step = (end - half) / (count - half);
  const spread = Array.from({ length: count - half }, (_, index) => half + Math.floor(index * step));
  return [...Array.from({ length: half }, (_, index) => index), ...spread];
}

/** The bytes with some of them changed, and as they were once the next are asked for. */
function* changed(bytes: Uint8Array, offset: number, values: readonly number[]): Generator<Damaged> {
  const before = bytes.slice(offset, offset + values.length);
  bytes.set(values.slice(0, before.length), offset);
  yield { what: `with ${String(values.length)} bytes at ${String(offset)} damaged`, bytes };
  bytes.set(before, offset);
}
