import { both, fine, note, stops, unknown, type Check } from './verdict.js';

const capability: Check = {
  code: 'DOCTOR_CAPABILITY',
  title: 'capability',
  judge: ({ facts: { canBoot, inUserNamespace } }) => {
    if (canBoot === undefined) return unknown('/proc/self/status does not say what this process may do');
    if (!canBoot) return stops(both, 'this process has no CAP_SYS_BOOT', 'every load is refused (EPERM)');
    return inUserNamespace === true
      ? stops(both, 'this process has CAP_SYS_BOOT in its container only', 'every load is refused (EPERM)')
      : fine('this process has CAP_SYS_BOOT');
  },
};

const disabled: Check = {
  code: 'DOCTOR_DISABLED',
  title: 'kexec_load_disabled',
  judge: ({ facts: { loadDisabled } }) => {
    if (loadDisabled === undefined) return unknown('/proc/sys/kernel/kexec_load_disabled is not there');
    return loadDisabled
      ? stops(both, 'kernel.kexec_load_disabled is 1', 'every load is refused (EPERM) until the next boot')
      : fine('kernel.kexec_load_disabled is 0');
  },
};

const limit: Check = {
  code: 'DOCTOR_LIMIT',
  title: 'load limit',
  judge: ({ facts: { loadsLeft, loadDisabled }, purpose }) => {
    const name = `kernel.kexec_load_limit_${purpose === 'crash' ? 'panic' : 'reboot'}`;
    const left = loadsLeft?.[purpose];
    if (left === 0) return stops(both, `${name} is 0`, 'every load is refused (EPERM) until the next boot');
    if (left !== undefined) return note(`${name} is ${String(left)}`, 'each load counts');
    return loadDisabled === undefined ? unknown(`${name} is not known`) : fine('as many loads as you like');
  },
};

/** Who may load. */
export const permissionChecks: readonly Check[] = [capability, disabled, limit];
