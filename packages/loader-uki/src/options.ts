import type { OptionSpec } from '@kexec-kit/loader-api';
import { loader as bzimage } from '@kexec-kit/loader-bzimage';

/** Those of the kernel in the image, and what the image itself leaves open. */
export const options = {
  ...bzimage.options,
  reuseImageCommandLine: {
    type: 'flag',
    name: 'reuse-image-cmdline',
    summary: "Begin the command line with the image's own, which another one else replaces",
  },
  profile: {
    type: 'string',
    name: 'uki-profile',
    placeholder: 'NAME',
    summary: 'Start this profile of the image, by its ID or number; by itself the first',
  },
} as const satisfies OptionSpec;
