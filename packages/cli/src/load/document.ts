import type { Submission } from '@kexec-kit/loader-api';
import type { Loaded } from './load.js';

/** The part of a `--json` document that says what was loaded. */
export function documentOf({
  submission,
  detail,
}: Loaded): { readonly detail: string } & Pick<Submission, 'purpose' | 'method' | 'loader' | 'sources'> {
  const { purpose, method, loader, sources } = submission;
  return { detail, purpose, method, loader, sources };
}
