import { fail, ok } from '@kexec-kit/loader-api';
import type {
  AnyLoader,
  AnyOptions,
  Diagnostic,
  Engines,
  Facts,
  Layout,
  Machine,
  Plan,
  PlanInput,
  OptionSpec,
  Policy,
  Purpose,
  Result,
  Source,
  SourceBytes,
  SourceId,
  Target,
} from '@kexec-kit/loader-api';
import { link } from '@kexec-kit/link';
import type { LinkResult } from '@kexec-kit/link';
import { architectureUnsupported, purposeUnsupported, unplaceableFinish } from './codes.js';
import { decodeOptions } from './options.js';
import type { GivenOptions } from './options.js';
import { refusePort } from './console.js';
import { createRegistry } from './registry.js';
import type { Presets } from './registry.js';
import { withTextScreen } from './screen.js';
import { select } from './select.js';

/** An image that its loader has understood. Knows no machine. */
export interface Opened {
  readonly image: SourceBytes;
  readonly loader: AnyLoader;
  readonly presets: Presets;
  /** What the loader's probe said, e.g. `Linux bzImage 6.12.1, protocol 2.15`. */
  readonly detail: string;
  /** The loader's own view of the image. */
  readonly content: unknown;
  readonly facts: Facts;
  readonly diagnostics: readonly Diagnostic[];
}

/** What goes where on one machine, before anything has an address. */
export interface Planned {
  readonly opened: Opened;
  readonly plan: Plan;
  readonly machine: Machine;
  readonly purpose: Purpose;
  readonly policy: Policy;
  readonly options: AnyOptions;
  readonly diagnostics: readonly Diagnostic[];
}

export interface PlanRequest {
  readonly machine: Machine;
  readonly options?: GivenOptions;
  /** The files that `options` names by text. */
  readonly files?: ReadonlyMap<SourceId, Source>;
  readonly purpose?: Purpose;
  readonly policy?: Partial<Policy>;
}

export interface LinkRequest {
  readonly target: Target;
  readonly engines: Engines;
  /** Every source that the plan uses besides the image. */
  readonly sources?: Iterable<Source | SourceBytes>;
}

/** What holds when nobody says otherwise. */
export const DEFAULT_POLICY: Policy = { efi: true, video: 'auto', console: { serial: { port: 0x3f8 } } };

/**
 * Chooses the loader for an image and lets it parse and validate the image.
 *
 * @param options.type - The loader's name or an alias, instead of choosing by probe.
 * @example
 * ```ts
 * const opened = open(image, [bzimage]);
 * if (opened.ok) opened.value.detail; // 'Linux bzImage 6.12.1, protocol 2.15'
 * ```
 */
export function open(
  image: SourceBytes,
  loaders: readonly AnyLoader[],
  { type }: { readonly type?: string | undefined } = {},
): Result<Opened> {
  const registry = createRegistry(loaders);
  if (!registry.ok) return registry;
  const selected = select(registry.value, image, type);
  if (!selected.ok) return selected;
  const { loader } = selected.value;
  const loaded = loader.load(image);
  if (!loaded.ok) return loaded;
  const { value: content, diagnostics } = loaded as { value: unknown; diagnostics: readonly Diagnostic[] };
  const facts = loader.inspect?.(content) ?? [];
  return ok({ image, ...selected.value, content, facts, diagnostics }, diagnostics);
}

/**
 * Plans an opened image on a machine: asks whether the loader supports purpose and architecture, decodes the options,
 * and lets the loader say what goes where.
 *
 * @example
 * ```ts
 * const planned = plan(opened, { machine, options: { append: 'console=ttyS0' } });
 * ```
 */
export function plan(opened: Opened, request: PlanRequest): Result<Planned> {
  const { loader, presets } = opened;
  const { machine, purpose = 'normal' } = request;
  const unsupported = refuseUnsupported(loader, purpose, machine);
  if (unsupported !== undefined) return fail(unsupported);
  const { files, options: given = {} } = request;
  const spec = loader.options as OptionSpec;
  const decoded = decodeOptions(spec, given, { loader: loader.name, presets, ...(files && { files }) });
  if (!decoded.ok) return decoded;
  const policy = { ...DEFAULT_POLICY, ...request.policy };
  const badPort = refusePort(policy.console.serial);
  if (badPort !== undefined) return fail(badPort);
  const input: PlanInput<OptionSpec> = {
    machine: policy.resetVga === true ? withTextScreen(machine) : machine,
    purpose,
    policy,
    options: decoded.value as PlanInput<OptionSpec>['options'],
  };
  const planned: Result<Plan> = loader.plan(opened.content, input);
  if (!planned.ok) return planned;
  const diagnostics = [...opened.diagnostics, ...planned.diagnostics];
  return ok(
    { opened, plan: planned.value, machine, purpose, policy, options: decoded.value, diagnostics },
    diagnostics,
  );
}

/**
 * Places, finishes, relocates and digests a plan into a submission. A failure for want of a place carries all that was tried, in `search`.
 *
 * @example
 * ```ts
 * const submission = linkPlanned(planned, { target, engines, sources: [initrd] });
 * ```
 */
export function linkPlanned(planned: Planned, { target, engines, sources = [] }: LinkRequest): LinkResult {
  const { opened, plan: assembled, machine, purpose, policy, diagnostics } = planned;
  const { image, loader } = opened;
  const finish = loader.finish?.bind(loader);
  if (finish === undefined && assembled.segments.some(({ parts }) => 'deferred' in parts)) {
    return fail(unplaceableFinish(loader.name));
  }
  return link({
    loader: { name: loader.name, version: loader.version },
    plan: assembled,
    machine,
    purpose,
    policy,
    target,
    engines,
    sources: new Map([image, ...sources].map((source) => [source.id, source])),
    ...(finish && { finish: (layout: Layout) => finish(opened.content, assembled, layout) }),
    diagnostics,
  });
}

function refuseUnsupported(
  { name, supports }: AnyLoader,
  purpose: Purpose,
  machine: Machine,
): Diagnostic | undefined {
  if (!supports.purposes.includes(purpose)) return purposeUnsupported(name, purpose, supports.purposes);
  if (!supports.architectures.includes(machine.architecture)) {
    return architectureUnsupported(name, machine.architecture, supports.architectures);
  }
  return undefined;
}
