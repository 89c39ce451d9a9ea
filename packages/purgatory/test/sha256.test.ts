import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MIB = 1 << 20;
const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-sha256-'));
const checking = join(folder, 'sha256-checking');
const fast = join(folder, 'sha256');

/** The very C that purgatory is made of, in programs for this machine: one with every access checked, one as fast as it is. */
beforeAll(() => {
  compile(checking, ['-fsanitize=address,undefined', '-fno-sanitize-recover=all']);
  compile(fast, []);
});

function compile(program: string, flags: readonly string[]): void {
  const sources = ['./native/sha256-host.c', '../src/native/sha256.c'].map((name) =>
    fileURLToPath(new URL(name, import.meta.url)),
  );
  execFileSync('gcc', ['-O2', '-std=c11', ...flags, '-o', program, ...sources]);
}

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function digestsInC(messages: readonly Uint8Array[], program = checking): string[] {
  const input = messages.flatMap((message) => [lengthOf(message), message]);
  const output = execFileSync(program, { input: Buffer.concat(input), encoding: 'utf8' });
  return output.trim().split('\n');
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

describe('the SHA-256 of purgatory', () => {
  it('gives the digests that the standard’s examples have', () => {
    const texts = ['abc', 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'];
    expect(digestsInC(texts.map((text) => Buffer.from(text)))).toEqual([
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ]);
  });

  it('agrees with OpenSSL for every length from 0 to 300 bytes', () => {
    const messages = Array.from({ length: 301 }, (_, length) => noise(length, length));
    expect(digestsInC(messages)).toEqual(messages.map(digestInNode));
  });

  it.each([MIB - 1, MIB, 3 * MIB + 13])('agrees with OpenSSL for %d bytes', (length) => {
    const message = noise(length, 7);
    expect(digestsInC([message])).toEqual([digestInNode(message)]);
  });

  it('counts bits beyond 2^32', () => {
    const message = new Uint8Array(513 * MIB);
    expect(digestsInC([message], fast)).toEqual([digestInNode(message)]);
  });
});
