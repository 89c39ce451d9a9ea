import type { Facts, Purpose, Source, Submission } from '@kexec-kit/loader-api';

/** What was loaded, and when: kept under /run for as long as this boot lasts. */
export interface LoadRecord {
  readonly purpose: Purpose;
  readonly method: Submission['method'];
  readonly loader: Submission['loader'];
  readonly sources: readonly Source[];
  readonly facts: Facts;
  /** ISO 8601, in UTC. */
  readonly loadedAt: string;
}
