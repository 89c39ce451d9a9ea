import { type Codes, type Diagnostic } from '@kexec-kit/loader-api';
import type { UkiProfile } from '@kexec-kit/uki';

const UKI = 'https://uapi-group.org/specifications/specs/unified_kernel_image/';

/** Every code of this loader's own; what reading the image and the kernel in it can give comes from elsewhere. */
export const ukiLoaderCodes = {
  UKI_PROFILE_UNKNOWN: {
    cause: 'The image has no profile of the name or number that was asked for.',
    cure: 'Take one that "kexec-kit inspect" shows, or leave --uki-profile out.',
    spec: `${UKI}#multi-profile-ukis`,
  },
  UKI_NOT_HANDED_ON: {
    cause:
      'The image has sections that its EFI stub would hand to the kernel, and that nobody can hand on but the stub.',
    cure: 'Nothing is to be done if the system starts; a disk that opens by the signed measurements of the TPM only asks for its password.',
    spec: `${UKI}#uki-components`,
  },
} satisfies Codes;

export function profileUnknown(source: string, wanted: string, profiles: readonly UkiProfile[]): Diagnostic {
  const { cure, spec } = ukiLoaderCodes.UKI_PROFILE_UNKNOWN;
  const known = profiles.map(({ number, id }) => (id === '' ? String(number) : `${String(number)} (${id})`));
  return {
    code: 'UKI_PROFILE_UNKNOWN',
    severity: 'error',
    message: `${source} has no profile "${wanted}".`,
    at: { source, field: '.profile' },
    found: wanted,
    expected: known.slice(0, 16).join(', '),
    hint: cure,
    spec,
  };
}

export function notHandedOn(source: string, sections: readonly string[]): Diagnostic {
  const { cure, spec } = ukiLoaderCodes.UKI_NOT_HANDED_ON;
  return {
    code: 'UKI_NOT_HANDED_ON',
    severity: 'info',
    message: `What ${source} has for its own EFI stub is not handed on: ${sections.join(', ')}.`,
    at: { source },
    found: sections.join(', '),
    hint: cure,
    spec,
  };
}
