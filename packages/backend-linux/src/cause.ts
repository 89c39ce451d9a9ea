import type { Machine, Purpose, SegmentsSubmission, Submission } from '@kexec-kit/loader-api';
import type { LoadFacts } from '@kexec-kit/machine';

/** What a system call failed with, and what is known that may have been the reason. */
export interface ErrnoContext {
  readonly call: 'kexec_load' | 'kexec_file_load' | 'reboot';
  readonly errno: number;
  /** What was to be loaded; absent when unloading or starting. */
  readonly submission?: Submission;
  readonly machine?: Machine;
  readonly facts?: LoadFacts;
}

/** One reason that there may be. */
export interface Cause {
  /** `known`: the facts show it; `likely`: they speak for it; `possible`: nothing speaks against it. */
  readonly certainty: 'known' | 'likely' | 'possible';
  /** A clause: what is the case. */
  readonly why: string;
  /** What to do about it. */
  readonly cure: string;
}

/** Looks for one kind of reason. */
export type Look = (context: ErrnoContext) => Cause | undefined;

/** For an error number's name: where to look for its reasons, in the order of likelihood when nothing is known. */
export type Causes = Readonly<Record<string, readonly Look[]>>;

/** For which load a call was: starting is of the ordinary kernel. */
export function purposeOf({ submission }: ErrnoContext): Purpose {
  return submission?.purpose ?? 'normal';
}

/** The submission, if it is one for kexec_load. */
export function segmentsOf({ submission }: ErrnoContext): SegmentsSubmission | undefined {
  return submission?.method === 'segments' ? submission : undefined;
}

/** A cause that the facts show. */
export function known(why: string, cure: string): Cause {
  return { certainty: 'known', why, cure };
}
