import type { Bundle } from '@kexec-kit/bundle';
import { SourceError, type AsyncPieces, type SourceReader } from '@kexec-kit/host-node';
import { fail, ok, toIndex, type Part, type Progress } from '@kexec-kit/loader-api';

/** In bytes: a source passes through one buffer of this size. */
const CHUNK = 1 << 20;

/** The file of a bundle, piece by piece; at the end every source is known to be the one that was planned. */
export async function* bundlePieces(
  { parts, size }: Bundle,
  sources: SourceReader,
  onProgress: (progress: Progress) => void,
): AsyncPieces<true> {
  const total = toIndex(size);
  const buffer = new Uint8Array(CHUNK);
  let done = 0;
  try {
    for (const part of parts) {
      for await (const piece of piecesOf(part, sources, buffer)) {
        yield piece;
        done += piece.length;
        onProgress({ what: 'writing', done, total });
      }
    }
  } catch (error) {
    if (error instanceof SourceError) return fail(error.diagnostic);
    throw error;
  }
  const verified = await sources.verify();
  return verified.ok ? ok(true) : verified;
}

async function* piecesOf(part: Part, { read }: SourceReader, buffer: Uint8Array): AsyncGenerator<Uint8Array> {
  if ('bytes' in part) yield part.bytes;
  else if ('source' in part) {
    for (let at = 0; at < part.length; at += CHUNK) {
      const piece = buffer.subarray(0, Math.min(CHUNK, part.length - at));
      await read(part.source, part.offset + at, piece);
      yield piece;
    }
  } else if ('zeros' in part) {
    const zeros = new Uint8Array(Math.min(CHUNK, toIndex(part.zeros)));
    for (let left = toIndex(part.zeros); left > 0; left -= zeros.length) yield zeros.subarray(0, left);
  } else throw new Error('a bundle has no fresh parts');
}
