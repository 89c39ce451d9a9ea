import {
  fail,
  type Address,
  type CopiedMemory,
  type Diagnostic,
  type Result,
  type SegmentsSubmission,
  type Source,
} from '@kexec-kit/loader-api';
import { fingerprint, recordedMap } from '@kexec-kit/memory';
import { canEnter } from '@kexec-kit/purgatory';
import { assemble } from './assemble.js';
import { checkPlan } from './check.js';
import { handoffUnsupported, mappingUnreachable, noRam, tooManySegments } from './codes.js';
import { finish } from './finish.js';
import type { LinkInput, LinkResult } from './input.js';
import { mappingsLeft } from './mappings.js';
import { movesOf } from './moves.js';
import { pack } from './pack.js';
import { place } from './place.js';
import {
  copiesOf,
  lastWordsOf,
  PURGATORY,
  purgatoryContent,
  purgatoryLayout,
  purgatorySegment,
} from './purgatory.js';
import { digestRegions } from './regions.js';
import { relocate } from './relocate.js';
import { ram } from './space.js';

/**
 * Turns a plan into a submission: packs small segments, adds purgatory, places, finishes, relocates, writes checksums and
 * digests, in that order. Pure: the result is plain data and depends on the input alone. No content is read or copied but
 * the parts that are relocated and what has no digest yet.
 *
 * @returns The submission; or what is wrong with the plan, the image or the machine, and where a segment found no place,
 *   every hole that refused it ({@link LinkFailure}).
 * @example
 * ```ts
 * const linked = link({ loader, plan, machine, purpose: 'normal', policy, target, engines, sources });
 * if (linked.ok) linked.value.entry; // where purgatory begins
 * ```
 */
export function link(input: LinkInput): LinkResult {
  const [refused, ...more] = refusals(input);
  if (refused !== undefined) return fail(refused, ...more);
  const layout = purgatoryLayout(input);
  const purgatory = purgatorySegment(layout, input);
  const units = [...pack(input.plan.segments, input.plan.groups), ...pack([purgatory])];
  const placed = place(units, input);
  if (!placed.ok) return placed;
  const places = placed.value;
  const finished = finish(input, places);
  if (!finished.ok) return finished;
  const relocated = relocate(input.plan.segments, finished.value, places);
  if (!relocated.ok) return relocated;
  const checked = digestRegions(input, relocated.value, places);
  if (!checked.ok) return checked;
  const content = purgatoryContent(input, layout, places, checked.value);
  if (!content.ok) return content;
  const contents = new Map([...relocated.value, [PURGATORY, content.value]]);
  const segments = assemble([...input.plan.segments, purgatory], contents, places);
  return submission(input, {
    segments,
    checked: checked.value,
    entry: (places.get(PURGATORY)?.start ?? 0n) + layout.entryOffset,
    copies: copiesOf(input.plan, places),
    lastWords: lastWordsOf(input.plan, layout, places),
    said: [...movesOf(units, places), ...finished.diagnostics],
  });
}

function refusals(input: LinkInput): Diagnostic[] {
  const { plan, loader, target } = input;
  const problems = checkPlan(input);
  if (problems.length > 0) return problems;
  const { mode } = plan.handoff;
  if (!canEnter(target.handoff, mode)) return [handoffUnsupported(loader, target, mode)];
  return ram(input).length === 0 ? [noRam(input)] : [];
}

interface Linked {
  readonly segments: SegmentsSubmission['segments'];
  readonly checked: SegmentsSubmission['checked'];
  readonly entry: SegmentsSubmission['entry'];
  readonly copies: readonly CopiedMemory[];
  readonly lastWords: Address;
  readonly said: readonly Diagnostic[];
}

function submission(
  input: LinkInput,
  { segments, said, copies, ...linked }: Linked,
): Result<SegmentsSubmission> {
  const { loader, purpose, machine, target, engines, plan, sources } = input;
  const mappings = mappingsLeft(input, segments);
  if (mappings.length > 0 && (target.maps === 'ram' || target.handoff === 'protected32')) {
    return fail(mappingUnreachable(mappings, target));
  }
  if (segments.length + mappings.length > target.maxSegments) {
    return fail(tooManySegments(segments.length, mappings.length, target.maxSegments, target.name));
  }
  const diagnostics = [...(input.diagnostics ?? []), ...said];
  const value: SegmentsSubmission = {
    method: 'segments',
    loader: { name: loader.name, version: loader.version },
    purpose,
    architecture: machine.architecture,
    map: { fingerprint: fingerprint(machine, engines, purpose), ...recordedMap(machine, purpose) },
    sources: [...sources.values()].map(identity),
    facts: plan.facts ?? [],
    diagnostics,
    target,
    segments,
    mappings,
    ...linked,
    ...(copies.length > 0 && { copies }),
  };
  return { ok: true, value, diagnostics };
}

/** A source without its bytes: a submission names inputs, it does not hold them. */
function identity({ id, name, size, sha256, decompressed }: Source): Source {
  return { id, name, size, sha256, ...(decompressed !== undefined && { decompressed }) };
}
