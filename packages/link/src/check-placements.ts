import { sizeOf, type Diagnostic, type Group, type Placement, type Segment } from '@kexec-kit/loader-api';
import { isPowerOfTwo, overlaps } from '@kexec-kit/memory';
import {
  ADDRESS,
  isAddress,
  isList,
  isObject,
  isRange,
  kind,
  RANGE,
  reference,
  value,
  type Context,
} from './check-values.js';
import { memoryOf } from './search.js';

type Within = Extract<Placement, { within: unknown }>;

/** Where a segment may go; a group that it moves with leaves it no other choice. */
export function* checkPlacements(
  context: Context,
  field: string,
  { id, placements }: Segment,
): Generator<Diagnostic> {
  if (!isList(placements) || placements.length === 0) {
    yield value(context, `${field}.placements`, placements, 'at least one placement');
    return;
  }
  for (const [i, placement] of placements.entries()) {
    const own = `${field}.placements[${i}]`;
    if (isObject(placement) && 'group' in placement) {
      if (placements.length > 1) yield value(context, `${field}.placements`, placements, 'a group alone');
      if (!context.groups.has(placement.group))
        yield reference(context, `${own}.group`, placement.group, 'a group of the plan');
      if (!isAddress(placement.offset)) yield value(context, `${own}.offset`, placement.offset, ADDRESS);
    } else yield* checkPlacement(context, own, placement, context.order.get(id) ?? 0);
  }
}

/** The alternatives of a group, and that its members do not lie on each other. */
export function* checkGroup(
  context: Context,
  field: string,
  { id, placements }: Group,
): Generator<Diagnostic> {
  if (!isList(placements) || placements.length === 0) {
    yield value(context, `${field}.placements`, placements, 'at least one placement');
    return;
  }
  const members = context.segments.flatMap((segment) =>
    segment.placements.flatMap((each) =>
      'group' in each && each.group === id ? [{ segment, offset: each.offset }] : [],
    ),
  );
  const first = Math.min(...members.map(({ segment }) => context.order.get(segment.id) ?? 0));
  for (const [i, placement] of placements.entries()) {
    yield* checkPlacement(context, `${field}.placements[${i}]`, placement, first);
  }
  const memory = memoryOf(members, 0n);
  const clash = memory.findIndex((each, i) => memory.slice(0, i).some((other) => overlaps(each, other)));
  if (clash >= 0)
    yield value(
      context,
      `segments ${id}`,
      members[clash]?.segment.id,
      'clear of the other members of its group',
    );
}

/** @param before - A segment may only lie above one that was placed before it: the order in the plan of its own unit. */
function* checkPlacement(
  context: Context,
  field: string,
  placement: Placement,
  before: number,
): Generator<Diagnostic> {
  if (!isObject(placement)) yield kind(context, field, placement, PLACEMENTS);
  else if ('at' in placement) {
    if (!isAddress(placement.at)) yield value(context, `${field}.at`, placement.at, ADDRESS);
  } else if ('within' in placement) yield* checkWithin(context, field, placement, before);
  else yield kind(context, field, placement, PLACEMENTS);
}

const PLACEMENTS = ['at', 'within', 'group'];

function* checkWithin(
  context: Context,
  field: string,
  placement: Within,
  before: number,
): Generator<Diagnostic> {
  const { within, align, from, above } = placement;
  if (!isRange(within)) yield value(context, `${field}.within`, within, RANGE);
  else if (sizeOf(within) === 0n)
    yield value(context, `${field}.within`, within, 'a range that is not empty');
  if (typeof align !== 'bigint' || !isPowerOfTwo(align))
    yield value(context, `${field}.align`, align, 'a power of two');
  if (!['bottom', 'top'].includes(from)) yield kind(context, `${field}.from`, from, ['bottom', 'top']);
  if (above !== undefined && (context.order.get(above) ?? before) >= before) {
    yield reference(context, `${field}.above`, above, 'a segment placed before this one');
  }
}
