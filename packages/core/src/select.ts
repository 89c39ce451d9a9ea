import { fail, ok } from '@kexec-kit/loader-api';
import type { AnyLoader, Probe, Result, SourceBytes } from '@kexec-kit/loader-api';
import { imageAmbiguous, imageUnknown, typeContradicted, typeUnknown } from './codes.js';
import type { Refusal } from './codes.js';
import { looksLike } from './looks-like.js';
import { nearest } from './near.js';
import type { Presets, Registry } from './registry.js';
import { candidates, describeSignature } from './signature.js';

/** The loader for an image, and what its probe said. */
export interface Selected {
  readonly loader: AnyLoader;
  /** What the alias implies under which the loader was asked for. */
  readonly presets: Presets;
  /** e.g. `Linux bzImage 6.12.1, protocol 2.15`. */
  readonly detail: string;
}

/**
 * Chooses the loader for an image: the one whose probe matches. A match beats what it refines; two unrelated matches
 * are IMAGE_AMBIGUOUS, none is IMAGE_UNKNOWN with what each loader missed. A `type` is honoured, not believed: when that
 * loader's probe says no, it is TYPE_CONTRADICTED. Only a probe's "no" moves on to the next loader, never an error.
 *
 * @example
 * ```ts
 * const chosen = select(registry, image);
 * if (chosen.ok) chosen.value.detail; // 'Linux bzImage 6.12.1, protocol 2.15'
 * ```
 */
export function select(registry: Registry, image: SourceBytes, type?: string): Result<Selected> {
  return type === undefined ? selectByProbe(registry, image) : selectByType(registry, image, type);
}

function selectByType(registry: Registry, image: SourceBytes, type: string): Result<Selected> {
  const named = registry.names.get(type);
  const known = [...registry.names.keys()];
  if (named === undefined) return fail(typeUnknown(type, known, nearest(type, known)));
  const probe = named.loader.probe(image.bytes);
  if (!probe.match) return fail(typeContradicted(type, image.name, probe.reason, looksLike(image.bytes)));
  return ok({ ...named, detail: probe.detail });
}

function selectByProbe(registry: Registry, image: SourceBytes): Result<Selected> {
  const matches: Selected[] = [];
  const refusals: Refusal[] = [];
  const fitting = new Set(candidates(registry.loaders, image.bytes));
  for (const loader of registry.loaders) {
    const probe: Probe = fitting.has(loader) ? loader.probe(image.bytes) : unasked(loader);
    if (probe.match) matches.push({ loader, presets: {}, detail: probe.detail });
    else refusals.push({ loader: loader.name, reason: probe.reason });
  }
  return decide(image, matches, refusals);
}

/** A loader none of whose signatures an image has is not asked about it. */
function unasked(loader: AnyLoader): Probe {
  return { match: false, reason: `no ${loader.signatures.map(describeSignature).join(', nor ')}` };
}

function decide(
  image: SourceBytes,
  matches: readonly Selected[],
  refusals: readonly Refusal[],
): Result<Selected> {
  const best = unrefined(matches);
  const [first, second] = best;
  if (first === undefined) return fail(imageUnknown(image.name, looksLike(image.bytes), refusals));
  if (second === undefined) return ok(first);
  return fail(
    imageAmbiguous(
      image.name,
      best.map(({ loader, detail }) => ({ loader: loader.name, detail })),
    ),
  );
}

/** The matches that no other match refines, directly or through a loader between them that also matches. */
function unrefined(matches: readonly Selected[]): Selected[] {
  const beaten = new Set(matches.flatMap(({ loader }) => loader.refines ?? []));
  const best = matches.filter(({ loader }) => !beaten.has(loader.name));
  // A circle of refinements beats everybody: then nobody is better than anybody.
  return best.length === 0 ? [...matches] : best;
}
