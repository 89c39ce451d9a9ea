import type { Confidential } from '@kexec-kit/machine';
import { both, fine, note, stops, unknown, warning, type Check } from './verdict.js';

const UNTOLD = 'the snapshot does not say';

const xen: Check = {
  code: 'DOCTOR_XEN',
  title: 'Xen',
  judge: ({ surroundings }) => {
    if (surroundings === undefined) return unknown(UNTOLD);
    const { xen: domain } = surroundings;
    if (domain === undefined) return fine('not below Xen');
    if (domain.control)
      return stops(
        both,
        'this is dom0 of Xen',
        'what runs the machine is Xen, and only it can be asked to load',
      );
    if (domain.type === 'PV')
      return stops(
        both,
        'this is a paravirtual guest of Xen',
        'it is not entered as a kernel on hardware is',
      );
    if (domain.type === undefined)
      return warning('this is a guest of Xen', 'a paravirtual one (PV) cannot start another kernel');
    return note(`this is a guest of Xen (${domain.type})`, 'its devices must come back from Xen');
  },
};

/**
 * Since which Linux a guest takes back, before another kernel starts, what it had shared with its host: `tdx_kexec_begin` and
 * `snp_kexec_begin`. Debian's 6.12, configured for both, has the first and not the second.
 */
const SINCE: Readonly<Record<Confidential, readonly [number, number] | undefined>> = {
  tdx: [6, 11],
  'sev-snp': [6, 13],
  'sev-es': undefined,
  sev: undefined,
};

const NAMES: Readonly<Record<Confidential, string>> = {
  tdx: 'Intel TDX',
  'sev-snp': 'AMD SEV-SNP',
  'sev-es': 'AMD SEV-ES',
  sev: 'AMD SEV',
};

const confidential: Check = {
  code: 'DOCTOR_CONFIDENTIAL_VM',
  title: 'confidential VM',
  judge: ({ surroundings, facts: { release } }) => {
    if (surroundings === undefined) return unknown(UNTOLD);
    const { confidential: kind } = surroundings;
    if (kind === undefined) return fine('memory is not encrypted against a host');
    const finding = `the memory of this guest is encrypted (${NAMES[kind]})`;
    if (kind === 'sev') return warning(finding, 'whether another kernel comes up depends on both kernels');
    const since = SINCE[kind];
    if (since === undefined || !isAtLeast(release, since))
      return stops(
        both,
        finding,
        `${release ?? 'the running kernel'} cannot hand it over: the machine would hang`,
      );
    // Without an interrupt table, purgatory's port I/O ends in a triple fault there.
    return stops(['segments'], finding, 'what kexec_load starts may not use devices, which purgatory does');
  },
};

/** @param release - e.g. `6.12.1-cloud-amd64`. */
function isAtLeast(release: string | undefined, [major, minor]: readonly [number, number]): boolean {
  const [, first, second] = /^(\d{1,4})\.(\d{1,4})/.exec(release ?? '') ?? [];
  const found = Number(first ?? 0);
  return found > major || (found === major && Number(second ?? 0) >= minor);
}

/** What the running kernel runs on. */
export const hostChecks: readonly Check[] = [xen, confidential];
