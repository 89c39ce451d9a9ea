import type { Address } from './address.js';
import type { Codes, Result } from './diagnostic.js';
import type { Architecture, Machine, Policy, Purpose } from './machine.js';
import type { OptionsOf, OptionSpec, OptionValue } from './option.js';
import type { Facts, HandoffMode, Plan, SegmentId } from './plan.js';
import type { SourceBytes, SourceId } from './source.js';

/** The contract version that this package describes. The gate between a loader and a core. */
export const API_VERSION = 1;

export type Probe =
  | { readonly match: true; /** e.g. `Linux bzImage 6.12.1, protocol 2.15` */ readonly detail: string }
  | { readonly match: false; /** e.g. `no "HdrS" at 0x202` */ readonly reason: string };

/** Bytes that every image of a format has: at one offset, or somewhere within the first bytes at an alignment. */
export type Signature =
  | { readonly at: number; readonly hex: string }
  | { readonly within: number; readonly align: number; readonly hex: string };

/** What a loader can do. The core asks before it plans. */
export interface Supports {
  readonly purposes: readonly Purpose[];
  /** The modes in which its images are entered. */
  readonly handoffs: readonly HandoffMode[];
  /** The running kernels from which it can be handed over. */
  readonly architectures: readonly Architecture[];
}

/** Another name for a loader, with option values that it implies (kexec(8)'s `-t bzImage64`). */
export interface Alias {
  readonly name: string;
  readonly summary: string;
  readonly presets: Readonly<Record<string, boolean | string>>;
}

/** What a loader is told when it plans. */
export interface PlanInput<S extends OptionSpec> {
  readonly machine: Machine;
  readonly purpose: Purpose;
  readonly policy: Policy;
  readonly options: OptionsOf<S>;
}

/** Where everything was placed: what `finish` gets. */
export type Layout = ReadonlyMap<SegmentId, { readonly start: Address; readonly memorySize: bigint }>;

/** What an image carries inside itself in a compressed form, and where: the bytes stay in the image. */
export interface Payload {
  /** One clause for people, e.g. `the kernel proper`. */
  readonly what: string;
  /** The compressed data, in bytes of the image; without what the format puts around it. */
  readonly offset: number;
  readonly length: number;
  /** How many bytes must come out, where the image says so beside the data. */
  readonly unpackedSize?: number;
}

/** What the running kernel can load by itself (kexec_file_load). */
export interface FilePlan {
  readonly commandLine: string;
  /** The options' `FileValue.source` of the initrds, to be loaded as one, in this order. */
  readonly initrds: readonly SourceId[];
}

/**
 * One image format. Stateless: every function may be called in any order, any number of times, with equal results.
 * Bad images and impossible requests are {@link Result}s; an exception is a bug.
 */
export interface Loader<Image = unknown, S extends OptionSpec = OptionSpec> {
  readonly api: typeof API_VERSION;
  /** The `--type` value, and the folder's name: lower-case letters, digits, hyphens. */
  readonly name: string;
  readonly version: string;
  /** One line for `kexec-kit loaders`. */
  readonly summary: string;
  readonly aliases?: readonly Alias[];
  /** A match of this loader beats a match of those. Two unrelated matches are an error that names both. */
  readonly refines?: readonly string[];
  readonly supports: Supports;
  readonly options: S;
  /** Every diagnostic code that `load`, `plan`, `finish` and `payload` can give. */
  readonly codes: Codes;
  /** An image that has none of these is not asked about. */
  readonly signatures: readonly Signature[];
  /** Looks at the (decompressed) image: total, stateless, cheap; never throws, never logs. */
  probe(image: Uint8Array): Probe;
  /** Parses and validates; knows no machine. */
  load(image: SourceBytes): Result<Image>;
  /** Says what goes where; places nothing, reads nothing. */
  plan(image: Image, input: PlanInput<S>): Result<Plan>;
  /** Pure: the content of `deferred` segments, whose shape depends on the placement. */
  finish?(image: Image, plan: Plan, layout: Layout): Result<ReadonlyMap<SegmentId, Uint8Array>>;
  /** Only for formats that the running kernel can load by itself. */
  planFile?(image: Image, input: PlanInput<S>): Result<FilePlan>;
  inspect?(image: Image): Facts;
  /** Only for formats that pack something: where it lies in `bytes`, which are those that `load` was given. */
  payload?(image: Image, bytes: Uint8Array): Result<Payload>;
}

/**
 * A loader whose `Image` and options have been forgotten: what registries hold.
 * The core passes back only what the same loader gave, after checking the options against `options`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the only place where types are forgotten on purpose
export type AnyLoader = Loader<any, any>;

/** The decoded options of any loader. */
export type AnyOptions = Readonly<Record<string, OptionValue>>;

/**
 * Identity; infers the image and option types, so that authors write no generics.
 *
 * @example
 * ```ts no-run
 * export const flat = defineLoader({ api: 1, name: 'flat', options: {}, ...rest });
 * ```
 */
export function defineLoader<Image, const S extends OptionSpec>(loader: Loader<Image, S>): Loader<Image, S> {
  return loader;
}

/**
 * What can be known of a loader without running it: generated from the code, kept equal by the conformance kit.
 * The command line parses, helps and chooses candidates from manifests alone.
 */
export interface LoaderManifest {
  readonly api: number;
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly aliases: readonly Alias[];
  readonly refines: readonly string[];
  readonly supports: Supports;
  readonly options: OptionSpec;
  readonly codes: Codes;
  readonly signatures: readonly Signature[];
}

/** The manifest of a loader: what its `loader.json` holds. */
export function manifestOf(loader: AnyLoader): LoaderManifest {
  return {
    api: loader.api,
    name: loader.name,
    version: loader.version,
    summary: loader.summary,
    aliases: loader.aliases ?? [],
    refines: loader.refines ?? [],
    supports: loader.supports,
    options: loader.options as OptionSpec,
    codes: loader.codes,
    signatures: loader.signatures,
  };
}
