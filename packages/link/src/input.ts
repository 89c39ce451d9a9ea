import type {
  Attempt,
  Diagnostic,
  Engines,
  Failure,
  Layout,
  Machine,
  Plan,
  Policy,
  Purpose,
  Result,
  SegmentId,
  SegmentsSubmission,
  Source,
  SourceBytes,
  SourceId,
  Success,
  Target,
} from '@kexec-kit/loader-api';

/** Everything that linking depends on: equal inputs give equal submissions. */
export interface LinkInput {
  /** Who made the plan: named when the plan is wrong, recorded in the submission. */
  readonly loader: { readonly name: string; readonly version: string };
  readonly plan: Plan;
  readonly machine: Machine;
  readonly purpose: Purpose;
  readonly policy: Policy;
  readonly target: Target;
  readonly engines: Engines;
  /** Every source that the plan names. Bytes are needed only of those that are verified in slices. */
  readonly sources: ReadonlyMap<SourceId, Source | SourceBytes>;
  /** The loader's own, bound to its image: makes the content of deferred segments. */
  readonly finish?: (layout: Layout) => Result<ReadonlyMap<SegmentId, Uint8Array>>;
  /** What was said on the way here: goes into the submission. */
  readonly diagnostics?: readonly Diagnostic[];
}

/** A failure to link. When a segment found no place, every alternative and every hole that refused it is here as data. */
export interface LinkFailure extends Failure {
  readonly search?: FailedSearch;
}

/** What was tried for the segments that found no place. */
export interface FailedSearch {
  /** One, or those that have to move as one. */
  readonly segments: readonly SegmentId[];
  readonly attempts: readonly Attempt[];
}

/** A `Result<SegmentsSubmission>` whose failure may carry its {@link FailedSearch}. */
export type LinkResult = Success<SegmentsSubmission> | LinkFailure;
