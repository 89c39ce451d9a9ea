/** A running xxHash (XXH32, seed 0), as LZ4 frames use it. */
export interface Xxh32 {
  update(bytes: Uint8Array): void;
  digest(): number;
}

const PRIME1 = 0x9e3779b1;
const PRIME2 = 0x85ebca77;
const PRIME3 = 0xc2b2ae3d;
const PRIME4 = 0x27d4eb2f;
const PRIME5 = 0x165667b1;
/** Four lanes of a word each. */
const STRIPE = 16;

/** xxHash fast digest algorithm 0.1.1, "XXH32 algorithm description". */
export function xxh32(): Xxh32 {
  const lanes = Int32Array.of(PRIME1 + PRIME2, PRIME2, 0, -PRIME1);
  const held = new Uint8Array(STRIPE);
  let holding = 0;
  let total = 0;
  return {
    update(bytes) {
      total += bytes.length;
      let at = 0;
      if (holding > 0) {
        at = Math.min(STRIPE - holding, bytes.length);
        held.set(bytes.subarray(0, at), holding);
        holding += at;
        if (holding < STRIPE) return;
        consume(lanes, held, 0, STRIPE);
      }
      const end = bytes.length - ((bytes.length - at) % STRIPE);
      consume(lanes, bytes, at, end);
      held.set(bytes.subarray(end));
      holding = bytes.length - end;
    },
    digest: () => finish(merge(lanes, total) + total, held.subarray(0, holding)),
  };
}

export function xxh32Of(bytes: Uint8Array): number {
  const hash = xxh32();
  hash.update(bytes);
  return hash.digest();
}

function consume(lanes: Int32Array, bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at += 4) {
    const lane = ((at - from) >> 2) & 3;
    lanes[lane] = Math.imul(rotate((lanes[lane] ?? 0) + Math.imul(word(bytes, at), PRIME2), 13), PRIME1);
  }
}

function merge(lanes: Int32Array, total: number): number {
  if (total < STRIPE) return PRIME5;
  const [a = 0, b = 0, c = 0, d = 0] = lanes;
  return rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
}

/** The last bytes, which fill no stripe, and the avalanche. */
function finish(start: number, rest: Uint8Array): number {
  let hash = start | 0;
  let at = 0;
  for (; at + 4 <= rest.length; at += 4)
    hash = Math.imul(rotate(hash + Math.imul(word(rest, at), PRIME3), 17), PRIME4);
  for (; at < rest.length; at += 1)
    hash = Math.imul(rotate(hash + Math.imul(rest[at] ?? 0, PRIME5), 11), PRIME1);
  hash = Math.imul(hash ^ (hash >>> 15), PRIME2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function word(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
