import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const MIB = 1 << 20;
const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-sha256-'));

/**
 * The very code that purgatory is made of, in programs for this machine: with every access checked, as fast as it is, and with
 * what the 32-bit blob has in place of vectors.
 */
const programs = {
  checking: { blocks: 'sha256-sse2.c', flags: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'] },
  fast: { blocks: 'sha256-sse2.c', flags: [] },
  scalar: {
    blocks: 'sha256-scalar.c',
    flags: ['-mgeneral-regs-only', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
  },
} as const satisfies Readonly<Record<string, { readonly blocks: string; readonly flags: readonly string[] }>>;
type Program = keyof typeof programs;

for (const [name, { blocks, flags }] of Object.entries(programs)) {
  const own = ['sha256.c', 'sha256-extensions.S', blocks].map((source) => `../src/native/${source}`);
  const sources = ['./native/sha256-host.c', ...own].map((source) =>
    fileURLToPath(new URL(source, import.meta.url)),
  );
  execFileSync('gcc', ['-O2', '-std=c11', ...flags, '-o', join(folder, name), ...sources]);
}

/** How this machine can do it: without SHA extensions, and if it has them with one message and with two at once. */
const methods = execFileSync(join(folder, 'fast'), ['methods'], { encoding: 'utf8' }).trim().split('\n');
const ways: readonly { readonly method: string; readonly program: Program }[] = [
  { method: 'plain', program: 'scalar' },
  ...methods.map((method) => ({ method, program: 'checking' }) as const),
];

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function digestsInC(messages: readonly Uint8Array[], method: string, program: Program): string[] {
  const input = messages.flatMap((message) => [lengthOf(message), message]);
  const settings = { input: Buffer.concat(input), encoding: 'utf8' } as const;
  return execFileSync(join(folder, program), [method], settings).trim().split('\n');
}

function lengthOf(message: Uint8Array): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(message.length)).buffer);
}

function digestInNode(message: Uint8Array): string {
  return createHash('sha256').update(message).digest('hex');
}

/** Bytes that look random and are the same in every run. */
function noise(length: number, seed: number): Uint8Array {
  let state = (seed * 2 + 1) >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

describe.each(ways)('the SHA-256 of purgatory, $method, $program', ({ method, program }) => {
  it('gives the digests that the standard’s examples have', () => {
    const texts = ['abc', 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'];
    const messages = texts.map((text) => Buffer.from(text));
    expect(digestsInC(messages, method, program)).toEqual([
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ]);
  });

  it('agrees with OpenSSL for every length from 0 to 300 bytes', () => {
    const messages = Array.from({ length: 301 }, (_, length) => noise(length, length));
    expect(digestsInC(messages, method, program)).toEqual(messages.map(digestInNode));
  });

  it('agrees with OpenSSL for messages of very different lengths side by side', () => {
    const lengths = [MIB - 1, 0, 1, MIB, 3 * MIB + 13, 64, 63, 3 * MIB + 13, 128];
    const messages = lengths.map((length, n) => noise(length, n));
    expect(digestsInC(messages, method, program)).toEqual(messages.map(digestInNode));
  });
});

describe.each(methods)('the SHA-256 of purgatory, %s', (method) => {
  it('counts bits beyond 2^32', () => {
    const message = new Uint8Array(513 * MIB);
    expect(digestsInC([message], method, 'fast')).toEqual([digestInNode(message)]);
  });
});
