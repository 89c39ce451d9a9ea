import type { Codes } from '@kexec-kit/loader-api';

/** Every code of this package. */
export const linuxCodes: Codes = {};
