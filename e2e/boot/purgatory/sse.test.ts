import { nodeEngines } from '@kexec-kit/host-node';
import { buildParameters } from '@kexec-kit/purgatory';
import { describe, expect, it } from 'vitest';
import { runInBochs } from '../bochs.js';
import { compileFlat, purgatorySegment, run, segment, sha256 } from './guest.js';

const MIB = 1n << 20n;
const PURGATORY = 4n * MIB;
const AROUND = 8n * MIB;
/** Where sse.S has its second program. */
const KERNEL = AROUND + 0x800n;

const ways = [
  { name: 'in 64-bit mode', handoff: 'long64', mode: 'long64', architecture: 'x86_64' },
  { name: 'from i386', handoff: 'protected32', mode: 'protected32', architecture: 'i386' },
] as const;

describe.each(ways)('SSE, which nobody has promised, $name', ({ handoff, mode, architecture }) => {
  const [width, emulation] = architecture === 'i386' ? ['-m32', 'elf_i386'] : ['-m64', 'elf_x86_64'];
  const around = compileFlat('./sse.S', [width, `-DPURGATORY=${String(PURGATORY)}`], emulation, AROUND);
  const kernel = around.subarray(0x800);
  const block = buildParameters(
    {
      regions: [
        { name: 'around', start: AROUND, length: BigInt(around.length), sha256: sha256(around) },
        { name: 'kernel', start: KERNEL, length: BigInt(kernel.length), sha256: sha256(kernel) },
      ],
      pokes: [],
      entry: KERNEL,
      mode,
      registers: {},
      console: {},
    },
    nodeEngines,
  );
  const segments = [purgatorySegment(PURGATORY, block, handoff), segment(AROUND, around)];

  it('is turned on for a while, and its registers are kept, without SHA extensions', async () => {
    const guest = { model: 'microvm', memory: 64n * MIB, strictMap: true, architecture } as const;
    const { outcome, debugcon } = await run(guest, segments, AROUND);
    expect(outcome).toBe('halted');
    expect(debugcon).toBe('kexec-kit purgatory: 2 regions verified\nkept\n');
  });

  it('is turned on for a while, and its registers are kept, with SHA extensions', async () => {
    const words = await runInBochs({ architecture, cpu: 'ryzen', entry: AROUND, segments });
    expect(words).toBe('kexec-kit purgatory: 2 regions verified with SHA extensions\nkept\n');
  });

  it('has SHA extensions only where the CPU says so', async () => {
    const words = await runInBochs({ architecture, cpu: 'corei7_haswell_4770', entry: AROUND, segments });
    expect(words).toBe('kexec-kit purgatory: 2 regions verified\nkept\n');
  });
});
