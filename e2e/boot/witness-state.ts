import { expect } from 'vitest';
import {
  hexOf,
  pattern,
  piece,
  registersOf,
  seesAround,
  type Request,
  type Told,
  type Witness,
} from './witness.js';

/** Flat, from 0 to 4 GiB: code and data (Documentation/arch/x86/boot.rst, "64-bit Boot Protocol", "32-bit Boot Protocol"). */
const CODE_64 = '0xaf9b000000ffff';
const CODE_32 = '0xcf9b000000ffff';
const DATA = '0xcf93000000ffff';
const [BOOT_CS, BOOT_DS] = ['0x10', '0x18'];

/** IA32_EFER as Linux leaves it: NXE, LMA, LME, SCE; i386 has the first alone. */
const EFER = { x86_64: 0xd01n, i386: 0x800n };
const EFER_LONG = 0x500n;

/**
 * Holds the whole state of the CPU against what the mode promises: the registers that are named, selectors and what they mean,
 * control registers, flags. And around the segments nobody has written.
 */
export function expectState(told: Told, request: Request, named: Readonly<Record<string, bigint>>): void {
  const { witness, around } = told;
  expect(witness.registers).toEqual(
    registersOf(witness, named, request.garbage === true ? 'garbage' : 'zeros'),
  );
  expect(witness.segments).toEqual({
    ...{ cs: BOOT_CS, ds: BOOT_DS, es: BOOT_DS, fs: BOOT_DS, gs: BOOT_DS, ss: BOOT_DS },
  });
  expect(witness.gdt).toMatchObject({
    ...{ cs: witness.mode === 'long64' ? CODE_64 : CODE_32, ds: DATA, ss: DATA },
  });
  expectWithin(told, witness.gdt.base, 'purgatory');
  expect(witness.control).toMatchObject(controlOf(witness, request));
  expect(witness).toMatchObject({ flags: '0x2', zeros: true, tr: '0x0', ldtr: '0x0' });
  expect(around).toEqual(around.map(() => pattern(witness)));
  expect(around.length > 0, 'looks at the rest of RAM').toBe(seesAround(request));
}

function controlOf({ mode }: Witness, { guest }: Request): Record<string, string> {
  const efer = EFER[guest.architecture ?? 'x86_64'];
  if (mode !== 'long64') return { cr0: '0x11', cr4: '0x0', efer: hexOf(efer & ~EFER_LONG) }; // ET, PE
  return {
    cr0: '0x80000033', // PG, NE, ET, MP, PE
    cr4: guest.paging === 5 ? '0x1020' : '0x20', // LA57, PAE
    efer: hexOf(efer),
  };
}

/** An address that the witness told lies in a piece of the submission. */
export function expectWithin({ submission }: Told, address: string, id: string): void {
  const { start, memorySize } = piece(submission, id);
  expect(BigInt(address), `${id} at ${hexOf(start)}`).toBeGreaterThanOrEqual(start);
  expect(BigInt(address), `${id} at ${hexOf(start)}`).toBeLessThan(start + memorySize);
}
