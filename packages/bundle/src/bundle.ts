import {
  ok,
  range,
  toIndex,
  type Address,
  type Part,
  type Range,
  type Result,
  type SegmentsSubmission,
  type Submission,
} from '@kexec-kit/loader-api';
import { findHole, intersect, subtract } from '@kexec-kit/memory';
import { efiHandedOn, filePlan, noPlace, noProtocol } from './codes.js';
import { bootProtocols, FRONT_SIZE, frontOf, type BootProtocol } from './image.js';
import { layoutOf, type Layout } from './layout.js';
import { checkReach } from './reach.js';

/** What is made. */
export interface BundleOptions {
  /** `image`: a boot loader starts it. `module`: a boot loader leaves it in memory, for later. */
  readonly form: 'image' | 'module';
  /** By which protocols an image can be started; all by default. */
  readonly protocols?: readonly BootProtocol[];
}

/** A file, and what it does. */
export interface Bundle {
  readonly form: BundleOptions['form'];
  /** Of the file, and of the memory that it takes, in bytes. */
  readonly size: bigint;
  /** Where a boot loader puts an image. A module goes anywhere at a page. */
  readonly place?: Range;
  /** Where the program is entered by who kept it in memory, from the start of the file, in bytes. */
  readonly entries: { readonly protected32: number; readonly long64?: number };
  /** The file's content, in order; never `fresh`. */
  readonly parts: readonly Part[];
  /** What is put where, in the order in which it is. */
  readonly pieces: readonly BundledPiece[];
}

/** One stretch of memory that is filled. */
export interface BundledPiece {
  /** The ids of the plan's pieces. */
  readonly name: string;
  readonly destination: Address;
  /** In bytes; what is beyond the content becomes zero. */
  readonly memorySize: bigint;
  /** Of the content in the file, in bytes. */
  readonly offset: bigint;
  readonly contentSize: bigint;
  /** Bytes of the content that are random, made anew at every start. */
  readonly fresh: bigint;
}

/** Nothing is put below: the BIOS, GRUB's own code and QEMU's information for the kernel lie there. */
const LOWEST = 1n << 20n;
/** ELF32, Multiboot and PVH know addresses of 32 bits. */
const END = 1n << 32n;
/** QEMU writes the Multiboot information right behind an image. In bytes. */
const ROOM_BEHIND = 1n << 16n;
/** The piece by which linux-boot hands EFI on. */
const EFI_PIECE = 'efi-runtime-map';

/**
 * Turns a submission into one file that puts everything in place by itself and enters purgatory.
 *
 * @returns the file as parts, of which `source` ones are slices of the submission's sources; or why there is none (`bundleCodes`).
 * @example
 * ```ts no-run
 * const bundled = bundle(submission, { form: 'image' });
 * if (bundled.ok) bundled.value.place; // e.g. { start: 0x100000n, end: 0x1a52000n }
 * ```
 */
export function bundle(submission: Submission, options: BundleOptions): Result<Bundle> {
  if (submission.method !== 'segments') return filePlan();
  const efi = submission.segments.flatMap(({ pieces }) => pieces).find(({ id }) => id === EFI_PIECE);
  if (efi !== undefined) return efiHandedOn(efi.id);
  const reachable = checkReach(submission);
  if (!reachable.ok) return reachable;
  const layout = layoutOf(submission);
  return options.form === 'module' ? ok(asModule(layout)) : asImage(submission, layout, options);
}

function asModule(layout: Layout): Bundle {
  const { parts, size } = layout;
  return { form: 'module', size, entries: entriesOf(layout, 0), parts, pieces: piecesOf(layout, 0n) };
}

function asImage(
  submission: SegmentsSubmission,
  layout: Layout,
  { protocols = bootProtocols }: BundleOptions,
): Result<Bundle> {
  if (protocols.length === 0) return noProtocol();
  const size = FRONT_SIZE + layout.size;
  const found = findHole({
    ...{ holes: holesOf(submission), within: range(LOWEST, END) },
    ...{ size: size + ROOM_BEHIND, align: FRONT_SIZE, from: 'bottom' },
  });
  if (!found.ok) return noPlace(size + ROOM_BEHIND, found.refused);
  const place = range(found.start, found.start + size);
  const front = frontOf({ place, protocols, bootEntry: layout.entries.boot });
  return ok({
    ...{ form: 'image', size, place, entries: entriesOf(layout, toIndex(FRONT_SIZE)) },
    parts: [{ bytes: front }, ...layout.parts],
    pieces: piecesOf(layout, FRONT_SIZE),
  });
}

/** RAM that nothing is put into: an image that lies there is never overwritten while it works. */
function holesOf({ segments, mappings, map }: SegmentsSubmission): Range[] {
  const taken = segments.map(({ start, memorySize }) => range(start, start + memorySize));
  return subtract(intersect(map.usable, [range(LOWEST, END)]), [...taken, ...mappings]);
}

function entriesOf({ entries }: Layout, front: number): Bundle['entries'] {
  const { protected32, long64 } = entries;
  return { protected32: front + protected32, ...(long64 !== undefined && { long64: front + long64 }) };
}

function piecesOf({ runs, contents }: Layout, front: bigint): BundledPiece[] {
  return runs.map(({ name, destination, memorySize, contentSize, fresh }, n) => ({
    ...{ name, destination, memorySize, contentSize },
    offset: front + (contents[n] ?? 0n),
    fresh: fresh.reduce((sum, { start, end }) => sum + end - start, 0n),
  }));
}
