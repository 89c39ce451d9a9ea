import { adler32, crc32 } from './crc.js';
import type { Input } from './input.js';
import { LZO_WINDOW, lzo1xSteps } from './lzo1x.js';
import { readLzopHeader } from './lzop-header.js';
import { runSteps, storedSteps } from './steps.js';
import { Window } from './window.js';

/** What stands at the start of every file of lzop(1). */
export const LZOP_MAGIC = [0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a];
/** The most that lzop takes at once, in bytes. */
const LARGEST_BLOCK = 64 << 20;
const SPLIT = 0xffffffff;
interface Sum {
  update(bytes: Uint8Array): void;
  value(): number;
}
interface SumKind {
  readonly flag: number;
  readonly make: () => Sum;
}
interface ExpectedSum {
  readonly expected: number;
  readonly sum: Sum;
}

/** The checksums that flags promise before each block, in their order: of its content, and as it is compressed. */
const CONTENT_SUMS: readonly SumKind[] = [
  { flag: 0x0001, make: () => running(adler32, 1) },
  { flag: 0x0100, make: () => running(crc32, 0) },
];
const COMPRESSED_SUMS: readonly SumKind[] = [
  { flag: 0x0002, make: () => running(adler32, 1) },
  { flag: 0x0200, make: () => running(crc32, 0) },
];

function running(over: (bytes: Uint8Array, before: number) => number, start: number): Sum {
  let value = start;
  return { update: (bytes) => void (value = over(bytes, value)), value: () => value };
}

/** Decodes a file of lzop(1), which is what Linux calls LZO: one member after the other. */
export function* decodeLzop(input: Input): Generator<Uint8Array, void> {
  const window = new Window(LZO_WINDOW);
  do yield* decodeMember(input, window);
  while (input.startsWith(LZOP_MAGIC));
  input.expectPadding();
}

function* decodeMember(input: Input, window: Window): Generator<Uint8Array, void> {
  for (const byte of LZOP_MAGIC) if (input.u8() !== byte) throw input.corrupt('no lzop header');
  const flags = readLzopHeader(input);
  for (let size = input.u32be(); size !== 0; size = input.u32be()) {
    if (size === SPLIT) throw input.unsupported('a file in several parts');
    if (size > LARGEST_BLOCK) throw input.corrupt('a block of more than 64 MiB');
    window.reset();
    yield* decodeBlock(input, size, flags, window);
  }
}

function* decodeBlock(
  input: Input,
  size: number,
  flags: number,
  window: Window,
): Generator<Uint8Array, void> {
  const compressed = input.u32be();
  if (compressed === 0 || compressed > size) throw input.corrupt('a block that is larger than its content');
  const isStored = compressed === size;
  const content = readSums(input, flags, CONTENT_SUMS);
  const stored = isStored ? [] : readSums(input, flags, COMPRESSED_SUMS);
  const block = input.inner(compressed);
  for (const { sum } of stored) sum.update(block.bytes);
  refuseDifferent(input, stored);
  const steps = isStored ? storedSteps(block) : lzo1xSteps(block);
  let left = size;
  for (const piece of decoded(runSteps(block, window, size, steps), window)) {
    for (const { sum } of content) sum.update(piece);
    left -= piece.length;
    yield piece;
  }
  if (left !== 0) throw input.corrupt('a block of another size than its header says');
  refuseDifferent(input, content);
}

/** What is left in the window when the steps end belongs to this block, and to its checksums. */
function* decoded(pieces: Iterable<Uint8Array>, window: Window): Generator<Uint8Array, void> {
  yield* pieces;
  yield window.drain();
}

function readSums(input: Input, flags: number, kinds: readonly SumKind[]): readonly ExpectedSum[] {
  return kinds
    .filter(({ flag }) => flags & flag)
    .map(({ make }) => ({ expected: input.u32be(), sum: make() }));
}

function refuseDifferent(input: Input, sums: readonly ExpectedSum[]): void {
  if (sums.some(({ expected, sum }) => sum.value() !== expected))
    throw input.corrupt('the checksum of a block differs');
}
