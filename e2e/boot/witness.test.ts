import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constant, type Plan, type Segment } from '@kexec-kit/loader-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, witness, witnesses, withScans } from '../witness/build.mjs';
import { linuxOf } from './witness-linux.js';
import { noise, sha256, tell, witnessIn, type Witness } from './witness.js';

const MIB = 1n << 20n;
const guest = { model: 'microvm', memory: 64n * MIB } as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-witness-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('the witnesses are the same bytes wherever they are built', () => {
  const built = build(folder);
  for (const name of witnesses)
    expect(sha256(readFileSync(join(built, name))), name).toBe(sha256(readFileSync(witness(name))));
});

it('who asks for a witness that there is not is told which there are', () => {
  expect(() => witness('bzimage128')).toThrow(/no witness "bzimage128": there are bzimage, /);
  expect(() => withScans(noise(100), [])).toThrow('no witness');
});

/** QEMU's own loaders: what they hand over is theirs, and a witness that lived on our habits alone would not survive it. */
describe('booted by QEMU itself', () => {
  const initrd = noise(3001);
  const commandLine = 'given by "QEMU" \\';

  function bootByQemu(kernel: string, model: string): Witness {
    const path = join(folder, 'initrd');
    writeFileSync(path, initrd);
    const machine = [
      '-machine',
      model,
      '-accel',
      'tcg',
      '-cpu',
      'max',
      '-m',
      '64',
      '-nodefaults',
      '-no-reboot',
    ];
    const said = execFileSync(
      'qemu-system-x86_64',
      [
        ...[...machine, '-display', 'none', '-serial', 'stdio', '-kernel', witness(kernel)],
        ...['-initrd', path, '-append', commandLine],
      ],
      { encoding: 'utf8', timeout: 60_000 },
    );
    expect(said).toContain('end of witness');
    return witnessIn(said) as Witness;
  }

  const entered = { zeros: true, scans: [] };
  const file = { size: '0xbb9', sha256: sha256(initrd) };

  it.each([
    ['bzimage', 'q35'],
    ['bzimage-i386', 'q35'],
    ['bzimage', 'microvm'],
  ])('%s on %s tells what its real-mode code and the BIOS saw', (kernel, model) => {
    const told = bootByQemu(kernel, model);
    expect(told).toMatchObject({ witness: kernel, mode: 'real16', ...entered });
    expect(told['linux']).toMatchObject({
      fields: { type_of_loader: '0xb0', code32_start: '0x100000' }, // QEMU's
      commandLine: { text: commandLine },
      initrd: file,
      e820: expect.arrayContaining([['0x0', '0x9fc00', '0x1']]) as unknown,
    });
  });

  it.each(['pvh', 'pvh-moves', 'vmlinux'])('%s tells of hvm_start_info', (kernel) => {
    const told = bootByQemu(kernel, 'q35');
    expect(told).toMatchObject({
      witness: kernel,
      mode: 'protected32',
      ...entered,
      control: { cr0: '0x11' },
    });
    expect(told['hvm_start_info']).toMatchObject({
      ...{ magic: '0x336ec578', version: '0x1', nr_modules: '0x1' },
      cmdline: { text: commandLine },
      modules: [file],
      memmap: expect.arrayContaining([['0x0', '0x9fc00', '0x1']]) as unknown,
    });
  });
});

describe('a witness notices', () => {
  it('memory beyond its content that is not zero', async () => {
    const alter = changing('kernel', ({ parts, ...kernel }) => ({
      ...kernel,
      parts: [...(parts as never[]), { zeros: 0x8000n }, { bytes: Uint8Array.of(1) }],
    }));
    expect((await tell({ kernel: 'bzimage', guest, alter })).witness.zeros).toBe(false);
  });

  it('a byte of boot_params that belongs to no field', async () => {
    const alter = changing('boot-params', ({ parts, ...params }) => {
      const [{ bytes }] = parts as [{ bytes: Uint8Array }];
      return { ...params, parts: [{ bytes: Uint8Array.from(bytes).fill(7, 0x1ee, 0x1ef) }] };
    });
    expect(linuxOf(await tell({ kernel: 'bzimage', guest, alter })).rest).toEqual(['0x1ee']);
  });

  it('memory around the segments that somebody wrote', async () => {
    const alien = new Uint8Array(16).fill(0xff);
    const alter = (plan: Plan): Plan => ({ ...plan, pokes: [{ at: 0x20_0000n, value: alien }] });
    const { around } = await tell({ kernel: 'bzimage', guest, alter });
    expect(around.reduce((sum, { others }) => sum + BigInt(others), 0n)).toBe(2n);
  });

  it('a register that holds something else', async () => {
    const alter = ({ handoff, ...plan }: Plan): Plan => {
      if (handoff.mode !== 'long64') throw new Error('not the 64-bit entry');
      return {
        ...plan,
        handoff: { ...handoff, registers: { ...handoff.registers, r15: constant(0x1234n) } },
      };
    };
    const { witness } = await tell({ kernel: 'bzimage', guest, alter });
    expect(witness.registers['r15']).toBe('0x1234');
  });
});

/** A plan with one segment changed. */
function changing(id: string, change: (segment: Segment) => Segment): (plan: Plan) => Plan {
  return (plan) => ({
    ...plan,
    segments: plan.segments.map((segment) => (segment.id === id ? change(segment) : segment)),
  });
}
