import type { Situation } from './situation.js';
import { machineFailure } from './situation.js';
import { both, fine, note, stops, unknown, type Check, type Verdict } from './verdict.js';

const architecture: Check = {
  code: 'DOCTOR_ARCHITECTURE',
  title: 'architecture',
  judge: (situation) => {
    const { machine } = situation;
    if (machineFailure(situation) === 'MACHINE_ARCHITECTURE_UNKNOWN')
      return stops(both, 'neither x86_64 nor i386', 'kexec-kit knows no other');
    if (!machine.ok) return unknown('the machine could not be read');
    return machine.value.architecture === 'x86_64'
      ? fine('x86_64')
      : stops(['file'], 'i386', 'the running kernel has no kexec_file_load');
  },
};

const program: Check = {
  code: 'DOCTOR_PROGRAM',
  title: 'program',
  when: ({ callerAbi, machine }) =>
    callerAbi === 'i386' && (!machine.ok || machine.value.architecture === 'x86_64'),
  judge: () =>
    stops(
      ['file'],
      'this program is a 32-bit one on a 64-bit kernel',
      'it has no kexec_file_load, and places nothing above 4 GiB',
    ),
};

const build: Check = {
  code: 'DOCTOR_KERNEL_CONFIG',
  title: 'kernel',
  judge: (situation) => notBuilt(situation) ?? configured(situation),
};

/** What the running kernel itself shows, whatever configuration lies about. */
function notBuilt({ facts, purpose }: Situation): Verdict | undefined {
  if (facts.release === undefined || facts.loaded?.[purpose] !== undefined) return undefined;
  const file = purpose === 'crash' ? 'kexec_crash_loaded' : 'kexec_loaded';
  return stops(
    both,
    `/sys/kernel/${file} is not there`,
    `${facts.release} was built without ${purpose === 'crash' ? 'crash kernels' : 'kexec'}, or /sys is not mounted`,
  );
}

function configured({ facts: { config, release } }: Situation): Verdict {
  if (config === undefined)
    return unknown(
      `no configuration of ${release ?? 'the kernel'} in /proc/config.gz, /boot or /lib/modules`,
    );
  const lacks = (option: string) => config[option] !== 'y';
  if (lacks('KEXEC') && lacks('KEXEC_FILE'))
    return stops(both, 'neither CONFIG_KEXEC nor CONFIG_KEXEC_FILE is set', 'nothing can be loaded (ENOSYS)');
  if (lacks('KEXEC'))
    return stops(['segments'], 'CONFIG_KEXEC is not set', 'there is no kexec_load (ENOSYS)');
  if (lacks('KEXEC_FILE'))
    return stops(['file'], 'CONFIG_KEXEC_FILE is not set', 'there is no kexec_file_load (ENOSYS)');
  return fine(`${release ?? 'the kernel'} has kexec_load and kexec_file_load`);
}

const loaded: Check = {
  code: 'DOCTOR_LOADED',
  title: 'loaded',
  judge: ({ facts, purpose }) => {
    const isLoaded = facts.loaded?.[purpose];
    if (isLoaded === undefined) return unknown('whether a kernel is loaded is not known');
    if (!isLoaded) return fine('nothing is loaded yet');
    return purpose === 'crash'
      ? note('a crash kernel is loaded', 'a load replaces it, and takes it away even where it fails')
      : note('a kernel is loaded', 'a load replaces it');
  },
};

/** What the running kernel is. */
export const kernelChecks: readonly Check[] = [architecture, program, build];
export const loadedChecks: readonly Check[] = [loaded];
