import { toIndex } from '@kexec-kit/loader-api';

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;
const STRIPE = 32;

/** A running xxHash64 with seed 0 (xxHash fast digest algorithm, "XXH64"), of which zstd keeps the low half. */
export interface Xxh64 {
  update(bytes: Uint8Array): void;
  low32(): number;
}

export function xxh64(): Xxh64 {
  // Each lane as two words, low and high: bigint would be ten times slower, and numbers in objects three times.
  const lanes = Uint32Array.from([u64(P1 + P2), P2, 0n, u64(-P1)].flatMap(toWords));
  let held = new Uint8Array(0);
  let total = 0;
  return {
    update(bytes) {
      total += bytes.length;
      const all = held.length === 0 ? bytes : concatenate(held, bytes);
      const end = all.length - (all.length % STRIPE);
      const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
      for (let at = 0; at < end; at += STRIPE)
        for (let lane = 0; lane < 8; lane += 2) round(lanes, lane, view, at + lane * 4);
      held = all.slice(end);
    },
    low32: () => toIndex(finish(fromWords(lanes), total, held) & 0xffffffffn),
  };
}

const [P1_LOW = 0, P1_HIGH = 0] = toWords(P1);
const [P2_LOW = 0, P2_HIGH = 0] = toWords(P2);
const product = new Uint32Array(2);

/** acc = rotl(acc + input * P2, 31) * P1 */
function round(lanes: Uint32Array, lane: number, view: DataView, at: number): void {
  multiply(view.getUint32(at, true), view.getUint32(at + 4, true), P2_LOW, P2_HIGH, product, 0);
  const low = (lanes[lane] ?? 0) + (product[0] ?? 0);
  const high = (lanes[lane + 1] ?? 0) + (product[1] ?? 0) + (low > 0xffffffff ? 1 : 0);
  const rotatedLow = (low << 31) | ((high >>> 1) & 0x7fffffff);
  const rotatedHigh = (high << 31) | ((low >>> 1) & 0x7fffffff);
  multiply(rotatedLow, rotatedHigh, P1_LOW, P1_HIGH, lanes, lane);
}

/** The low 64 bits of a product, as two words. */
function multiply(
  low: number,
  high: number,
  byLow: number,
  byHigh: number,
  into: Uint32Array,
  at: number,
): void {
  const a0 = low & 0xffff;
  const a1 = low >>> 16;
  const b0 = byLow & 0xffff;
  const b1 = byLow >>> 16;
  const first = a1 * b0 + ((a0 * b0) >>> 16);
  const second = a0 * b1 + (first & 0xffff);
  const carry = a1 * b1 + (first >>> 16) + (second >>> 16);
  into[at + 1] = carry + Math.imul(low, byHigh) + Math.imul(high, byLow);
  into[at] = Math.imul(low, byLow);
}

function finish(lanes: readonly bigint[], total: number, rest: Uint8Array): bigint {
  const [a = 0n, b = 0n, c = 0n, d = 0n] = lanes;
  let hash = P5;
  if (total >= STRIPE) {
    hash = u64(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
    for (const lane of lanes) hash = u64((hash ^ mix(lane)) * P1 + P4);
  }
  return avalanche(absorb(u64(hash + BigInt(total)), rest));
}

/** The last bytes: by eight, by four, one by one. */
function absorb(start: bigint, rest: Uint8Array): bigint {
  const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
  let hash = start;
  let at = 0;
  for (; at + 8 <= rest.length; at += 8)
    hash = u64(rotate(hash ^ mix(view.getBigUint64(at, true)), 27n) * P1 + P4);
  for (; at + 4 <= rest.length; at += 4)
    hash = u64(rotate(hash ^ u64(BigInt(view.getUint32(at, true)) * P1), 23n) * P2 + P3);
  for (; at < rest.length; at += 1) hash = u64(rotate(hash ^ u64(BigInt(view.getUint8(at)) * P5), 11n) * P1);
  return hash;
}

function avalanche(start: bigint): bigint {
  let hash = u64((start ^ (start >> 33n)) * P2);
  hash = u64((hash ^ (hash >> 29n)) * P3);
  return hash ^ (hash >> 32n);
}

function mix(lane: bigint): bigint {
  return u64(rotate(u64(lane * P2), 31n) * P1);
}

function rotate(value: bigint, by: bigint): bigint {
  return u64(value << by) | (value >> (64n - by));
}

function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function toWords(value: bigint): readonly number[] {
  return [toIndex(value & 0xffffffffn), toIndex(value >> 32n)];
}

function fromWords(words: Uint32Array): bigint[] {
  return Array.from(
    { length: words.length / 2 },
    (_, at) => (BigInt(words[2 * at + 1] ?? 0) << 32n) | BigInt(words[2 * at] ?? 0),
  );
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
