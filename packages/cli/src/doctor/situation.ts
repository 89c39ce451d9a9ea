import type {
  Architecture,
  FileSubmission,
  Machine,
  Policy,
  Purpose,
  Result,
  SegmentsSubmission,
  Submission,
} from '@kexec-kit/loader-api';
import type { LoadFacts, Surroundings } from '@kexec-kit/machine';

/** A way into the kernel: by kexec_load or by kexec_file_load. */
export type Way = Submission['method'];

/** Everything that the checks look at, as it was found: nothing is read after this. */
export interface Situation {
  /** Empty where a snapshot stands for the machine. */
  readonly facts: LoadFacts;
  /** Absent where a snapshot stands for the machine. */
  readonly surroundings?: Surroundings;
  readonly machine: Result<Machine>;
  readonly purpose: Purpose;
  readonly policy: Partial<Policy>;
  /** The ways that may be gone, in the order in which `load` tries them. */
  readonly wanted: readonly Way[];
  /** The word size of this program. */
  readonly callerAbi: Architecture;
  /** What is to be loaded, if that was told. */
  readonly image?: PlannedImage;
}

/** An image, and how it would go each way. */
export interface PlannedImage {
  readonly name: string;
  /** e.g. `Linux bzImage 6.12.1, protocol 2.15`. */
  readonly detail: string;
  /** Carries a certificate, whoever has signed it. */
  readonly isSigned: boolean;
  /** Absent where the machine is not known. */
  readonly plans?: Plans;
}

export interface Plans {
  readonly segments: Result<SegmentsSubmission>;
  readonly file: Result<FileSubmission>;
}

/** The code with which reading the machine failed, if it did. */
export function machineFailure({ machine }: Situation): string | undefined {
  return machine.ok ? undefined : machine.diagnostics[0].code;
}

/** Whether reading the machine had something to say by this code. */
export function wasSaid({ machine }: Situation, code: string): boolean {
  return machine.diagnostics.some((diagnostic) => diagnostic.code === code);
}
