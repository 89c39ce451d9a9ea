import { PAGE_SIZE, toIndex, type Address, type PlacedSegment } from '@kexec-kit/loader-api';
import { min } from '@kexec-kit/memory';
import { contentLength } from './check.js';

/**
 * QEMU's own device for handing files to firmware (QEMU, docs/specs/fw_cfg). It copies to any address while the guest waits,
 * and drops what was translated of the code there before: a change to the memory file from outside would not.
 */

/** Where the contents of the segments are, one after the other. */
export const SEGMENTS_FILE = 'opt/kexec-kit/segments';

/** One copy: from an item to an address; or from nowhere, only to stand at an offset of the item. All in bytes. */
export interface Copy {
  readonly key: number;
  readonly length: bigint;
  /** Absent: nothing is copied, the next copy of the same item goes on from here. */
  readonly to?: Address;
  /** Goes on in the item where the last copy ended. */
  readonly goOn?: boolean;
}

/** The item that lists the files, and one that never is: it reads as zeros. */
export const DIRECTORY_KEY = 0x19;
const NO_KEY = 0x3fff;

const READ = 1 << 1;
const SKIP = 1 << 2;
const SELECT = 1 << 3;
const DESCRIPTOR_SIZE = 16;
const MOST = (1n << 32n) - PAGE_SIZE; // of what a 32-bit length can say

/** What puts segments in place whose contents stand in {@link SEGMENTS_FILE} in this order; zeros behind each. */
export function copiesOf(segments: readonly PlacedSegment[], key: number): Copy[] {
  let offset = 0n;
  return segments.flatMap((segment) => {
    const content = contentLength(segment);
    const copies: Copy[] = [{ key, length: offset }];
    copies.push(...pieces(segment.start, content).map((piece) => ({ key, goOn: true, ...piece })));
    copies.push(
      ...pieces(segment.start + content, segment.memorySize - content).map((piece) => ({
        key: NO_KEY,
        ...piece,
      })),
    );
    offset += content;
    return copies;
  });
}

function pieces(start: Address, length: bigint): { to: Address; length: bigint }[] {
  const count = toIndex((length + MOST - 1n) / MOST);
  return Array.from({ length: count }, (_, n) => {
    const done = BigInt(n) * MOST;
    return { to: start + done, length: min(MOST, length - done) };
  });
}

/** FWCfgDmaAccess, big-endian: control, length, address. */
export function buildDescriptors(copies: readonly Copy[]): Uint8Array {
  const bytes = new Uint8Array(copies.length * DESCRIPTOR_SIZE);
  const view = new DataView(bytes.buffer);
  copies.forEach(({ key, length, to, goOn = false }, n) => {
    const at = n * DESCRIPTOR_SIZE;
    const select = goOn ? 0 : (key << 16) | SELECT;
    view.setUint32(at, select | (to === undefined ? SKIP : READ));
    view.setUint32(at + 4, toIndex(length, 0xffff_ffff));
    view.setBigUint64(at + 8, to ?? 0n);
  });
  return bytes;
}

/** The key of a file in the directory: struct FWCfgFiles, big-endian; the names end with a zero. */
export function keyOf(directory: Uint8Array, name: string): number | undefined {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  for (let at = 4; at + 64 <= directory.length; at += 64) {
    const found = Buffer.from(directory.subarray(at + 8, at + 64)).toString('latin1');
    if (found.split('\0')[0] === name) return view.getUint16(at + 4);
  }
  return undefined;
}
