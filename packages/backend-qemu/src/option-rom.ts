import { toIndex, type Address } from '@kexec-kit/loader-api';
import { optionRom } from './generated/option-rom.js';
import type { Rom } from './rom.js';

/** What the option ROM does when SeaBIOS boots it. */
export interface OptionRomInput {
  /** Descriptors for QEMU to work off, and how many. */
  readonly descriptors: Address;
  readonly count: number;
  /** What it leaves for; without, it writes down the memory map and stops. */
  readonly next?: Pick<Rom, 'page' | 'gdtr' | 'start'>;
}

// The block of native/option-rom.S.
const CHECKSUM = 0x06;
const PAGE = 0x20;
const DMA = 0x24;
const COUNT = 0x28;
const TO_32 = 0x2c;
const GDTR = 0x32;

/** The option ROM with its block filled in; all its bytes add up to 0, as SeaBIOS wants it. */
export function buildOptionRom({ descriptors, count, next }: OptionRomInput): Uint8Array {
  const rom = optionRom.slice();
  const view = new DataView(rom.buffer);
  view.setUint32(DMA, toIndex(descriptors), true);
  view.setUint32(COUNT, count, true);
  if (next !== undefined) {
    view.setUint32(PAGE, toIndex(next.page), true);
    rom.set(next.start, TO_32);
    rom.set(next.gdtr, GDTR);
  }
  rom[CHECKSUM] = -rom.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return rom;
}
