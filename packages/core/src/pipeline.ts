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
import { unplaceableFinish } from './codes.js';
import type { GivenOptions } from './options.js';
import { planInput } from './plan-input.js';
import { createRegistry } from './registry.js';
import type { Presets } from './registry.js';
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
  const input = planInput(opened, request);
  if (!input.ok) return input;
  const planned: Result<Plan> = opened.loader.plan(opened.content, input.value);
  if (!planned.ok) return planned;
  const diagnostics = [...opened.diagnostics, ...planned.diagnostics];
  const { purpose, policy, options } = input.value;
  return ok(
    { opened, plan: planned.value, machine: request.machine, purpose, policy, options, diagnostics },
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
