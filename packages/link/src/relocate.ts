import {
  fail,
  hex,
  ok,
  toIndex,
  type Diagnostic,
  type Encoding,
  type Part,
  type Relocation,
  type Result,
  type Segment,
} from '@kexec-kit/loader-api';
import { encodeText } from '@kexec-kit/structures';
import { internet16, sum8 } from './checksum.js';
import { valueOverflow } from './codes.js';
import { lengthOf } from './content.js';
import { evaluate, littleEndian } from './expr.js';
import type { Contents } from './finish.js';
import type { Places } from './place.js';

type Write = Extract<Relocation, { value: unknown }>;
type Checksum = Exclude<Relocation, Write>;

/** How wide an encoding is, in bytes. */
export const WIDTHS: Readonly<Record<Encoding | Checksum['checksum'], number>> = {
  u16: 2,
  u32: 4,
  u64: 8,
  'hex16-text': 16,
  sum8: 1,
  internet16: 2,
};

/** Writes every relocation, then every checksum, into one copy of the parts they fall in; all other parts are passed on. */
export function relocate(segments: readonly Segment[], contents: Contents, places: Places): Result<Contents> {
  const relocated = new Map(contents);
  const problems: Diagnostic[] = [];
  for (const { id, relocations = [] } of segments) {
    const parts = copyWritten(contents.get(id) ?? [], relocations);
    relocated.set(id, parts);
    for (const each of relocations.filter((one) => 'value' in one)) {
      const problem = write(parts, each, places, `${id} at ${hex(each.offset)}`);
      if (problem !== undefined) problems.push(problem);
    }
    for (const each of relocations.filter((one) => 'checksum' in one)) checksum(parts, each);
  }
  const [first, ...more] = problems;
  return first === undefined ? ok(relocated) : fail(first, ...more);
}

/** The `bytes` part that wholly holds a stretch, and where in it the stretch begins. */
export function bytesAt(
  parts: readonly Part[],
  offset: number,
  length: number,
): { readonly bytes: Uint8Array; readonly offset: number; readonly index: number } | undefined {
  let start = 0n;
  for (const [index, part] of parts.entries()) {
    const end = start + lengthOf(part);
    if ('bytes' in part && start <= BigInt(offset) && BigInt(offset + length) <= end) {
      return { bytes: part.bytes, offset: offset - toIndex(start), index };
    }
    start = end;
  }
  return undefined;
}

function copyWritten(parts: readonly Part[], relocations: readonly Relocation[]): readonly Part[] {
  const written = new Set(relocations.map((each) => bytesAt(parts, each.offset, widthOf(each))?.index));
  return parts.map((part, i) =>
    written.has(i) && 'bytes' in part ? { bytes: Uint8Array.from(part.bytes) } : part,
  );
}

function widthOf(relocation: Relocation): number {
  return WIDTHS['value' in relocation ? relocation.encoding : relocation.checksum];
}

function write(
  parts: readonly Part[],
  { offset, value, encoding }: Write,
  places: Places,
  where: string,
): Diagnostic | undefined {
  const number = evaluate(value, places);
  const encoded = number === undefined ? undefined : encode(number, encoding);
  if (encoded === undefined)
    return valueOverflow(where, number === undefined ? 'beyond 64 bits or negative' : hex(number), encoding);
  const place = bytesAt(parts, offset, encoded.length);
  place?.bytes.set(encoded, place.offset);
  return undefined;
}

function encode(value: bigint, encoding: Encoding): Uint8Array | undefined {
  if (encoding === 'hex16-text') return encodeText(value.toString(16).padStart(16, '0'));
  return littleEndian(value, WIDTHS[encoding]);
}

function checksum(parts: readonly Part[], { offset, checksum: algorithm, over }: Checksum): void {
  const field = bytesAt(parts, offset, WIDTHS[algorithm]);
  const summed = bytesAt(parts, over.offset, over.length);
  if (field === undefined || summed === undefined) return;
  field.bytes.fill(0, field.offset, field.offset + WIDTHS[algorithm]);
  const bytes = summed.bytes.subarray(summed.offset, summed.offset + over.length);
  field.bytes.set(algorithm === 'sum8' ? sum8(bytes) : internet16(bytes), field.offset);
}
