import type { Hasher, Source } from '@kexec-kit/loader-api';
import { sourceChanged } from './codes.js';
import { nodeEngines } from './engines.js';
import { SourceError } from './source-error.js';

const CHUNK = 1 << 20;

/** A file that is open. */
export interface Content {
  readonly source: Source;
  readonly path: string;
  /** Fills `into`, or throws. */
  readonly fill: (offset: number, into: Uint8Array) => Promise<void>;
}

/** How far a file is hashed, from its start. */
export interface Hashing extends Content {
  readonly hasher: Hasher;
  position: number;
  /** Once all is hashed. */
  sha256?: string;
  /** The whole file, once something of it was asked for again. */
  held?: Uint8Array;
}

export function hashing(content: Content): Hashing {
  return { ...content, hasher: nodeEngines.sha256(), position: 0 };
}

/** Reads what is hashed in the same moment; throws a {@link SourceError} with the last byte of a file whose digest differs. */
export async function readVerified(one: Hashing, offset: number, into: Uint8Array): Promise<void> {
  if (offset < one.position) one.held ??= await holdWhole(one);
  await hashUpTo(one, offset);
  if (one.held === undefined) await one.fill(offset, into);
  else into.set(one.held.subarray(offset, offset + into.length));
  hashPiece(one, offset, into);
}

/** Hashes what has not been hashed yet; throws a {@link SourceError} where the digest differs. */
export async function verifyRest(one: Hashing): Promise<void> {
  await hashUpTo(one, one.source.size);
  refuseChanged(one);
}

/**
 * What was hashed once may read differently the second time, and nothing tells: a program that writes through a mapping
 * changes no time until the page is on the disk. So all of it is kept as it is hashed, once more and on its own.
 */
async function holdWhole({ source, path, fill }: Hashing): Promise<Uint8Array> {
  const held = new Uint8Array(source.size);
  const again = hashing({ source, path, fill });
  for (let at = 0; at < held.length; at += CHUNK) {
    const piece = held.subarray(at, at + CHUNK);
    await fill(at, piece);
    hashPiece(again, at, piece);
  }
  return held;
}

/** Hashes what of a piece was not hashed yet, and compares once nothing is left. */
function hashPiece(one: Hashing, offset: number, piece: Uint8Array): void {
  const { source, hasher, position } = one;
  const end = offset + piece.length;
  if (end <= position) return;
  hasher.update(piece.subarray(position - offset));
  one.position = end;
  if (end < source.size) return;
  one.sha256 = Buffer.from(hasher.digest()).toString('hex');
  refuseChanged(one);
}

function refuseChanged({ source, path, sha256 }: Hashing): void {
  if (sha256 !== undefined && sha256 !== source.sha256)
    throw new SourceError(sourceChanged(path, sha256, source.sha256));
}

async function hashUpTo(one: Hashing, end: number): Promise<void> {
  if (one.position >= end) return;
  const buffer = new Uint8Array(Math.min(CHUNK, end - one.position));
  while (one.position < end) {
    const piece = buffer.subarray(0, Math.min(CHUNK, end - one.position));
    const { position } = one;
    await one.fill(position, piece);
    hashPiece(one, position, piece);
  }
}
