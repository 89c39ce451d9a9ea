import type { Address, Range } from './address.js';
import type { Diagnostic, Result } from './diagnostic.js';
import type { Architecture, CrashFacts, Purpose, Region } from './machine.js';
import type { Facts, Part, SegmentId } from './plan.js';
import type { ReadSource, Source, SourceId } from './source.js';

/** How the running kernel hands over, and what it can do. A submission names the target it was made for. */
export interface Target {
  /** e.g. `linux-x86_64`. */
  readonly name: string;
  /** The state in which purgatory is entered. */
  readonly handoff: 'long64' | 'protected32';
  readonly maxSegments: number;
  /** No byte is placed at or above this address. */
  readonly addressEnd: Address;
  /** What is mapped at hand-over: all RAM, the segments and the first MiB; or the segments only. */
  readonly maps: 'ram' | 'segments';
  /** The word size in which the caller can express an address. */
  readonly callerAbi: Architecture;
}

/** One contiguous stretch of physical memory that a backend fills. Page-aligned; `memorySize` too. */
export interface PlacedSegment {
  readonly start: Address;
  readonly memorySize: bigint;
  /** The content; what is beyond it is zero. Relocated and checksummed: nothing is left to compute but `fresh` bytes. */
  readonly parts: readonly Part[];
  /** The plan's segments packed in here, ascending. */
  readonly pieces: readonly Piece[];
}

/** Where one segment of the plan ended up, and why there. */
export interface Piece {
  readonly id: SegmentId;
  readonly start: Address;
  /** Content, in bytes (without the zero tail). */
  readonly size: bigint;
  readonly memorySize: bigint;
  /** What it is: the plan's words. */
  readonly why?: string;
  /** Why it stands here: each alternative tried, each hole refused. */
  readonly search: readonly Attempt[];
}

/** One alternative of a placement as it was tried. */
export interface Attempt {
  /** In words, e.g. `within 0x1000000-0x40000000, aligned to 0x200000, from the top`. */
  readonly wanted: string;
  readonly chosen?: Address;
  readonly refused: readonly RefusedHole[];
}

/** A hole that was looked at and not taken. */
export interface RefusedHole extends Range {
  /** e.g. `0x3f8000 bytes after aligning to 0x200000, 0x3f8001 needed`. */
  readonly reason: string;
}

/** One stretch of memory that purgatory verifies before it enters the next kernel. */
export interface CheckedRegion {
  readonly name: string;
  readonly start: Address;
  /** In bytes; file bytes only, never a zero tail. */
  readonly length: bigint;
  /** SHA-256, lower-case hexadecimal. */
  readonly sha256: string;
}

/** One stretch of memory that purgatory copies before it enters the next kernel. */
export interface CopiedMemory {
  readonly from: Address;
  readonly to: Address;
  /** In bytes. */
  readonly length: bigint;
}

interface SubmissionBase {
  readonly loader: { readonly name: string; readonly version: string };
  readonly purpose: Purpose;
  readonly architecture: Architecture;
  /** The memory map that this was made for; `apply` reads the map again and refuses on a difference. */
  readonly map: {
    readonly fingerprint: string;
    readonly told: readonly Region[];
    readonly usable: readonly Range[];
    /** For a crash kernel only: the reserved regions, and the running kernel, of which the dump will speak. */
    readonly crashKernel?: readonly Range[];
    readonly crash?: CrashFacts;
  };
  readonly sources: readonly Source[];
  readonly facts: Facts;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a backend applies with kexec_load, Xen's hypercall, or in QEMU. */
export interface SegmentsSubmission extends SubmissionBase {
  readonly method: 'segments';
  readonly target: Target;
  /** Where the running kernel jumps: purgatory's entry. */
  readonly entry: Address;
  /** Ascending, disjoint. */
  readonly segments: readonly PlacedSegment[];
  /** Mapped but without content. */
  readonly mappings: readonly Range[];
  readonly checked: readonly CheckedRegion[];
  /** What purgatory copies when all of that is verified; absent for nothing. */
  readonly copies?: readonly CopiedMemory[];
  /** Where purgatory keeps its record of how far it got, `Plan.lastWords`; absent when it keeps none. */
  readonly lastWords?: Address;
}

/** What a backend applies with kexec_file_load. */
export interface FileSubmission extends SubmissionBase {
  readonly method: 'file';
  readonly kernel: SourceId;
  /** Loaded as one, in this order; may be empty. */
  readonly initrds: readonly SourceId[];
  readonly commandLine: string;
}

export type Submission = SegmentsSubmission | FileSubmission;

/** How far a long job is. `total` is absent while it is not known. */
export interface Progress {
  readonly what: string;
  /** In bytes. */
  readonly done: number;
  readonly total?: number;
}

/** The hand that applies a submission. */
export interface Backend {
  readonly name: string;
  readonly targets: readonly Target[];
  available(): Promise<Result<true>>;
  apply(
    submission: Submission,
    read: ReadSource,
    progress?: (progress: Progress) => void,
  ): Promise<Result<true>>;
  unload(purpose: Purpose): Promise<Result<true>>;
  execute(purpose: Purpose): Promise<Result<never>>;
  status(purpose: Purpose): Promise<Result<{ readonly loaded: boolean }>>;
}
