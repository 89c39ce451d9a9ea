import type { Address, Range } from './address.js';
import type { SourceId } from './source.js';

export type SegmentId = string;
export type GroupId = string;

/**
 * A stretch of a segment's content.
 * - `bytes`: made by the loader; only here may relocations and checksums be written.
 * - `source`: a slice of an input file, never copied into the plan. Offset and length in bytes.
 * - `zeros`: so many zero bytes.
 * - `fresh`: so many random bytes, filled in when the submission is applied; they enter no digest.
 */
export type Part =
  | { readonly bytes: Uint8Array }
  | { readonly source: SourceId; readonly offset: number; readonly length: number }
  | { readonly zeros: bigint }
  | { readonly fresh: number };

/** The address of a byte of a segment: its start or its end (start + memorySize), plus an offset. */
export interface Term {
  readonly sign: 1 | -1;
  readonly segment: SegmentId;
  readonly at: 'start' | 'end';
  readonly offset: bigint;
}

/**
 * A number that is known only after placement: `((constant + Σ sign·(address + offset)) >> shift)`, then a half of it if asked.
 * `shift: 10` gives KiB, `shift: 12` a page frame number; two terms of opposite sign give a size.
 */
export interface Expr {
  readonly terms: readonly Term[];
  readonly constant: bigint;
  readonly shift?: number;
  readonly part?: 'low32' | 'high32';
}

/** How a value is written: little-endian, or as 16 lower-case hexadecimal digits of text. */
export type Encoding = 'u16' | 'u32' | 'u64' | 'hex16-text';

/**
 * "Write a value here": `offset` counts from the segment's start and must fall into a `bytes` part.
 * A value that does not fit its encoding is an error, never a truncation. Checksums are written last:
 * `sum8` makes the bytes of `over` add up to 0 modulo 256 (ACPI), `internet16` is RFC 1071.
 */
export type Relocation =
  | { readonly offset: number; readonly value: Expr; readonly encoding: Encoding }
  | {
      readonly offset: number;
      readonly checksum: 'sum8' | 'internet16';
      /** Within the same segment, in bytes. */
      readonly over: { readonly offset: number; readonly length: number };
    };

/**
 * Where a segment may go. A segment lists alternatives that are tried in order.
 * - `at`: there or nowhere.
 * - `within`: the first (`bottom`) or last (`top`) place inside that fits, its start a multiple of `align`;
 *   with `above`, entirely at or above that segment's end.
 * - `group`: at a fixed offset from its group's base.
 */
export type Placement =
  | { readonly at: Address }
  | {
      readonly within: Range;
      /** A power of two, in bytes. */
      readonly align: bigint;
      readonly from: 'bottom' | 'top';
      readonly above?: SegmentId;
    }
  | { readonly group: GroupId; readonly offset: bigint };

/** Segments that move as one. Placed as a whole, by the first alternative that fits. */
export interface Group {
  readonly id: GroupId;
  readonly placements: readonly Exclude<Placement, { group: GroupId }>[];
}

/** One piece of content or of memory that the next kernel needs. The core packs small ones together. */
export interface Segment {
  readonly id: SegmentId;
  /** The content, in order, or how much `finish` may make of it once everything is placed. */
  readonly parts: readonly Part[] | { readonly deferred: { readonly maximum: number } };
  /** In bytes; at least the content. What is beyond the content is zero. */
  readonly memorySize: bigint;
  /** Tried in order; never empty. */
  readonly placements: readonly Placement[];
  readonly relocations?: readonly Relocation[];
  /** false: purgatory does not verify it. Default true. */
  readonly checked?: boolean;
  /** One clause for the picture and for people: what this is and why it stands where it may. */
  readonly why?: string;
}

export type Register64 =
  | 'rax'
  | 'rbx'
  | 'rcx'
  | 'rdx'
  | 'rsi'
  | 'rdi'
  | 'rbp'
  | 'rsp'
  | 'r8'
  | 'r9'
  | 'r10'
  | 'r11'
  | 'r12'
  | 'r13'
  | 'r14'
  | 'r15';
export type Register32 = 'eax' | 'ebx' | 'ecx' | 'edx' | 'esi' | 'edi' | 'ebp' | 'esp';
export type Register16 =
  'ax' | 'bx' | 'cx' | 'dx' | 'si' | 'di' | 'bp' | 'sp' | 'cs' | 'ds' | 'es' | 'fs' | 'gs' | 'ss';

/** The CPU state at entry. Registers that are not named are garbage in tests: nothing may rely on them. */
export type Handoff =
  | {
      readonly mode: 'long64';
      readonly entry: Expr;
      readonly registers: Readonly<Partial<Record<Register64, Expr>>>;
    }
  | {
      readonly mode: 'protected32';
      readonly entry: Expr;
      readonly registers: Readonly<Partial<Record<Register32, Expr>>>;
    }
  | {
      readonly mode: 'real16';
      readonly entry: Expr;
      readonly registers: Readonly<Partial<Record<Register16, Expr>>>;
    };
export type HandoffMode = Handoff['mode'];

/** A small write that purgatory does just before entry and that keeps the rest of a live page (e.g. words of the BDA). */
export interface Poke {
  readonly at: Address;
  readonly value: Expr | Uint8Array;
  /** In bytes, for an `Expr`. */
  readonly width?: 1 | 2 | 4 | 8;
}

/**
 * Memory that purgatory copies when everything is verified, before the pokes and the entry: what the next kernel overwrites and
 * still wants to see (a crash kernel: the first 640 KiB).
 */
export interface Copy {
  /** Must be reachable at hand-over: RAM, or below 1 MiB. */
  readonly from: Range;
  /** Without content, and large enough: the copy begins where it begins. */
  readonly to: SegmentId;
}

/** In bytes: the record of {@link LastWords}. */
export const LAST_WORDS_SIZE = 160;

/**
 * Where purgatory keeps its record of how far it got, for whoever looks afterwards: the next kernel, a debugger, a memory dump.
 * What stands in it is read by `readLastWords` of `@kexec-kit/purgatory`. It lies behind the segment's content, where no digest
 * covers it, and takes {@link LAST_WORDS_SIZE} bytes.
 */
export interface LastWords {
  readonly segment: SegmentId;
  /** In bytes from the segment's start; a multiple of 8. */
  readonly offset: bigint;
}

/** What goes where, as plain data: no function, no class, no address guessed. Printable, diffable, a golden file. */
export interface Plan {
  /** In the order of placement. */
  readonly segments: readonly Segment[];
  readonly groups?: readonly Group[];
  readonly handoff: Handoff;
  /** Must be reachable at hand-over but carries no bytes: exempt from the rules on content, counts against the segment limit. */
  readonly mappings?: readonly Range[];
  /** What the target writes at entry without asking: nothing that must survive is placed there. */
  readonly clobbers?: readonly Range[];
  readonly pokes?: readonly Poke[];
  readonly copies?: readonly Copy[];
  readonly lastWords?: LastWords;
  readonly facts?: Facts;
}

/** Facts about an image or a plan, for people and for `--json`. */
export type Facts = readonly FactGroup[];
export interface FactGroup {
  readonly title: string;
  readonly fields: readonly Fact[];
}
export interface Fact {
  /** The specification's own name. */
  readonly name: string;
  readonly value: string;
  /** In the image, in bytes. */
  readonly offset?: number;
  readonly size?: number;
  readonly spec?: string;
}

/** A plain number as an {@link Expr}. */
export function constant(value: bigint): Expr {
  return { terms: [], constant: value };
}

/**
 * The address of a byte of a segment as an {@link Expr}.
 *
 * @example
 * ```ts
 * addressOf('kernel', 0x200n); // { terms: [{ sign: 1, segment: 'kernel', at: 'start', offset: 0x200n }], constant: 0n }
 * ```
 */
export function addressOf(segment: SegmentId, offset = 0n, at: 'start' | 'end' = 'start'): Expr {
  return { terms: [{ sign: 1, segment, at, offset }], constant: 0n };
}
