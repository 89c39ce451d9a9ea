/** Where all chance of a case comes from: the same seed, the same case, on every machine. */
export interface Random {
  /** An integer within `0..end-1`. */
  readonly below: (end: number) => number;
  readonly bits: () => number;
  /** True once in so many. */
  readonly oneIn: (times: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly bytes: (length: number) => Uint8Array;
}

/** @param seeds - Mixed into one: the run's seed, a format's name, a case's index, or bytes. */
export function randomOf(...seeds: readonly (number | string | Uint8Array)[]): Random {
  const bits = sfc32(seeds.reduce<number>((mixed, seed) => mix(mixed, seed), 0));
  const below = (end: number) => Math.floor((bits() / 0x1_0000_0000) * end);
  return {
    below,
    bits,
    oneIn: (times) => below(times) === 0,
    pick: (from) => {
      if (from.length === 0) throw new RangeError('nothing to pick from');
      return from[below(from.length)] as (typeof from)[number];
    },
    bytes: (length) => Uint8Array.from({ length }, () => bits() & 0xff),
  };
}

/** Chris Doty-Humphrey's small fast counter of PractRand: 128 bits of state, 32 at a time. */
function sfc32(seed: number): () => number {
  let [a, b, c, count] = [0, seed, 0x9e3779b9, 1];
  const next = () => {
    const sum = (a + b + count) | 0;
    count = (count + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i += 1) next();
  return next;
}

/** Of bytes: enough to choose by. */
export function hashOf(bytes: Uint8Array): number {
  return mix(0, bytes) >>> 0;
}

/** FNV-1a, 32 bits, over whatever it is. */
function mix(start: number, seed: number | string | Uint8Array): number {
  const bytes =
    typeof seed === 'number' ? numberBytes(seed) : typeof seed === 'string' ? Buffer.from(seed) : seed;
  let hash = (start ^ 0x811c9dc5) >>> 0;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

function numberBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}
