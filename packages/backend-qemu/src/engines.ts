import { createHash } from 'node:crypto';
import type { Engines } from '@kexec-kit/loader-api';

/** For the few lines under a fingerprint: those of `@kexec-kit/host-node` would bring the whole core with them. */
export const engines: Engines = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
};
