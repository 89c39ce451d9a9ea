import type { Random } from './random.js';
import type { Seed, SeedField } from './target.js';

/** A case is small, so that there can be many. */
const LARGEST = 96 * 1024;
/** Most mutations of one case. */
const MOST = 8;

interface Draft {
  bytes: Uint8Array;
  readonly seed: Seed;
  readonly others: readonly Seed[];
  readonly random: Random;
}

type Mutation = (draft: Draft) => void;

/** Damages one of the seeds: mostly a field or two of it, at times its bytes or its shape, and at times nothing. */
export function mutate(random: Random, seeds: readonly Seed[]): Uint8Array {
  const seed = random.pick(seeds);
  const draft: Draft = { bytes: new Uint8Array(seed.bytes), seed, others: seeds, random };
  if (random.oneIn(64)) return draft.bytes;
  let left = MOST;
  do {
    random.pick(MUTATIONS)(draft);
    left -= 1;
  } while (left > 0 && random.oneIn(2));
  return draft.bytes.length <= LARGEST ? draft.bytes : draft.bytes.subarray(0, LARGEST);
}

/** So many times each mutation stands in the hat. */
const MUTATIONS: readonly Mutation[] = Object.values<readonly [number, Mutation]>({
  boundary: [8, setBoundary],
  nudge: [4, nudge],
  copyField: [2, copyField],
  swapFields: [1, swapFields],
  bit: [3, flipBit],
  byte: [2, setByte],
  noise: [1, noise],
  duplicate: [1, duplicate],
  remove: [1, remove],
  cut: [1, cut],
  extend: [1, extend],
  splice: [1, splice],
}).flatMap(([times, mutation]) => Array.from({ length: times }, () => mutation));

/** A field that is still inside; without fields, four bytes anywhere. */
function anyField({ bytes, seed, random }: Draft): SeedField | undefined {
  if (bytes.length === 0) return undefined;
  if (seed.fields.length === 0) return stray(bytes, random);
  const field = random.pick(seed.fields);
  return field.offset + field.size <= bytes.length ? field : stray(bytes, random);
}

function stray(bytes: Uint8Array, random: Random): SeedField {
  const size = Math.min(bytes.length, random.pick([1, 2, 4, 8]));
  return { name: 'stray', offset: random.below(bytes.length - size + 1), size };
}

function setBoundary(draft: Draft): void {
  const field = anyField(draft);
  if (field !== undefined) write(draft.bytes, field, boundary(draft, field.size));
}

/** What breaks arithmetic: ends of the width, the sign, pages, 4 GiB, and the file's own size and ends of fields. */
function boundary(draft: Draft, size: number): bigint {
  const { bytes, random } = draft;
  const width = BigInt(8 * Math.min(size, 8));
  const most = (1n << width) - 1n;
  const sign = 1n << (width - 1n);
  const length = BigInt(bytes.length);
  const other = anyField(draft);
  const end = other === undefined ? 0n : BigInt(other.offset + other.size);
  const value = random.pick([
    ...[0n, 1n, 2n, most, most - 1n, most - 0xfffn, sign, sign - 1n, sign + 1n],
    ...[0x1000n, 0xfffn, 0x100000n, 0xffff_ffffn, 1n << 32n, (1n << 32n) - 0x1000n, 1n << 53n],
    ...[length, length - 1n, length + 1n, end, end - 1n, -1n, -BigInt(random.below(4096))],
    ...[1n << BigInt(random.below(64)), BigInt(random.bits()), BigInt(random.below(256))],
  ]);
  return BigInt.asUintN(Number(width), value);
}

function nudge(draft: Draft): void {
  const field = anyField(draft);
  if (field === undefined) return;
  const by = BigInt(1 + draft.random.below(draft.random.pick([1, 8, 0x1000])));
  const value = read(draft.bytes, field);
  write(draft.bytes, field, draft.random.oneIn(2) ? value + by : value - by);
}

function copyField(draft: Draft): void {
  const [from, to] = [anyField(draft), anyField(draft)];
  if (from !== undefined && to !== undefined) write(draft.bytes, to, read(draft.bytes, from));
}

function swapFields(draft: Draft): void {
  const [one, other] = [anyField(draft), anyField(draft)];
  if (one === undefined || other === undefined) return;
  const value = read(draft.bytes, one);
  write(draft.bytes, one, read(draft.bytes, other));
  write(draft.bytes, other, value);
}

function flipBit({ bytes, random }: Draft): void {
  if (bytes.length > 0) bytes[place(bytes, random)]! ^= 1 << random.below(8);
}

function setByte({ bytes, random }: Draft): void {
  if (bytes.length > 0) bytes[place(bytes, random)] = random.pick([0, 0xff, 0x7f, 0x80, random.below(256)]);
}

function noise({ bytes, random }: Draft): void {
  const at = random.below(bytes.length + 1);
  const length = Math.min(bytes.length - at, 1 + random.below(32));
  bytes.set(random.oneIn(2) ? random.bytes(length) : new Uint8Array(length).fill(random.pick([0, 0xff])), at);
}

/** Headers are in front: half of the noise goes there. */
function place({ length }: Uint8Array, random: Random): number {
  return random.below(random.oneIn(2) ? Math.min(length, 1024) : length);
}

/** A stretch of the bytes, mostly between two fields. */
function stretch(draft: Draft): { start: number; end: number } {
  const ends = [anyField(draft)?.offset ?? 0, anyField(draft)?.offset ?? 0].sort((a, b) => a - b);
  const [start = 0, end = 0] = ends;
  return { start, end: Math.min(Math.max(end, start + 1), start + 8192, draft.bytes.length) };
}

function duplicate(draft: Draft): void {
  const { start, end } = stretch(draft);
  const at = draft.random.oneIn(2) ? end : (anyField(draft)?.offset ?? 0);
  const copy = draft.bytes.slice(start, end);
  draft.bytes = join(draft.bytes.subarray(0, at), copy, draft.bytes.subarray(at));
}

function remove(draft: Draft): void {
  const { start, end } = stretch(draft);
  draft.bytes = join(draft.bytes.subarray(0, start), draft.bytes.subarray(end));
}

/** At a field, a byte around it, or anywhere. */
function cut(draft: Draft): void {
  const { bytes, random } = draft;
  const field = anyField(draft);
  if (field === undefined) return;
  const near = field.offset + random.pick([0, field.size, field.size - 1, 1]);
  draft.bytes = bytes.slice(0, random.oneIn(2) ? near : random.below(bytes.length + 1));
}

function extend(draft: Draft): void {
  const { bytes, random } = draft;
  const length = 1 + random.below(random.pick([4, 64, 4096]));
  draft.bytes = join(bytes, random.oneIn(2) ? random.bytes(length) : new Uint8Array(length));
}

function splice(draft: Draft): void {
  const { bytes, random, others } = draft;
  const other = random.pick(others).bytes;
  const at = anyField(draft)?.offset ?? 0;
  const from = random.oneIn(2) ? at : random.below(other.length + 1);
  draft.bytes = join(bytes.subarray(0, at), other.subarray(from));
}

export function join(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Little-endian; of a long field the first 8 bytes. */
function read(bytes: Uint8Array, { offset, size }: SeedField): bigint {
  let value = 0n;
  for (let i = Math.min(size, 8) - 1; i >= 0; i -= 1) value = (value << 8n) | BigInt(bytes[offset + i] ?? 0);
  return value;
}

function write(bytes: Uint8Array, { offset, size }: SeedField, value: bigint): void {
  let rest = BigInt.asUintN(64, value);
  for (let i = 0; i < Math.min(size, 8) && offset + i < bytes.length; i += 1) {
    bytes[offset + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}
