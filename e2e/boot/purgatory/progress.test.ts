import { nodeEngines } from '@kexec-kit/host-node';
import { buildParameters } from '@kexec-kit/purgatory';
import { expect, it } from 'vitest';
import { purgatorySegment, run, segment, sha256 } from './guest.js';

const MIB = 1n << 20n;
const PURGATORY = 4n * MIB;
const KERNEL = 8n * MIB;
/** cli; hlt */
const kernel = Uint8Array.of(0xfa, 0xf4);
/** RAM that nobody has written to. */
const START = 400n * MIB;

function wordsOfVerifying(length: bigint) {
  const zeros = new Uint8Array(Number(length));
  const block = buildParameters(
    {
      regions: [{ name: 'zeros', start: START, length, sha256: sha256(zeros) }],
      pokes: [],
      entry: KERNEL,
      mode: 'long64',
      registers: {},
      console: { serial: { port: 0x3f8 } },
    },
    nodeEngines,
  );
  const guest = { model: 'q35', memory: 1024n * MIB, timeoutMs: 60_000 } as const;
  return run(guest, [purgatorySegment(PURGATORY, block), segment(KERNEL, kernel)], PURGATORY);
}

it('a verification of 256 MiB tells how far it is, also where people look', async () => {
  const { output, debugcon } = await wordsOfVerifying(256n * MIB + 100n);
  const progress = 'kexec-kit purgatory: verifying 256 MiB ....\n';
  expect(debugcon).toBe(`${progress}kexec-kit purgatory: 1 regions verified\n`);
  expect(output).toBe(progress.replace('\n', '\r\n'));
});

it('a shorter one is silent', async () => {
  const { output, debugcon } = await wordsOfVerifying(65n * MIB);
  expect(debugcon).toBe('kexec-kit purgatory: 1 regions verified\n');
  expect(output).toBe('');
});
