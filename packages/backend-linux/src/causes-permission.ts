import { purposeOf, type Causes, type Look } from './cause.js';

const noCapability: Look = ({ facts }) =>
  facts?.canBoot === false
    ? {
        certainty: 'known',
        why: 'this process has no CAP_SYS_BOOT',
        cure: 'Run it as root, e.g. with sudo.',
      }
    : undefined;

const inContainer: Look = ({ facts }) =>
  facts?.inUserNamespace === true
    ? {
        certainty: 'known',
        why: 'what this process may do holds in its container (user namespace) only',
        cure: 'Run it on the machine itself.',
      }
    : undefined;

const disabled: Look = ({ facts, call }) =>
  facts?.loadDisabled === true && call !== 'reboot'
    ? {
        certainty: 'known',
        why: 'loading and unloading kernels was disabled on this machine (kernel.kexec_load_disabled is 1)',
        cure: 'Restart the machine: it cannot be enabled again before. Look in /etc/sysctl.d for what disables it.',
      }
    : undefined;

const usedUp: Look = (context) => {
  const purpose = purposeOf(context);
  if (context.facts?.loadsLeft?.[purpose] !== 0 || context.call === 'reboot') return undefined;
  const name = purpose === 'crash' ? 'panic' : 'reboot';
  return {
    certainty: 'known',
    why: `no more loads are allowed on this machine (kernel.kexec_load_limit_${name} is 0)`,
    cure: 'Restart the machine: the limit cannot be raised before.',
  };
};

const lockedDown: Look = ({ facts, call }) => {
  const { lockdown, secureBoot } = facts ?? {};
  if (lockdown === undefined || lockdown === 'none') return undefined;
  const why = `the running kernel is locked down (${lockdown}${secureBoot === true ? ', by Secure Boot' : ''})`;
  if (call === 'kexec_load')
    return {
      certainty: 'known',
      why: `${why} and loads only what it reads and verifies by itself`,
      cure: 'Load a signed bzImage with -s (kexec_file_load).',
    };
  return {
    certainty: 'likely',
    why: `${why} and does not trust the signature of this image, if it has one`,
    cure: 'Load a kernel that is signed by a key the running one trusts, e.g. of the same distribution.',
  };
};

const forbidden: Look = () => ({
  certainty: 'possible',
  why: 'a filter or a security module forbids the call (seccomp of a container or a systemd unit, SELinux)',
  cure: 'Run it outside of the container; look into the audit log.',
});

/** Who may not. */
export const permissionCauses: Causes = {
  EPERM: [noCapability, inContainer, disabled, usedUp, lockedDown, forbidden],
};
