import {
  fail,
  ok,
  type Diagnostic,
  type Layout,
  type Part,
  type Result,
  type Segment,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { badFinish } from './codes.js';
import type { LinkInput } from './input.js';
import type { Places } from './place.js';

/** The content of every segment of the plan, none of it deferred any more. */
export type Contents = ReadonlyMap<SegmentId, readonly Part[]>;

type Made = ReadonlyMap<SegmentId, Uint8Array>;

/** Lets the loader make what depends on the layout, and holds it to what it promised. */
export function finish(input: LinkInput, places: Places): Result<Contents> {
  const { segments } = input.plan;
  const deferred = segments.some(({ parts }) => 'deferred' in parts);
  const made = deferred && input.finish ? input.finish(layoutOf(segments, places)) : ok<Made>(new Map());
  if (!made.ok) return made;
  const [wrong, ...more] = broken(input, made.value);
  return wrong ? fail(wrong, ...more) : ok(contents(segments, made.value), made.diagnostics);
}

function layoutOf(segments: readonly Segment[], places: Places): Layout {
  return new Map(
    segments.map(({ id, memorySize }) => [id, { start: places.get(id)?.start ?? 0n, memorySize }]),
  );
}

function contents(segments: readonly Segment[], made: Made): Contents {
  return new Map(
    segments.map(({ id, parts }) => [
      id,
      'deferred' in parts ? [{ bytes: made.get(id) ?? new Uint8Array() }] : parts,
    ]),
  );
}

function broken({ loader, plan }: LinkInput, made: Made): Diagnostic[] {
  const limits = new Map(
    plan.segments.flatMap(({ id, parts }) =>
      'deferred' in parts ? [[id, parts.deferred.maximum] as const] : [],
    ),
  );
  const missing = [...limits.keys()].filter((id) => !made.has(id));
  const extra = [...made.keys()].filter((id) => !limits.has(id));
  const long = [...made].filter(([id, { length }]) => length > (limits.get(id) ?? length));
  return [
    ...missing.map((id) => badFinish(loader, id, 'nothing', 'its deferred content')),
    ...extra.map((id) => badFinish(loader, id, 'content', 'nothing: it is not deferred')),
    ...long.map(([id, { length }]) =>
      badFinish(loader, id, `${length} bytes`, `at most ${limits.get(id) ?? 0}`),
    ),
  ];
}
