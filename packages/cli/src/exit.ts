/** The exit codes of `kexec-kit`, as the documentation lists them. */
export const EXIT = {
  /** Done; for `boot --until`: the text was seen. */
  done: 0,
  /** An input was refused, or nothing fits: the diagnostics on stderr say why. */
  refused: 1,
  /** The command line itself was wrong. */
  usage: 2,
  /** `boot`: the guest ended, or its time was up, before the text was seen. */
  notSeen: 3,
  /** `doctor`: kexec cannot work here, or not with this image. */
  cannot: 4,
  /** A bug in kexec-kit or in a loader. */
  bug: 70,
  /** Interrupted (128 + SIGINT). */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What each code means, for `--help`, the man page and the documentation. */
export const exitMeanings: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done; with boot --until: the text was seen'],
  [EXIT.refused, 'an input was refused, or nothing fits: stderr says why'],
  [EXIT.usage, 'the command line was wrong'],
  [EXIT.notSeen, 'boot: the guest ended, or its time was up, before the text was seen'],
  [EXIT.cannot, 'doctor: kexec cannot work here, or not with this image'],
  [EXIT.bug, 'a bug in kexec-kit or in a loader'],
  [EXIT.interrupted, 'interrupted'],
];
