import {
  type Address,
  type Console,
  type Engines,
  hex,
  type HandoffMode,
  LAST_WORDS_SIZE,
} from '@kexec-kit/loader-api';
import { encodeText, type StructureBuilder, writer } from '@kexec-kit/structures';
import { Copy, Mode, Poke, PurgatoryParameters as Block, Region, Registers } from './generated/parameters.js';
import {
  COPY_ENTRY_SIZE,
  HEADER_SIZE,
  POKE_ENTRY_SIZE,
  REGION_SIZE,
  tablesSize,
  type Counts,
} from './layout.js';

/** What purgatory verifies, writes and enters. Its form on disk is described in `parameters.ksy`. */
export interface PurgatoryParameters {
  /** Verified in this order; the first that differs is named. */
  readonly regions: readonly VerifiedRegion[];
  /** Written in this order, when everything is verified. */
  readonly pokes: readonly WrittenPoke[];
  /** Linear, also for real mode: there IP is `entry` - 16 · `cs`, which must be 0 to 0xffff. */
  readonly entry: Address;
  /** The mode in which the entry expects the CPU. */
  readonly mode: HandoffMode;
  /** By the mode's names, e.g. `rsi`, `esi`, `si`, `cs`. What is not named is zero at entry, also the stack pointer. */
  readonly registers: Readonly<Record<string, bigint>>;
  /** Where words go besides debugcon (port 0xe9). */
  readonly console: Console;
  /** Bring the VGA to text mode 3, before any word is said on it. */
  readonly resetVga?: boolean;
  /** Set the two 8259 interrupt controllers up as a BIOS leaves them, just before the entry. */
  readonly resetPic?: boolean;
  /** Made in this order, when everything is verified, before the pokes. */
  readonly copies?: readonly MemoryCopy[];
  /** Where the record of how far the hand-over got goes: {@link LAST_WORDS_SIZE} bytes, at a multiple of 8. */
  readonly lastWords?: Address;
}

/** A stretch of memory that must have the digest. */
export interface VerifiedRegion {
  /** What the message calls it: 1 to {@link REGION_NAME_SIZE} printable ASCII characters. */
  readonly name: string;
  readonly start: Address;
  /** In bytes; may be 0. */
  readonly length: bigint;
  /** SHA-256: 32 bytes. */
  readonly sha256: Uint8Array;
}

/** A small write that keeps the rest of its page. */
export interface WrittenPoke {
  readonly at: Address;
  /** At most {@link POKE_SIZE}: split what is longer. */
  readonly bytes: Uint8Array;
}

/** Memory that the next kernel overwrites and still wants to see. */
export interface MemoryCopy {
  readonly from: Address;
  readonly to: Address;
  /** In bytes. */
  readonly length: bigint;
}

/** Most characters of a region's name. */
export const REGION_NAME_SIZE = Region.at.name.size;
/** Most bytes of one poke. */
export const POKE_SIZE = Poke.at.bytes.size;

const MAGIC = 'kkpurg64';
const VERSION = 2;
const JOBS = { vga: 1, pic: 2 } as const;
const CONSOLE = { serial: 1, vga: 2, verbose: 4 } as const;
/** Of a 16550 UART, in baud. */
const SERIAL_CLOCK = 115_200;
const ADDRESS_END = 1n << 64n;

const WIDE = ['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', 'sp'];

/** What stands in the block's 16 registers, in order. */
const REGISTERS: Readonly<Record<HandoffMode, { readonly names: readonly string[]; readonly bits: bigint }>> =
  {
    long64: { names: Registers.fields.map(({ name }) => name), bits: 64n },
    protected32: { names: WIDE.map((name) => `e${name}`), bits: 32n },
    real16: { names: [...WIDE, 'cs', 'ds', 'es', 'fs', 'gs', 'ss'], bits: 16n },
  };

/** In bytes. */
const REGISTER_SIZE = 8;

/**
 * The parameter block: it begins with its own digest and belongs at `parametersOffset` of purgatory's segment.
 *
 * @throws RangeError for whatever purgatory could not obey: an unknown register or mode, a value too wide for the mode, a name
 * or a digest of the wrong size, a range beyond 2^64. Each is a bug of the caller, not of an input.
 * @example
 * ```ts
 * const block = buildParameters(
 *   { regions: [], pokes: [], entry: 0x1000200n, mode: 'long64', registers: { rsi: 0x90000n }, console: {} },
 *   engines,
 * );
 * block.length === layoutOf('long64', 'long64', { regions: 0, pokes: 0 }).parametersSize; // true
 * ```
 */
export function buildParameters(parameters: PurgatoryParameters, engines: Engines): Uint8Array {
  demandApart(parameters);
  const tables = joined([
    ...parameters.regions.map(regionEntry),
    ...parameters.pokes.map(pokeEntry),
    ...(parameters.copies ?? []).map(copyEntry),
  ]);
  const block = writer(HEADER_SIZE + tablesSize(countsOf(parameters))).bytes(HEADER_SIZE, tables);
  writeHeader(block, parameters);
  block.u64(Block.at.tables_size, BigInt(tables.length));
  block.bytes(Block.at.tables_sha256, digest(engines, tables));
  // Last, since it covers all of the header behind it: also the tables' digest.
  block.bytes(Block.at.sha256, digest(engines, block.value.subarray(Block.at.magic.offset, HEADER_SIZE)));
  return block.value;
}

function countsOf({ regions, pokes, copies = [] }: PurgatoryParameters): Required<Counts> {
  return { regions: regions.length, pokes: pokes.length, copies: copies.length };
}

function writeHeader(block: StructureBuilder, parameters: PurgatoryParameters): void {
  const { entry, mode, console } = parameters;
  if (!Object.hasOwn(REGISTERS, mode)) throw new RangeError(`purgatory cannot enter in ${mode} mode`);
  demandEntry(parameters);
  const { regions, pokes, copies } = countsOf(parameters);
  block
    .bytes(Block.at.magic, encodeText(MAGIC))
    .u32(Block.at.version, VERSION)
    .u32(Block.at.mode, Mode[mode])
    .u32(Block.at.region_count, regions)
    .u32(Block.at.poke_count, pokes)
    .u64(Block.at.entry, entry)
    .u32(Block.at.jobs, jobsOf(parameters))
    .u32(Block.at.copy_count, copies)
    .u64(Block.at.last_words, lastWordsOf(parameters));
  writeConsole(block, console);
  writeRegisters(block, parameters);
}

function jobsOf({ resetVga = false, resetPic = false }: PurgatoryParameters): number {
  return (resetVga ? JOBS.vga : 0) | (resetPic ? JOBS.pic : 0);
}

function lastWordsOf({ lastWords = 0n, mode }: PurgatoryParameters): Address {
  demandRange('lastWords', lastWords, BigInt(LAST_WORDS_SIZE));
  const end = mode === 'long64' ? ADDRESS_END : 1n << 32n;
  if (lastWords % 8n === 0n && lastWords + BigInt(LAST_WORDS_SIZE) <= end) return lastWords;
  throw new RangeError(`lastWords: ${hex(lastWords)} is no multiple of 8 that ${mode} mode reaches`);
}

function writeConsole(block: StructureBuilder, { serial, vga = false, verbose = false }: Console): void {
  const flags =
    (serial === undefined ? 0 : CONSOLE.serial) | (vga ? CONSOLE.vga : 0) | (verbose ? CONSOLE.verbose : 0);
  block.u32(Block.at.console, flags);
  if (serial === undefined) return;
  const divisor = serial.baud === undefined ? 0 : SERIAL_CLOCK / serial.baud;
  if (!Number.isInteger(divisor)) throw new RangeError(`no serial port has ${String(serial.baud)} baud`);
  block.u16(Block.at.serial_port, serial.port).u16(Block.at.serial_divisor, divisor);
}

function writeRegisters(block: StructureBuilder, { mode, registers }: PurgatoryParameters): void {
  for (const [name, value] of Object.entries(registers)) {
    const { names, bits } = REGISTERS[mode];
    if (!names.includes(name)) throw new RangeError(`"${name}" is no register of the mode ${mode}`);
    demandBits(name, value, bits);
    block.u64(Block.at.registers.offset + names.indexOf(name) * REGISTER_SIZE, value);
  }
}

function demandEntry({ entry, mode, registers }: PurgatoryParameters): void {
  if (mode === 'real16') demandBits('ip', entry - 16n * (registers['cs'] ?? 0n), 16n);
  else demandBits('entry', entry, REGISTERS[mode].bits);
}

function demandBits(what: string, value: bigint, bits: bigint): void {
  if (value >= 0n && value >> bits === 0n) return;
  throw new RangeError(`${what}: ${hex(value)} does not fit ${String(bits)} bits`);
}

function regionEntry({ name, start, length, sha256 }: VerifiedRegion): Uint8Array {
  demandName(name);
  demandRange(`region "${name}"`, start, length);
  if (sha256.length !== Region.at.sha256.size) {
    throw new RangeError(`region "${name}": a SHA-256 of ${String(sha256.length)} bytes`);
  }
  return writer(REGION_SIZE)
    .bytes(Region.at.name, encodeText(name))
    .u64(Region.at.start, start)
    .u64(Region.at.length, length)
    .bytes(Region.at.sha256, sha256).value;
}

function pokeEntry({ at, bytes }: WrittenPoke): Uint8Array {
  demandRange('poke', at, BigInt(bytes.length));
  return writer(POKE_ENTRY_SIZE)
    .u64(Poke.at.at, at)
    .u32(Poke.at.length, bytes.length)
    .bytes(Poke.at.bytes, bytes).value;
}

function copyEntry({ from, to, length }: MemoryCopy): Uint8Array {
  demandRange('copy', from, length);
  demandRange('copy', to, length);
  return writer(COPY_ENTRY_SIZE).u64(Copy.at.from, from).u64(Copy.at.to, to).u64(Copy.at.length, length)
    .value;
}

/** What a copy overwrites must be nobody else's: neither verified, nor copied, nor copied to. */
function demandApart({ regions, copies = [] }: PurgatoryParameters): void {
  for (const [i, { to, length }] of copies.entries()) {
    const others = copies.flatMap((copy, n) => [
      { name: 'a copy', start: copy.from, length: copy.length },
      ...(n === i ? [] : [{ name: 'a copy', start: copy.to, length: copy.length }]),
    ]);
    const other = [...others, ...regions].find(
      ({ start, length: size }) => to < start + size && start < to + length,
    );
    if (other !== undefined) throw new RangeError(`a copy to ${hex(to)} overlaps ${other.name}`);
  }
}

function demandName(name: string): void {
  if (/^[ -~]+$/.test(name) && name.length <= REGION_NAME_SIZE) return;
  throw new RangeError(
    `region name ${JSON.stringify(name)}: 1 to ${String(REGION_NAME_SIZE)} printable ASCII characters`,
  );
}

function demandRange(what: string, start: Address, length: bigint): void {
  if (start >= 0n && length >= 0n && start + length < ADDRESS_END) return;
  throw new RangeError(`${what}: ${hex(length)} bytes at ${hex(start)} are no range of memory`);
}

function joined(entries: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(entries.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const entry of entries) {
    all.set(entry, at);
    at += entry.length;
  }
  return all;
}

function digest(engines: Engines, bytes: Uint8Array): Uint8Array {
  const hasher = engines.sha256();
  hasher.update(bytes);
  return hasher.digest();
}
