import type { Failure } from '@kexec-kit/loader-api';

/** Carries a failure out of nested work, to the one place that turns it into a Result. */
export class BackendFailure extends Error {
  override readonly name = 'BackendFailure';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.diagnostics[0].message);
    this.failure = failure;
  }
}
