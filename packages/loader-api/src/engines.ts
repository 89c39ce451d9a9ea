/** A running SHA-256. `digest` ends it. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

/**
 * What is fast, or outside, and therefore handed in: the host passes node:crypto, a browser small JavaScript.
 * Equal input gives equal submissions whatever the engine.
 */
export interface Engines {
  sha256(): Hasher;
}
