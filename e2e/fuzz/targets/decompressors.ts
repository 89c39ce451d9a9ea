import {
  decompressCodes,
  decompressPieces,
  detectCompression,
  type Compression,
} from '@kexec-kit/decompress';
import type { Result } from '@kexec-kit/loader-api';
import { engines } from '../engines.js';
import { usable, wordsAt } from '../fields.js';
import { rule } from '../finding.js';
import { join, mutate } from '../mutate.js';
import type { Random } from '../random.js';
import { repairHeaders } from '../repair.js';
import type { Answer, Seed, Sources, Target } from '../target.js';

interface Committed {
  readonly compression: string;
  readonly command: string;
  readonly content: string;
  readonly base64: string;
}

/** The most that may come out of one case, in bytes. */
const LIMITS = [0, 1, 4096, 65_536, 65_536, 1 << 20];
/** No format's header is longer, in bytes. */
const HEADER = 48;
/** An empty or tiny stream so many times: each member's start costs something, and none gives anything. */
const MEMBERS = 400;

function seedsOf(compression: string, sources: Sources): Seed[] {
  const all = sources.json('e2e/fuzz/seeds/compressed.json') as readonly Committed[];
  const single = all
    .filter((each) => each.compression === compression)
    .map(({ command, content, base64 }) =>
      seedOf(`${content} by ${command}`, new Uint8Array(Buffer.from(base64, 'base64'))),
    );
  const many = single
    .filter(({ bytes }) => bytes.length < 64)
    .map(({ name, bytes }) => seedOf(`${name}, many`, repeated(bytes)));
  return [...single, ...many];
}

function repeated(bytes: Uint8Array): Uint8Array {
  return join(...Array.from({ length: MEMBERS }, () => bytes));
}

/** No `.ksy` describes these: numbers of every size in front, and in what ends the stream. */
function seedOf(name: string, bytes: Uint8Array): Seed {
  const places = [
    ...wordsAt(0, 32, 1),
    ...wordsAt(0, 64, 2),
    ...wordsAt(0, 64, 4),
    ...wordsAt(4, 32, 8),
    ...wordsAt(Math.max(0, bytes.length - 24), bytes.length, 4),
  ];
  return { name, bytes, fields: usable(places, bytes) };
}

function decompressorTarget(compression: Compression): Target {
  return {
    name: compression,
    stages: ['detected', 'past the header', 'half way', 'whole'],
    seeds: (sources) => seedsOf(compression, sources),
    make(random, seeds) {
      const bytes = mutate(random, seeds);
      if (!random.oneIn(8)) repairHeaders(bytes);
      return bytes;
    },
    run: (bytes, choose) => decompressOne(bytes, compression, choose),
  };
}

function decompressOne(bytes: Uint8Array, compression: Compression, choose: Random): Answer {
  const limit = choose.pick(LIMITS);
  const reached = detectCompression(bytes) === compression ? ['detected'] : [];
  const pieces = decompressPieces(bytes, {
    compression,
    limit,
    source: 'a case',
    ...(!choose.oneIn(4) && { engines }),
  });
  const hash = engines.sha256();
  let size = 0;
  for (;;) {
    const next = pieces.next();
    if (next.done === true) {
      demandEnd(next.value, { size, limit, length: bytes.length });
      const end = next.value.ok ? bytes.length : (next.value.diagnostics[0].at?.offset ?? 0);
      if (end > HEADER) reached.push('past the header');
      if (2 * end >= bytes.length) reached.push('half way');
      if (next.value.ok) reached.push('whole');
      return { reached, value: [next.value, size, hash.digest()] };
    }
    hash.update(next.value);
    size += next.value.length;
    rule(size <= limit, `${String(size)} bytes come out, of at most ${String(limit)}`);
  }
}

function demandEnd(
  end: Result<number>,
  { size, limit, length }: { size: number; limit: number; length: number },
): void {
  if (end.ok) {
    rule(
      end.value === size && size <= limit,
      `it says that ${String(end.value)} bytes came out, and ${String(size)} did`,
    );
    return;
  }
  const [first] = end.diagnostics;
  const { code, message, at } = first;
  rule(
    Object.hasOwn(decompressCodes, code) && message !== '',
    `it fails with the code ${code}, which is not declared`,
  );
  const offset = at?.offset ?? 0;
  rule(
    Number.isSafeInteger(offset) && offset >= 0 && offset <= length,
    `${code} is at ${String(offset)}, outside of the data`,
  );
}

export const decompressorTargets: readonly Target[] = (
  ['gzip', 'zstd', 'xz', 'lzma', 'bzip2', 'lz4', 'lzo'] as const
).map(decompressorTarget);
