import { toIndex, type HandoffMode } from '@kexec-kit/loader-api';

/** One piece of memory as somebody asked for it: content, and zeros behind it. */
export interface Loaded {
  readonly start: bigint;
  readonly memorySize: bigint;
  readonly bytes: Uint8Array;
}

/** What a kernel would find: memory, and the state in which it is entered. The same for kexec(8) and for us. */
export interface Scene {
  readonly pieces: readonly Loaded[];
  readonly state: State;
}

export interface State {
  readonly mode: HandoffMode;
  readonly entry: bigint;
  /** By the mode's names. */
  readonly registers: Readonly<Record<string, bigint>>;
}

/** The piece that an address lies in. */
export function pieceAt(pieces: readonly Loaded[], address: bigint): Loaded | undefined {
  return pieces.find(({ start, memorySize }) => start <= address && address < start + memorySize);
}

/** Memory from an address on; undefined where nobody loaded anything. What is beyond the content reads as zeros. */
export function read(pieces: readonly Loaded[], address: bigint, length: number): Uint8Array | undefined {
  const piece = pieceAt(pieces, address);
  if (piece === undefined || address + BigInt(length) > piece.start + piece.memorySize) return undefined;
  const from = toIndex(address - piece.start);
  const bytes = new Uint8Array(length);
  bytes.set(piece.bytes.subarray(Math.min(from, piece.bytes.length), from + length));
  return bytes;
}

/** Text up to its NUL. */
export function readText(pieces: readonly Loaded[], address: bigint): string | undefined {
  const piece = pieceAt(pieces, address);
  if (piece === undefined) return undefined;
  const rest = piece.bytes.subarray(toIndex(address - piece.start));
  const end = rest.indexOf(0);
  return Buffer.from(end < 0 ? rest : rest.subarray(0, end)).toString('latin1');
}
