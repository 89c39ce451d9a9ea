import type { Diagnostic } from '@kexec-kit/loader-api';

/** What reading a source rejects with. */
export class SourceError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.name = 'SourceError';
    this.diagnostic = diagnostic;
  }
}
