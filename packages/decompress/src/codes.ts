import { hex } from '@kexec-kit/loader-api';
import type { Codes, Diagnostic } from '@kexec-kit/loader-api';
import type { Compression } from './detect.js';

/** Where in the compressed data, for a diagnostic. */
export interface Spot {
  readonly source: string;
  readonly compression: Compression;
  /** In bytes from the start of the compressed data. */
  readonly offset: number;
}

export function unknown(source: string): Diagnostic {
  const message = `${source} is not compressed in a known way`;
  return error(
    'DECOMPRESS_UNKNOWN',
    message,
    { source, offset: 0 },
    {
      expected: 'gzip, zstd, xz, lzma, bzip2, lz4 or lzo data',
      hint: 'give the file as it is',
    },
  );
}

export function truncated(spot: Spot): Diagnostic {
  return error(
    'DECOMPRESS_TRUNCATED',
    `the ${spot.compression} data of ${spot.source} ends before its content does`,
    spot,
    {
      hint: 'copy or download the file again',
    },
  );
}

export function corrupt(spot: Spot, problem: string): Diagnostic {
  return error(
    'DECOMPRESS_CORRUPT',
    `the ${spot.compression} data of ${spot.source} is damaged: ${problem}`,
    spot,
    {
      found: problem,
      hint: 'copy or download the file again',
    },
  );
}

/** Where the program is not called what the format is. */
const TOOLS: Readonly<Partial<Record<Compression, string>>> = { lzo: 'lzop' };

export function unsupported(spot: Spot, feature: string): Diagnostic {
  return error(
    'DECOMPRESS_UNSUPPORTED',
    `the ${spot.compression} data of ${spot.source} uses ${feature}`,
    spot,
    {
      found: feature,
      hint: `decompress it with ${TOOLS[spot.compression] ?? spot.compression} -d first`,
    },
  );
}

export function tooLarge(spot: Spot, limit: number): Diagnostic {
  return error(
    'DECOMPRESS_TOO_LARGE',
    `${spot.source} holds more than ${hex(limit)} bytes when decompressed`,
    spot,
    {
      expected: `at most ${hex(limit)} bytes`,
      hint: 'give the file decompressed, or one that is not a decompression bomb',
    },
  );
}

export function trailing(spot: Spot): Diagnostic {
  return error(
    'DECOMPRESS_TRAILING',
    `something follows the ${spot.compression} data of ${spot.source}`,
    spot,
    {
      expected: 'the end, or zero padding',
      hint: 'cut off what follows, or download the file again',
    },
  );
}

function error(
  code: string,
  message: string,
  { source, offset }: Pick<Spot, 'source' | 'offset'>,
  more: Pick<Diagnostic, 'found' | 'expected' | 'hint'>,
): Diagnostic {
  return { code, severity: 'error', message, at: { source, offset }, ...more };
}

/** What every code of this package means. */
export const decompressCodes: Codes = {
  DECOMPRESS_UNKNOWN: {
    cause: 'Data that was to be decompressed is in none of the known compressions.',
    cure: 'Give the file as it is, or decompress it with its own tool first.',
  },
  DECOMPRESS_TRUNCATED: {
    cause: 'Compressed data ends before its content does.',
    cure: 'Copy or download the file again.',
  },
  DECOMPRESS_CORRUPT: {
    cause:
      'Compressed data breaks the rules of its format, or its content does not have the checksum that it carries.',
    cure: 'Copy or download the file again.',
  },
  DECOMPRESS_UNSUPPORTED: {
    cause: 'Compressed data uses a feature that is not implemented, or needs more memory than is granted.',
    cure: 'Decompress the file with the usual tool first.',
  },
  DECOMPRESS_TOO_LARGE: {
    cause: 'The content is larger than the limit; it may be a decompression bomb.',
    cure: 'Give the file decompressed, if it is meant to be that large.',
  },
  DECOMPRESS_TRAILING: {
    cause: 'Something that is neither compressed data nor zero padding follows the compressed data.',
    cure: 'Cut off what follows, or download the file again.',
  },
};
