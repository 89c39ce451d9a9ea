import type { Codes, Diagnostic } from '@kexec-kit/loader-api';

export { doctorCodes } from './doctor/codes.js';

/** The diagnostics that the command line itself gives. */
export const cliCodes: Codes = {
  CLI_CODE_UNKNOWN: {
    cause: 'The code that was to be explained is none of kexec-kit, nor of an installed loader.',
    cure: 'Look at the list that "kexec-kit explain" prints; install the loader that the code belongs to.',
  },
  CLI_LOADER_SKIPPED: {
    cause:
      'A package beside kexec-kit looks like a loader but was not used, for the reason that the message gives.',
    cure: 'Install a version for this contract, or make its files writable by root or the owner of kexec-kit only.',
  },
  CLI_NO_LOADERS: {
    cause: 'No loader is installed in the node_modules that hold kexec-kit.',
    cure: 'Install the loader for your image beside it, or @kexec-kit/preset-x86 for all of them.',
  },
  CLI_OPTION_NOT_OF_LOADER: {
    cause: 'An option was given that belongs to another loader than the one chosen for the image.',
    cure: 'Leave it out, or name the loader that you mean with --type.',
  },
  CLI_FELL_BACK: {
    cause:
      'kexec_file_load is not there, or takes neither this image nor these flags; so the image was loaded with kexec_load.',
    cure: 'Nothing: what is loaded is the same kernel. Say --method segments (kexec: -c) to go there at once.',
  },
  CLI_NO_SYSTEMD: {
    cause:
      'The loaded kernel was to be started through systemd, which stops services first, and no systemd runs.',
    cure: 'Stop what must be stopped, then start the kernel at once with --now.',
  },
  CLI_SYSTEMD_REFUSED: {
    cause: 'systemd was asked to shut down and to start the loaded kernel, and "systemctl kexec" failed.',
    cure: 'Read what systemctl said; --now starts the kernel at once, without systemd.',
  },
  CLI_NO_SHUTDOWN: {
    cause: 'The kernel is loaded, and the system could not be shut down to start it.',
    cure: 'Shut the system down by its own means, or start the kernel at once with kexec -e.',
  },
  CLI_NO_LAST_WORDS: {
    cause:
      'The running kernel was not handed a record of how it was started, as kexec-kit hands one to Linux.',
    cure: 'Nothing: it was started by the firmware, by another loader, or by an entry that takes no setup_data.',
  },
  CLI_PLAN_OPTIONS: {
    cause: 'A saved plan was given together with options that would have to be part of the plan.',
    cure: 'Give them to "kexec-kit plan" and save the plan again.',
  },
  CLI_OUTPUT_OVERWRITES: {
    cause: 'A file that was to be written is one of those that are read, or another one that is written.',
    cure: 'Give it a name of its own.',
  },
};

export function overwrites(path: string, role: 'input' | 'output', other: string): Diagnostic {
  return {
    code: 'CLI_OUTPUT_OVERWRITES',
    severity: 'error',
    message: `writing ${path} would overwrite ${role === 'input' ? 'what it is made from' : 'another output'}`,
    at: { source: path },
    found: `the same file as the ${role} ${other}`,
    hint: 'give it a name of its own',
  };
}

export function noSystemd(): Diagnostic {
  return {
    code: 'CLI_NO_SYSTEMD',
    severity: 'error',
    message: 'no systemd runs here that could stop the services first',
    hint: 'stop what must be stopped, then start the kernel at once with --now',
  };
}

export function noShutdown(reason: string): Diagnostic {
  return {
    code: 'CLI_NO_SHUTDOWN',
    severity: 'error',
    message: `the kernel is loaded, and the system does not shut down: ${reason}`,
    hint: 'shut it down by its own means; kexec -e starts the kernel at once',
  };
}

export function noLastWords(): Diagnostic {
  return {
    code: 'CLI_NO_LAST_WORDS',
    severity: 'error',
    message: 'nobody has left this kernel a record of how it was started',
    at: { source: '/sys/kernel/boot_params/setup_data' },
    hint: 'there is one after a start by kexec-kit through a 64-bit or 32-bit entry of Linux',
  };
}

/** @param status - Of systemctl; undefined where there is none. */
export function systemdRefused(status: number | undefined): Diagnostic {
  return {
    code: 'CLI_SYSTEMD_REFUSED',
    severity: 'error',
    message:
      status === undefined ? 'systemctl is not there' : `systemctl kexec ended with status ${String(status)}`,
    hint: '--now starts the kernel at once, without systemd',
  };
}
