import type { Situation } from './situation.js';
import { fine, note, stops, unknown, warning, type Check } from './verdict.js';

const lockdown: Check = {
  code: 'DOCTOR_LOCKDOWN',
  title: 'lockdown',
  judge: ({ facts }) => {
    if (facts.lockdown === undefined)
      return unknown('/sys/kernel/security/lockdown is not there: securityfs may not be mounted');
    if (facts.lockdown === 'none') return fine('the running kernel is not locked down');
    const finding = `the running kernel is locked down (${facts.lockdown})`;
    return stops(
      ['segments'],
      finding,
      'kexec_load is refused (EPERM), kexec_file_load wants a signed image',
    );
  },
};

const secureBoot: Check = {
  code: 'DOCTOR_SECURE_BOOT',
  title: 'Secure Boot',
  judge: ({ facts, surroundings }) => {
    if (facts.secureBoot === undefined)
      return surroundings?.efi === false
        ? fine('the firmware is no EFI')
        : unknown('the EFI variable is not there');
    if (!facts.secureBoot) return fine('off');
    const { IMA_ARCH_POLICY: policy, KEXEC_SIG: verifies } = facts.config ?? {};
    if (policy === 'y' && verifies === 'y')
      return stops(['segments'], 'on, with the policy of IMA', 'kexec_load is refused (EACCES)');
    if (facts.lockdown === undefined)
      return warning('on', 'the running kernel is probably locked down: only a signed image can be loaded');
    return note(
      'on',
      facts.lockdown === 'none' ? 'the running kernel does not mind' : 'it is what locks down',
    );
  },
};

/** Whether kexec_file_load wants a signature; undefined when that cannot be told. */
function wantsSignature({ facts: { lockdown: mode, config } }: Situation): boolean | undefined {
  if ((mode !== undefined && mode !== 'none') || config?.['KEXEC_SIG_FORCE'] === 'y') return true;
  return mode === undefined || config === undefined ? undefined : false;
}

const signature: Check = {
  code: 'DOCTOR_SIGNATURE',
  title: 'signature',
  judge: (situation) => {
    const wanted = wantsSignature(situation);
    if (wanted === undefined) return unknown('whether images must be signed is not known');
    if (!wanted) return fine('images need not be signed');
    const { image } = situation;
    if (image === undefined) return note('kexec_file_load takes signed images only');
    return image.isSigned
      ? note(`${image.name} carries a signature`, 'the kernel will say whether it trusts the key')
      : stops(['file'], `${image.name} carries no signature`, 'kexec_file_load refuses it');
  },
};

/** What is trusted. */
export const trustChecks: readonly Check[] = [lockdown, secureBoot, signature];
