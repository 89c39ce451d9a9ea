import { describe, expect, it } from 'vitest';
import { expectLinux, expectHeaderOf, initrdOf, linuxOf } from './witness-linux.js';
import { expectWithin } from './witness-state.js';
import { e820Of, hexOf, noise, piece, registersOf, tell, type Request, type Told } from './witness.js';

const MIB = 1n << 20n;
const text = 'root=/dev/sda "quoted words" \\ ünïcödé';
const initrds = [noise(70_001)];
const microvm = { model: 'microvm', memory: 64n * MIB } as const;
const q35 = { model: 'q35', memory: 64n * MIB } as const;
/** As much as an i386 kernel maps directly (boot.rst, initrd_addr_max of such kernels). */
const LOW_MEMORY_END = 896n * MIB;

/** The entry that a kernel has by itself is not asked for. */
function options(entry?: string): NonNullable<Request['options']> {
  return { 'command-line': [text], ...(entry === undefined ? {} : { entry: [entry] }) };
}

describe('a bzImage entered by the 32-bit boot protocol', () => {
  async function tellAndCompare(request: Request): Promise<Told> {
    const told = await tell(request);
    expect(told.witness).toMatchObject({ witness: request.kernel, mode: 'protected32' });
    expectWithin(told, told.witness.entry, 'kernel');
    expectLinux(told, request);
    return told;
  }

  it.each([
    ['x86_64', 'bzimage', microvm, '32'],
    ['x86_64', 'bzimage', q35, '32'],
    ['x86_64', 'bzimage', { ...microvm, paging: 5 }, '32'],
    ['x86_64', 'bzimage-i386', microvm, undefined],
    ['i386', 'bzimage', microvm, undefined],
    ['i386', 'bzimage-i386', q35, undefined],
  ] as const)('from a kernel of %s: %s on $2', async (architecture, kernel, machine, entry) => {
    const guest = { ...machine, architecture };
    await tellAndCompare({ kernel, guest, options: options(entry), initrds });
  });

  it.each(['x86_64', 'i386'] as const)(
    'says the same when every register that was not promised holds garbage, from a kernel of %s',
    async (architecture) => {
      const guest = { ...microvm, architecture };
      await tellAndCompare({ kernel: 'bzimage', guest, options: options('32'), initrds, garbage: true });
    },
  );

  it('lies where a 32-bit kernel can reach everything, though there is memory above', async () => {
    const guest = { model: 'q35', memory: 1024n * MIB, architecture: 'i386' } as const;
    const { submission } = await tellAndCompare({
      kernel: 'bzimage-i386',
      guest,
      options: options(),
      initrds,
    });
    for (const id of ['kernel', 'boot-params', 'command-line']) {
      const { start, memorySize } = piece(submission, id);
      expect(start + memorySize, id).toBeLessThanOrEqual(LOW_MEMORY_END);
    }
  });
});

describe('a bzImage entered by its real-mode code', () => {
  const guest = { ...q35, firmware: 'seabios' } as const;

  async function tellAndCompare(request: Request): Promise<Told> {
    const told = await tell(request);
    expect(told.witness).toMatchObject({ witness: request.kernel, mode: 'real16', zeros: true });
    expectWithin(told, told.witness.entry, 'kernel');
    expectRealMode(told, request);
    expectSetupCode(told, request);
    return told;
  }

  it.each([
    ['x86_64', 'bzimage'],
    ['x86_64', 'bzimage-i386'],
    ['i386', 'bzimage'],
    ['i386', 'bzimage-i386'],
  ] as const)('from a kernel of %s after SeaBIOS: %s', async (architecture, kernel) => {
    await tellAndCompare({ kernel, guest: { ...guest, architecture }, options: options('16'), initrds });
  });

  it('from five levels of paging', async () => {
    await tellAndCompare({
      kernel: 'bzimage',
      guest: { ...guest, paging: 5 },
      options: options('16'),
      initrds,
    });
  });

  it('says the same when every register that was not promised holds garbage', async () => {
    await tellAndCompare({ kernel: 'bzimage', guest, options: options('16'), initrds, garbage: true });
  });

  it('is handed no initrd when there is none', async () => {
    const told = await tellAndCompare({ kernel: 'bzimage', guest, options: options('16') });
    expect(linuxOf(told).initrd).toEqual({ address: '0x0', size: '0x0' });
  });
});

/** boot.rst, "Running the Kernel": all segments are the code's, CS is 0x20 further; interrupts are off, the vectors the BIOS's. */
function expectRealMode({ submission, witness }: Told, { garbage, guest }: Request): void {
  const { start } = piece(submission, 'setup-code');
  const paragraph = hexOf(start >> 4n);
  expect(witness.segments).toEqual({
    cs: hexOf((start >> 4n) + 0x20n),
    ...{ ds: paragraph, es: paragraph, fs: paragraph, gs: paragraph, ss: paragraph },
  });
  const esp = BigInt(witness.registers['esp'] ?? '');
  expect(witness.registers).toEqual(registersOf(witness, { esp }, garbage === true ? 'garbage' : 'zeros'));
  expect(witness).toMatchObject({
    flags: '0x2',
    // ET; of EFER what does not matter here stays: NXE, and SCE of an x86_64 kernel.
    control: { cr0: '0x10', cr4: '0x0', efer: guest.architecture === 'i386' ? '0x800' : '0x801' },
    idt: { base: '0x0', limit: '0x3ff' },
  });
}

/** The header in the setup code is filled in, heap and stack fit, and the BIOS tells the map that was planned with. */
function expectSetupCode(told: Told, request: Request): void {
  const { submission, machine, witness } = told;
  const { fields, commandLine, initrd, e820, address } = linuxOf(told);
  const setup = piece(submission, 'setup-code');
  expect(address).toBe(hexOf(setup.start));
  expect(e820).toEqual(e820Of(machine));
  expect(initrd).toEqual(initrdOf(told, request));
  expect(commandLine.text).toBe(text);
  expectWithin(told, commandLine.address, 'setup-code');
  expectHeaderOf(request.kernel, fields);
  expect(fields).toMatchObject({
    ...{ type_of_loader: '0xd0', loadflags: '0x81' }, // LOADED_HIGH, CAN_USE_HEAP
    code32_start: hexOf(piece(submission, 'kernel').start),
  });
  // The heap ends below the command line, and the stack begins there at the highest.
  const heapEnd = setup.start + BigInt(fields['heap_end_ptr'] ?? '') + 0x200n;
  const stack = setup.start + BigInt(witness.registers['esp'] ?? '');
  expect(heapEnd).toBeLessThanOrEqual(BigInt(commandLine.address));
  expect(stack).toBeLessThanOrEqual(BigInt(commandLine.address));
  expect(stack).toBeGreaterThan(setup.start + 0x8000n);
}
