import type { Causes, ErrnoContext, Look } from './cause.js';
import { errnoCodes } from './errno-codes.js';

/** What the error number alone says, with the name of the image, and whether the machine insists on signatures. */
function plain(code: string, why: (image: string) => string): Look {
  return (context) => ({
    certainty: 'likely',
    why: `${why(imageOf(context))}${insistence(context)}`,
    cure: errnoCodes[code]?.cure ?? '',
  });
}

function imageOf({ submission }: ErrnoContext): string {
  const kernel = submission?.method === 'file' ? submission.kernel : undefined;
  return submission?.sources.find(({ id }) => id === kernel)?.name ?? 'the image';
}

function insistence({ facts }: ErrnoContext): string {
  if (facts?.config?.['KEXEC_SIG_FORCE'] === 'y')
    return '; the running kernel takes signed images only (CONFIG_KEXEC_SIG_FORCE)';
  if (facts?.lockdown === undefined || facts.lockdown === 'none') return '';
  return `; the running kernel is locked down (${facts.lockdown}) and takes signed images only`;
}

/** What is wrong with a signature. */
export const signatureCauses: Causes = {
  EKEYREJECTED: [
    plain(
      'LINUX_EKEYREJECTED',
      (image) => `the signature of ${image} does not hold: wrong key, or changed content`,
    ),
  ],
  ENOKEY: [
    plain('LINUX_ENOKEY', (image) => `${image} is signed with a key that the running kernel does not have`),
  ],
  ENODATA: [plain('LINUX_ENODATA', (image) => `${image} is not signed`)],
  EBADMSG: [
    plain('LINUX_EBADMSG', (image) => `the signature of ${image} is malformed, or the file is cut off`),
  ],
  ELIBBAD: [
    plain('LINUX_ELIBBAD', (image) => `${image} is no well-formed PE file, where a signature would be`),
  ],
  ENOPKG: [
    plain('LINUX_ENOPKG', (image) => `${image} is signed by an algorithm that the running kernel lacks`),
  ],
  EMSGSIZE: [plain('LINUX_EMSGSIZE', (image) => `the signature of ${image} is too long`)],
};
