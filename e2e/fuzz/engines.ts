import { createHash } from 'node:crypto';
import type { Engines } from '@kexec-kit/loader-api';

export const engines: Engines = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
  },
};
