import {
  LAST_WORDS_SIZE,
  sizeOf,
  type Copy,
  type Diagnostic,
  type LastWords,
  type Segment,
} from '@kexec-kit/loader-api';
import { isObject, isRange, RANGE, reference, value, type Context } from './check-values.js';
import { contentSize } from './content.js';

/** What purgatory writes into segments: only where no digest covers it, and each into memory of its own. */
export function* checkCopies(context: Context, copies: readonly Copy[]): Generator<Diagnostic> {
  for (const [i, { from, to }] of copies.entries()) {
    const field = `copies[${i}]`;
    const segment = context.segments.find(({ id }) => id === to);
    if (!isRange(from) || sizeOf(from) === 0n)
      yield value(context, `${field}.from`, from, `${RANGE}, not empty`);
    else if (segment === undefined) yield reference(context, `${field}.to`, to, 'the id of a segment');
    else yield* checkCopy(context, field, { length: sizeOf(from), segment });
    if (copies.findIndex((copy) => copy.to === to) < i)
      yield value(context, `${field}.to`, to, 'a segment that no other copy goes to');
  }
}

function* checkCopy(
  context: Context,
  field: string,
  { length, segment }: { readonly length: bigint; readonly segment: Segment },
): Generator<Diagnostic> {
  const { id, memorySize } = segment;
  if (contentSize(segment) > 0n) yield value(context, `${field}.to`, id, 'a segment without content');
  if (memorySize < length) {
    yield value(context, `${field}.from`, length, `at most the ${memorySize} bytes of memory of ${id}`);
  }
}

/** Behind the content, or the digest of the content would not hold any more. */
export function* checkLastWords(context: Context, lastWords: LastWords): Generator<Diagnostic> {
  if (!isObject(lastWords)) {
    yield value(context, 'lastWords', lastWords, 'an object');
    return;
  }
  const { segment: id, offset } = lastWords;
  const segment = context.segments.find((each) => each.id === id);
  if (segment === undefined) yield reference(context, 'lastWords.segment', id, 'the id of a segment');
  else if (!isPlace(segment, offset)) {
    yield value(
      context,
      'lastWords.offset',
      offset,
      `a multiple of 8 behind the content of ${id}, ${LAST_WORDS_SIZE} bytes before its end`,
    );
  }
}

function isPlace(segment: Segment, offset: unknown): boolean {
  if (typeof offset !== 'bigint' || offset % 8n !== 0n) return false;
  return offset >= contentSize(segment) && offset + BigInt(LAST_WORDS_SIZE) <= segment.memorySize;
}
