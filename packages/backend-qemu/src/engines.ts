import { createHash } from 'node:crypto';
import type { Engines } from '@kexec-kit/loader-api';

/** Only for the fingerprint of a few lines of text. */
export const nodeEngines: Engines = {
  sha256() {
    const hash = createHash('sha256');
    return {
      update(bytes) {
        hash.update(bytes);
      },
      digest: () => hash.digest(),
    };
  },
};
