import { createHash } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2';
import type { Engines } from '@kexec-kit/loader-api';

/** What a Node host hands in. */
export const nodeEngines: Engines = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
  },
};

/** What a browser hands in: JavaScript only. */
export const browserEngines: Engines = {
  sha256: () => {
    const hash = sha256.create();
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
};
