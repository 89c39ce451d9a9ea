import { hex, type Diagnostic, type Plan, type Poke, type Segment } from '@kexec-kit/loader-api';
import { overlaps } from '@kexec-kit/memory';
import { POKE_SIZE } from '@kexec-kit/purgatory';
import { checkContent, checkRelocations } from './check-content.js';
import { checkCopies, checkLastWords } from './check-written.js';
import { checkExpr } from './check-expr.js';
import { checkHandoff } from './check-handoff.js';
import { checkGroup, checkPlacements } from './check-placements.js';
import {
  ADDRESS,
  contextOf,
  isAddress,
  isId,
  isList,
  isObject,
  isRange,
  RANGE,
  unique,
  value,
  type Context,
} from './check-values.js';
import type { LinkInput } from './input.js';
import { fixedAddress, isFixed } from './pack.js';
import { PURGATORY } from './purgatory.js';

/**
 * Everything in a plan that the contract does not allow. Types promise most of it, but loaders are other people's code,
 * written against other versions, perhaps in JavaScript: a mistake there is a sentence that names the loader,
 * never an exception here. Each stage takes for granted what the one before has checked.
 */
export function checkPlan(input: LinkInput): Diagnostic[] {
  const context = contextOf(input);
  for (const stage of [shape, segments, references]) {
    const problems = [...stage(context, input.plan)];
    if (problems.length > 0) return problems;
  }
  return [];
}

/** What the other stages stand on: lists are lists of objects. */
function* shape(context: Context, plan: Plan): Generator<Diagnostic> {
  const { groups = [], mappings = [], clobbers = [], pokes = [], copies = [] } = plan;
  for (const [field, list] of Object.entries({
    segments: plan.segments,
    groups,
    mappings,
    clobbers,
    pokes,
    copies,
  })) {
    if (!isList(list)) yield value(context, field, list, 'a list');
    else if (!list.every(isObject)) yield value(context, field, list, 'a list of objects');
  }
  if (!isObject(plan.handoff)) yield value(context, 'handoff', plan.handoff, 'an object');
  else if (!isObject(plan.handoff.registers))
    yield value(context, 'handoff.registers', plan.handoff.registers, 'an object');
}

/** Segments and groups one by one: names, sizes, content, placements. */
function* segments(context: Context, { segments, groups = [] }: Plan): Generator<Diagnostic> {
  if (segments.length === 0) yield value(context, 'segments', segments, 'at least one segment');
  yield* unique(
    context,
    'segments',
    segments.map(({ id }) => id),
  );
  yield* unique(
    context,
    'groups',
    groups.map(({ id }) => id),
  );
  for (const [i, segment] of segments.entries()) yield* checkSegment(context, `segments[${i}]`, segment);
}

function* checkSegment(context: Context, field: string, segment: Segment): Generator<Diagnostic> {
  const { id, memorySize } = segment;
  if (!isId(id))
    yield value(context, `${field}.id`, id, 'a name of 1 to 31 printable ASCII characters without blanks');
  if (id === PURGATORY) yield value(context, `${field}.id`, id, 'a name that the linker does not need');
  if (!isAddress(memorySize) || memorySize === 0n)
    yield value(context, `${field}.memorySize`, memorySize, 'a bigint from 1 to 2^64');
  else yield* checkContent(context, field, segment);
  yield* checkPlacements(context, field, segment);
}

/** What spans segments, now that each of them is right. */
function* references(context: Context, plan: Plan): Generator<Diagnostic> {
  for (const [i, segment] of plan.segments.entries())
    yield* checkRelocations(context, `segments[${i}]`, segment);
  for (const [i, group] of (plan.groups ?? []).entries()) yield* checkGroup(context, `groups[${i}]`, group);
  yield* checkFixed(context, plan.segments);
  yield* checkHandoff(context, plan.handoff);
  for (const [i, each] of (plan.mappings ?? []).entries())
    if (!isRange(each)) yield value(context, `mappings[${i}]`, each, RANGE);
  for (const [i, each] of (plan.clobbers ?? []).entries())
    if (!isRange(each)) yield value(context, `clobbers[${i}]`, each, RANGE);
  for (const [i, poke] of (plan.pokes ?? []).entries()) yield* checkPoke(context, `pokes[${i}]`, poke);
  yield* checkCopies(context, plan.copies ?? []);
  if (plan.lastWords !== undefined) yield* checkLastWords(context, plan.lastWords);
}

/** Two segments that can be at one place only, and it is the same. */
function* checkFixed(context: Context, all: readonly Segment[]): Generator<Diagnostic> {
  const fixed = all.filter(isFixed).map((segment) => {
    const start = fixedAddress(segment);
    return { id: segment.id, start, end: start + segment.memorySize };
  });
  for (const [i, each] of fixed.entries()) {
    const other = fixed.slice(0, i).find((before) => overlaps(before, each));
    if (other !== undefined) {
      yield value(
        context,
        `segment ${each.id}`,
        each.start,
        `clear of ${other.id} at ${hex(other.start)}-${hex(other.end)}`,
      );
    }
  }
}

function* checkPoke(
  context: Context,
  field: string,
  { at, value: written, width }: Poke,
): Generator<Diagnostic> {
  if (!isAddress(at)) yield value(context, `${field}.at`, at, ADDRESS);
  if (written instanceof Uint8Array) {
    if (written.length > POKE_SIZE)
      yield value(context, `${field}.value`, written.length, `at most ${POKE_SIZE} bytes`);
    return;
  }
  if (width === undefined || ![1, 2, 4, 8].includes(width))
    yield value(context, `${field}.width`, width, '1, 2, 4 or 8');
  yield* checkExpr(context, `${field}.value`, written);
}
