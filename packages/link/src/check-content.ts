import type { Diagnostic, Part, Relocation, Segment } from '@kexec-kit/loader-api';
import { checkExpr } from './check-expr.js';
import { COUNT, isCount, isList, isObject, kind, reference, value, type Context } from './check-values.js';
import { contentSize } from './content.js';
import { bytesAt, WIDTHS } from './relocate.js';

/** The parts of a segment, and that its memory holds them. */
export function* checkContent(context: Context, field: string, segment: Segment): Generator<Diagnostic> {
  const { parts, memorySize } = segment;
  const problems = [...partsOf(context, `${field}.parts`, parts)];
  yield* problems;
  if (problems.length > 0) return;
  if (memorySize < contentSize(segment)) {
    yield value(
      context,
      `${field}.memorySize`,
      memorySize,
      `at least the content, ${contentSize(segment)} bytes`,
    );
  }
}

function* partsOf(context: Context, field: string, parts: Segment['parts']): Generator<Diagnostic> {
  if (!isObject(parts)) yield kind(context, field, parts, ['a list', 'deferred']);
  else if ('deferred' in parts && isObject(parts.deferred)) {
    const { maximum } = parts.deferred;
    if (!isCount(maximum)) yield value(context, `${field}.deferred.maximum`, maximum, COUNT);
  } else if (!isList(parts) || 'deferred' in parts) yield kind(context, field, parts, ['a list', 'deferred']);
  else for (const [i, part] of parts.entries()) yield* checkPart(context, `${field}[${i}]`, part);
}

function* checkPart(context: Context, field: string, part: Part): Generator<Diagnostic> {
  if (!isObject(part)) yield kind(context, field, part, PARTS);
  else if ('bytes' in part) {
    if (!(part.bytes instanceof Uint8Array))
      yield value(context, `${field}.bytes`, part.bytes, 'a Uint8Array');
  } else if ('zeros' in part) {
    if (typeof part.zeros !== 'bigint' || part.zeros < 0n)
      yield value(context, `${field}.zeros`, part.zeros, COUNT);
  } else if ('fresh' in part) {
    if (!isCount(part.fresh)) yield value(context, `${field}.fresh`, part.fresh, COUNT);
  } else if ('source' in part) yield* checkSlice(context, field, part);
  else yield kind(context, field, part, PARTS);
}

const PARTS = ['bytes', 'source', 'zeros', 'fresh'];

function* checkSlice(
  context: Context,
  field: string,
  { source, offset, length }: Extract<Part, { source: unknown }>,
): Generator<Diagnostic> {
  const known = context.sources.get(source);
  if (known === undefined) yield reference(context, `${field}.source`, source, 'a source that was handed in');
  else if (!isCount(offset)) yield value(context, `${field}.offset`, offset, COUNT);
  else if (!isCount(length) || offset + length > known.size) {
    yield value(
      context,
      `${field}.length`,
      length,
      `within the ${known.size} bytes of ${source} from ${offset} on`,
    );
  }
}

/** That every relocation falls into bytes which the loader made. The parts are known to be right. */
export function* checkRelocations(context: Context, field: string, segment: Segment): Generator<Diagnostic> {
  for (const [i, relocation] of (segment.relocations ?? []).entries()) {
    yield* checkRelocation(context, `${field}.relocations[${i}]`, segment, relocation);
  }
}

function* checkRelocation(
  context: Context,
  field: string,
  segment: Segment,
  relocation: Relocation,
): Generator<Diagnostic> {
  const how: unknown = 'value' in relocation ? relocation.encoding : relocation.checksum;
  if (
    typeof how !== 'string' ||
    !Object.hasOwn(WIDTHS, how) ||
    'value' in relocation === CHECKSUMS.includes(how)
  ) {
    yield kind(context, field, how, Object.keys(WIDTHS));
    return;
  }
  if (!inBytes(segment, relocation.offset, WIDTHS[how as keyof typeof WIDTHS])) {
    yield value(context, `${field}.offset`, relocation.offset, `within a bytes part of ${segment.id}`);
  }
  if ('value' in relocation) yield* checkExpr(context, `${field}.value`, relocation.value);
  else yield* checkChecksum(context, field, segment, relocation);
}

const CHECKSUMS = ['sum8', 'internet16'];

/** The sum comes out only if its own field is summed, and for 16-bit words only if the field is one of them. */
function* checkChecksum(
  context: Context,
  field: string,
  segment: Segment,
  { offset, checksum, over }: Extract<Relocation, { checksum: unknown }>,
): Generator<Diagnostic> {
  if (!isObject(over) || !inBytes(segment, over.offset, over.length)) {
    yield value(context, `${field}.over`, over, `within one bytes part of ${segment.id}`);
    return;
  }
  const from = offset - over.offset;
  if (from < 0 || from + WIDTHS[checksum] > over.length)
    yield value(context, `${field}.offset`, offset, 'within its own over');
  else if (checksum === 'internet16' && from % 2 !== 0)
    yield value(context, `${field}.offset`, offset, 'at an even distance from over');
}

function inBytes({ parts }: Segment, offset: number, length: number): boolean {
  return (
    isCount(offset) &&
    isCount(length) &&
    !('deferred' in parts) &&
    bytesAt(parts, offset, length) !== undefined
  );
}
