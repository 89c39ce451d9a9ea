import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '@kexec-kit/bundle';
import { unwrap } from '@kexec-kit/loader-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildKeeper, crash, type Keeping } from './bundle-keeper.js';
import { writeBundle, type Said } from './bundle-qemu.js';
import { noise, piece, tell, witnessIn, type Request, type Told } from './witness.js';

const MIB = 1n << 20n;
const GIB = 1n << 30n;

let folder: string;
let keeper: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-kept-'));
  keeper = buildKeeper(folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A witness, planned for a part of memory that the first kernel leaves alone, as crashkernel= does it. */
async function planned(request: Omit<Request, 'guest'>, architecture: 'x86_64' | 'i386', memory: bigint) {
  const guest = { model: 'q35', memory, firmware: 'seabios', architecture } as const;
  const policy = { memory: { start: 64n * MIB, end: 128n * MIB } };
  const told = await tell({ ...request, guest, policy });
  const path = join(folder, `${request.kernel}-${architecture}.kkb`);
  await writeBundle(path, unwrap(bundle(told.submission, { form: 'module' })), told.read);
  return { told, path, memory: Number(memory / MIB) };
}

/** What the kernel that waited says: the same registers, and the same of what it was handed. */
function expectStarted({ serial, debugcon }: Said, { witness }: Told): void {
  expect(debugcon).toMatch(/^keeper: crashed\nkexec-kit bundle: \d+ pieces in place\nkexec-kit purgatory/);
  const { registers, entry, mode, zeros, segments, idt } = witness;
  expect(witnessIn(serial), serial).toMatchObject({ registers, entry, mode, zeros, segments, idt });
}

describe('a kernel that a boot loader left in memory starts when the first one crashes', () => {
  const ways: readonly Keeping[] = [
    { mode: 32, at: 0x300_7000n },
    { mode: 64, at: 0n },
    { mode: 64, levels: 5, at: 0x300_7000n },
    { mode: 64, at: 5n * GIB + 0x3000n },
  ];
  it.each(ways)('in 64-bit mode, entered in $mode-bit mode with $levels levels, kept at $at', async (way) => {
    const { told, path, memory } = await planned(
      { kernel: 'bzimage', initrds: [noise(9_001)] },
      'x86_64',
      6n * GIB,
    );
    expectStarted(await crash({ memory }, { keeper, bundle: path }, way), told);
  });

  it('in 32-bit mode', async () => {
    const { told, path, memory } = await planned({ kernel: 'bzimage-i386' }, 'i386', 256n * MIB);
    expectStarted(await crash({ memory }, { keeper, bundle: path }, { mode: 32, at: 0x300_7000n }), told);
  });
});

describe('a boot loader that keeps it where it may not be is told so', () => {
  /** Said on serial as well, where people look. */
  async function refusal(at: (told: Told) => bigint, mode: 32 | 64): Promise<string> {
    const request = { kernel: 'bzimage', initrds: [noise(9_001)] };
    const { told, path, memory } = await planned(request, 'x86_64', 256n * MIB);
    const kept = { mode, at: at(told) };
    const { serial, debugcon } = await crash(
      { memory },
      { keeper, bundle: path },
      kept,
      'nothing was changed.',
    );
    expect(debugcon).not.toContain('in place');
    return serial;
  }

  it('where a segment goes', async () => {
    const said = await refusal(({ submission }) => piece(submission, 'kernel').start, 64);
    expect(said).toMatch(
      /it was loaded at 0x\w+, where it has to put "[^"]*kernel[^"]*" at 0x\w+ to 0x\w+, nothing/,
    );
  });

  it.each([32, 64] as const)('not at a page, entered in %d-bit mode', async (mode) => {
    expect(await refusal(() => 0x300_7010n, mode)).toContain(
      'kexec-kit bundle: it was not loaded at a page, nothing',
    );
  });
});
