import { read, type Loaded } from '../memory.js';
import type { Looking } from './view.js';

const HEADER = 12;
const NAMES: Readonly<Record<number, string>> = { 2: 'boot loader', 3: 'version', 4: 'command line' };

/** ELF boot notes, the argument of a kernel that is no Linux: a block with its own checksum. */
export function lookAtBootNotes(looking: Looking, address: bigint): void {
  const { pieces } = looking.scene;
  const head = read(pieces, address, HEADER);
  if (head === undefined) {
    looking.put('boot notes', 'nothing');
    return;
  }
  looking.name('boot-notes', address);
  const view = new DataView(head.buffer);
  const size = view.getUint32(4, true);
  const block = read(pieces, address, Math.min(size, 0x10000)) ?? new Uint8Array(HEADER);
  looking.put('b_signature', view.getUint32(0, true));
  looking.put('b_checksum', sums(block) ? 'right' : 'wrong');
  looking.put('b_records', view.getUint16(10, true));
  putNotes(looking, block);
}

function putNotes(looking: Looking, block: Uint8Array): void {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  for (let at = HEADER; at + HEADER <= block.length;) {
    const [name, desc, type] = [0, 4, 8].map((offset) => view.getUint32(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const start = at + HEADER + pad(name);
    const text = Buffer.from(block.subarray(start, start + desc)).toString('latin1');
    looking.put(NAMES[type] ?? `note ${type}`, text.replace(/\0.*$/s, ''));
    at = start + pad(desc);
  }
}

function pad(size: number): number {
  return Math.ceil(size / 4) * 4;
}

/** RFC 1071: with its checksum the block adds up to all ones. */
function sums(block: Uint8Array): boolean {
  let sum = 0;
  for (let i = 0; i < block.length; i += 2) sum += (block[i] ?? 0) | ((block[i + 1] ?? 0) << 8);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

/** The argument of 32-bit code, above its return address. */
export function stackArgument(pieces: readonly Loaded[], esp: bigint): bigint {
  const word = read(pieces, esp + 4n, 4);
  return word === undefined ? 0n : BigInt(new DataView(word.buffer).getUint32(0, true));
}
