import { range } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import {
  checkGuest,
  firmwareFor,
  guestMachine,
  qemuI386Target,
  qemuTarget,
  targetOf,
  type Guest,
} from '../src/index.js';
import { qemuArguments } from '../src/arguments.js';
import { ramBlocks } from '../src/guest.js';

const MIB = 1n << 20n;
const GIB = 1n << 30n;

describe('the guest machine', () => {
  it('is told of RAM around the hole below 1 MiB', () => {
    expect(guestMachine({ memory: 256n * MIB, model: 'microvm' })).toMatchObject({
      architecture: 'x86_64',
      told: [
        { start: 0n, end: 0x9fc00n, kind: 'ram' },
        { start: 0x9fc00n, end: 0xa0000n, kind: 'reserved' },
        { start: MIB, end: 256n * MIB, kind: 'ram' },
      ],
      usable: [range(0x1000n, 0x9f000n), range(MIB, 256n * MIB)],
      crashKernel: [],
      cpus: 1,
      firmware: {},
    });
  });

  it.each([
    ['q35', 2815n * MIB, [range(0n, 2815n * MIB)]],
    ['q35', 2816n * MIB, [range(0n, 2n * GIB), range(4n * GIB, 4n * GIB + 768n * MIB)]],
    ['q35', 6n * GIB, [range(0n, 2n * GIB), range(4n * GIB, 8n * GIB)]],
    ['microvm', 3n * GIB, [range(0n, 3n * GIB)]],
    ['microvm', 6n * GIB, [range(0n, 3n * GIB), range(4n * GIB, 7n * GIB)]],
  ] as const)('of %s with %d bytes has its RAM where QEMU puts it', (model, memory, expected) => {
    const blocks = ramBlocks({ model, memory });
    expect(blocks.map(({ start, end }) => ({ start, end }))).toEqual(expected);
    expect(blocks.map(({ offset }) => offset)).toEqual(expected.length === 1 ? [0n] : [0n, expected[0].end]);
    expect(
      guestMachine({ model, memory })
        .told.slice(2)
        .map(({ start, end }) => ({ start, end })),
    ).toEqual([range(MIB, expected[0].end), ...expected.slice(1)]);
  });

  it.each([
    { memory: MIB, model: 'q35' },
    { memory: 64n * MIB + 1n, model: 'q35' },
    { memory: 1024n * GIB, model: 'q35' },
    { memory: -1n, model: 'q35' },
    { memory: 64n * MIB, model: 'pc' },
    { memory: 64n * MIB, model: 'microvm', firmware: 'seabios' },
    { memory: 64n * MIB, model: 'q35', firmware: 'uefi' },
    { memory: 64n * MIB, model: 'q35', architecture: 'i386', paging: 5 },
    { memory: 64n * MIB, model: 'q35', architecture: 'arm64' },
  ])('is refused: %o', (guest) => {
    const checked = checkGuest(guest as Guest);
    expect(checked).toMatchObject({ ok: false, diagnostics: [{ code: 'QEMU_BAD_GUEST' }] });
    expect(() => guestMachine(guest as Guest)).toThrow(RangeError);
  });

  it('with SeaBIOS has to be asked', () => {
    expect(() => guestMachine({ memory: 64n * MIB, model: 'q35', firmware: 'seabios' })).toThrow(RangeError);
  });

  it('is of the architecture that is asked for, and hands over as that does', () => {
    const i386: Guest = { memory: 6n * GIB, model: 'q35', architecture: 'i386' };
    expect(guestMachine(i386)).toMatchObject({ architecture: 'i386' });
    expect(guestMachine(i386).told).toEqual(guestMachine({ ...i386, architecture: 'x86_64' }).told);
    expect([targetOf(i386), targetOf({ memory: MIB, model: 'q35' })]).toEqual([qemuI386Target, qemuTarget]);
    expect(qemuI386Target).toMatchObject({ handoff: 'protected32', addressEnd: 4n * GIB, callerAbi: 'i386' });
  });

  it('needs a BIOS for what is entered in real mode, and else none', () => {
    expect((['long64', 'protected32', 'real16'] as const).map(firmwareFor)).toEqual([
      'none',
      'none',
      'seabios',
    ]);
  });

  it('reaches no higher than the target says', () => {
    const memory = 512n * GIB;
    expect(ramBlocks({ memory, model: 'q35' }).at(-1)?.end).toBeLessThan(qemuTarget.addressEnd);
  });
});

describe('the arguments of QEMU', () => {
  const line = (guest: Guest) => qemuArguments(guest).join(' ');

  it('ask for software emulation of that machine, and nothing by default', () => {
    const args = line({ memory: 64n * MIB, model: 'q35' });
    for (const each of [
      '-accel tcg',
      '-machine q35,',
      '-nodefaults',
      '-no-user-config',
      '-display none',
      '-no-reboot',
    ]) {
      expect(args).toContain(each);
    }
    expect(args).toContain('size=65536k');
    expect(args).toContain(`size=${64 * 1024 * 1024},mem-path=/dev/fd/`);
  });

  it('have SeaBIOS boot our option ROM, and only when it is wanted', () => {
    const guest: Guest = { memory: 64n * MIB, model: 'q35' };
    expect(line(guest)).not.toContain('-option-rom');
    expect(line({ ...guest, firmware: 'seabios' })).toContain('-option-rom /dev/fd/7');
    expect(line({ ...guest, firmware: 'seabios', architecture: 'i386' })).toBe(
      line({ ...guest, firmware: 'seabios' }),
    );
  });

  it('give the CPU five levels only when they are wanted', () => {
    expect(line({ memory: 64n * MIB, model: 'microvm' })).toContain('la57=off');
    expect(line({ memory: 64n * MIB, model: 'microvm', paging: 5 })).not.toContain('la57');
  });
});
