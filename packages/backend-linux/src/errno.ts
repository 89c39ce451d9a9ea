import type { Diagnostic } from '@kexec-kit/loader-api';
import { errnoName } from '@kexec-kit/syscall';
import { errnoCodes } from './errno-codes.js';
import type { Cause, Causes, ErrnoContext } from './cause.js';
import { factsInWords } from './facts-in-words.js';
import { permissionCauses } from './causes-permission.js';
import { requestCauses } from './causes-request.js';
import { signatureCauses } from './causes-signature.js';

const causes: Causes = { ...permissionCauses, ...requestCauses, ...signatureCauses };

/**
 * An error number of the system calls as a diagnostic: the likeliest cause by the facts and by the plan's own numbers, its
 * cure, and what else it may be.
 *
 * @example
 * ```ts
 * const { code, message } = explainErrno({ call: 'kexec_load', errno: 1, facts: { loadDisabled: true } });
 * code; // 'LINUX_EPERM'
 * message; // 'kexec_load failed with EPERM: loading and unloading kernels was disabled on this machine (kernel.kexec_load_disabled is 1)'
 * ```
 */
export function explainErrno(context: ErrnoContext): Diagnostic {
  const name = errnoName(context.errno);
  const code = codeOf(name);
  const info = errnoCodes[code];
  const [best, ...others] = rank((causes[codeName(code)] ?? []).flatMap((look) => look(context) ?? []));
  const found = factsInWords(context);
  const diagnosis = best ?? { why: lowerFirst(info?.cause ?? ''), cure: info?.cure ?? '' };
  return {
    code,
    severity: 'error',
    message: `${context.call} failed with ${name}: ${diagnosis.why.replace(/\.$/, '')}`,
    ...(found !== '' && { found }),
    hint: [
      diagnosis.cure,
      ...others.map(({ why, cure }) => `If it is not that: ${why}; ${cure}`),
      ...(best?.certainty !== 'known' && FORESEEN.has(code) ? [DOCTOR] : []),
    ].join(' '),
    ...(info?.spec !== undefined && { spec: info.spec }),
  };
}

/** What can be seen before the call by looking at the machine. */
const FORESEEN: ReadonlySet<string> = new Set(
  'EPERM EACCES EINVAL ENOMEM EADDRNOTAVAIL ENOEXEC ENOSYS ENODATA ENOTSUP'
    .split(' ')
    .map((name) => `LINUX_${name}`),
);
const DOCTOR = '"kexec-kit doctor" looks at everything that may stand in the way.';

/** Errors with two names have one code. */
const SAME: Readonly<Record<string, string>> = { EOPNOTSUPP: 'ENOTSUP' };

function codeOf(name: string): string {
  const code = `LINUX_${SAME[name] ?? name}`;
  return code in errnoCodes ? code : 'LINUX_ERRNO';
}

function codeName(code: string): string {
  return code.replace('LINUX_', '');
}

const CERTAINTIES: readonly Cause['certainty'][] = ['known', 'likely', 'possible'];

/** The surest first; where something is known, what is merely possible is not worth a word. */
function rank(found: readonly Cause[]): readonly Cause[] {
  const [known = [], likely = [], possible = []] = CERTAINTIES.map((certainty) =>
    found.filter((cause) => cause.certainty === certainty),
  );
  return known.length > 0 ? known : [...likely, ...possible];
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
