import { nodeEngines } from '@kexec-kit/host-node';
import type { PlacedSegment } from '@kexec-kit/loader-api';
import {
  buildParameters,
  ParameterBlock,
  type PurgatoryParameters,
  type VerifiedRegion,
} from '@kexec-kit/purgatory';
import { purgatorySegment, segment, sha256 } from './guest.js';

/** One thing that is wrong with what is handed over. */
export interface Fault {
  /** For a table's row. */
  readonly what: string;
  /** It harms nobody, or nobody after that hand-over: the next kernel is to be entered. */
  readonly harmless?: true | Handoff;
  readonly parameters?: Partial<PurgatoryParameters>;
  /** What happens to the parameter block between link and hand-over; its digests are made to fit if `redigested`. */
  readonly block?: Change;
  readonly redigested?: boolean;
  readonly kernel?: Change;
  readonly data?: Change;
}
type Change = (bytes: Uint8Array) => Uint8Array;
export type Handoff = 'long64' | 'protected32';

const MIB = 1n << 20n;
export const PURGATORY = 4n * MIB;
const KERNEL = 8n * MIB;
const DATA = 12n * MIB;
/** Of the guests. */
export const RAM_END = 64n * MIB;
const HEADER = ParameterBlock.at;
const HEADER_SIZE = 0x100;
const REGION_SIZE = 96;

/** "entered" on debugcon, and a halt: the same bytes for 32 and 64 bits. */
const kernel = Uint8Array.from([...sayings('entered\n'), 0xfa, 0xf4]);
const data = Uint8Array.from({ length: 5003 }, (_, i) => (i * 31 + 7) & 0xff);

/** mov $letter, %al; out %al, $0xe9 */
function sayings(text: string): number[] {
  return Array.from(text, (letter) => [0xb0, letter.charCodeAt(0), 0xe6, 0xe9]).flat();
}

function region(name: string, start: bigint, bytes: Uint8Array): VerifiedRegion {
  return { name, start, length: BigInt(bytes.length), sha256: sha256(bytes) };
}

const whole = region('data', DATA, data);
const regions = [region('kernel', KERNEL, kernel), whole];

/** The segments of a hand-over with that fault. */
export function segmentsWith(fault: Fault, handoff: Handoff): PlacedSegment[] {
  const same: Change = (bytes) => bytes;
  const mode = handoff === 'long64' ? 'long64' : 'protected32';
  const built = buildParameters(
    { regions, pokes: [], entry: KERNEL, mode, registers: {}, console: {}, ...fault.parameters },
    nodeEngines,
  );
  const changed = (fault.block ?? same)(built.slice());
  return [
    purgatorySegment(PURGATORY, fault.redigested === true ? redigested(changed) : changed, handoff),
    segment(KERNEL, (fault.kernel ?? same)(kernel)),
    segment(DATA, (fault.data ?? same)(data)),
  ];
}

function flip(at: number, bit = 0x01): Change {
  return (bytes) => Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ bit : byte));
}

/** Little-endian. */
function write(at: number, value: bigint, width: 4 | 8): Change {
  return (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    if (width === 4) view.setUint32(at, Number(value), true);
    else view.setBigUint64(at, value, true);
    return bytes;
  };
}

function all(...changes: readonly Change[]): Change {
  return (bytes) => changes.reduce((changed, change) => change(changed), bytes);
}

/** The block with its two digests made to fit what stands in it. */
function redigested(bytes: Uint8Array): Uint8Array {
  bytes.set(sha256(bytes.subarray(HEADER_SIZE)), HEADER.tables_sha256.offset);
  bytes.set(sha256(bytes.subarray(HEADER.magic.offset, HEADER_SIZE)), 0);
  return bytes;
}

/** As many regions as that, in a header that fits itself. */
function counted(count: bigint): Pick<Fault, 'block' | 'redigested'> {
  const size = count * BigInt(REGION_SIZE);
  const block = all(write(HEADER.region_count.offset, count, 4), write(HEADER.tables_size.offset, size, 8));
  return { block, redigested: true };
}

const START_OF_DATA = HEADER_SIZE + REGION_SIZE + 48;
const LENGTH_OF_DATA = START_OF_DATA + 8;

export const faults: readonly Fault[] = [
  { what: 'none', harmless: true },
  { what: 'a flipped bit in the kernel', kernel: flip(kernel.length - 1, 0x80) },
  { what: 'a flipped bit in a segment’s first byte', data: flip(0) },
  { what: 'a flipped bit in its last byte', data: flip(data.length - 1) },
  { what: 'a flipped bit in the parameter block’s digest', block: flip(0) },
  { what: 'a flipped bit in the parameter block’s header', block: flip(HEADER.entry.offset) },
  { what: 'a flipped bit in the parameter block’s tables', block: flip(START_OF_DATA) },
  {
    what: 'a region of other RAM than was linked',
    parameters: { regions: [...regions, { ...whole, name: 'elsewhere', start: DATA + 2n * MIB }] },
  },
  {
    what: 'a region outside RAM',
    parameters: { regions: [...regions, { ...whole, name: 'outside', start: 2n * RAM_END }] },
  },
  {
    what: 'a region that runs out of RAM',
    parameters: { regions: [...regions, { ...whole, name: 'outside', start: RAM_END - 4096n }] },
  },
  {
    what: 'an empty region, wherever it is',
    harmless: true,
    parameters: { regions: [...regions, region('empty', 2n * RAM_END, new Uint8Array(0))] },
  },
  {
    what: 'an empty region with another digest',
    parameters: { regions: [...regions, { ...whole, name: 'empty', length: 0n }] },
  },
  {
    what: 'overlapping regions',
    harmless: true,
    parameters: { regions: [...regions, region('part', DATA + 100n, data.subarray(100, 4000))] },
  },
  {
    what: 'overlapping regions, one of them with a flipped bit',
    parameters: { regions: [...regions, region('part', DATA + 100n, data.subarray(100, 4000))] },
    data: flip(99),
  },
  {
    what: 'one region more than the tables have',
    block: write(HEADER.region_count.offset, 3n, 4),
    redigested: true,
  },
  { what: 'more regions than any block has', ...counted(65537n) },
  { what: 'as many regions as a count can say', ...counted(0xffff_ffffn) },
  {
    what: 'a region that ends beyond 2^64',
    block: all(write(START_OF_DATA, 0xffff_ffff_ffff_f000n, 8), write(LENGTH_OF_DATA, 0x2000n, 8)),
    redigested: true,
  },
  {
    what: 'a region that ends at 2^64',
    block: all(write(START_OF_DATA, 0xffff_ffff_ffff_f000n, 8), write(LENGTH_OF_DATA, 0x1000n, 8)),
    redigested: true,
  },
  {
    what: 'a region of 2^64 - 1 bytes',
    block: write(LENGTH_OF_DATA, 0xffff_ffff_ffff_ffffn, 8),
    redigested: true,
  },
  {
    what: 'a poke outside RAM',
    harmless: 'protected32',
    parameters: { pokes: [{ at: 2n * RAM_END, bytes: Uint8Array.of(1, 2, 3) }] },
  },
  {
    what: 'a copy from outside RAM',
    harmless: 'protected32',
    parameters: { copies: [{ from: 2n * RAM_END, to: DATA + MIB, length: 16n }] },
  },
  {
    what: 'a copy that runs out of RAM',
    harmless: 'protected32',
    parameters: { copies: [{ from: DATA, to: RAM_END - 4096n, length: 5000n }] },
  },
];
