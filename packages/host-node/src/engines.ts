import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';
import type { Engines } from '@kexec-kit/loader-api';
import type { Decompressor, Decompressors } from '@kexec-kit/decompress';

/** What is fast in Node: SHA-256 by OpenSSL. */
export const nodeEngines: Engines = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => new Uint8Array(hash.digest()) };
  },
};

type Decode = (bytes: Uint8Array, options: { maxOutputLength: number; info: true }) => unknown;

/** In Node from 22.15 on; looked up by name, since older ones lack it. */
const zstdDecode: Decode | undefined = Reflect.get(zlib, 'zstdDecompressSync') as Decode | undefined;

/** The decoders that this Node has; for the rest those of `@kexec-kit/decompress` serve. */
export const nodeDecompressors: Decompressors = {
  gzip: decoder(zlib.gunzipSync),
  ...(zstdDecode && { zstd: decoder(zstdDecode) }),
};

function decoder(decode: Decode): Decompressor {
  return (bytes, limit) => {
    try {
      const { buffer, engine } = decode(bytes, { maxOutputLength: limit, info: true }) as {
        buffer: Buffer;
        engine: { bytesWritten: number };
      };
      // Node passes over what follows the last member in silence; ours says so.
      return engine.bytesWritten === bytes.length
        ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
        : undefined;
    } catch {
      // Not swallowed: undefined asks our own decoder, which says what is wrong and where.
      return undefined;
    }
  };
}
