import { createHash } from 'node:crypto';
import { hex } from '@kexec-kit/loader-api';
import { pieceAt, type Loaded, type Scene } from '../memory.js';

/** What a kernel would find, in words that do not depend on where it lies; and apart from it, where it lies. */
export interface View {
  /** Item to value. Addresses are names of places here. */
  readonly items: ReadonlyMap<string, string>;
  /** Name to piece. */
  readonly places: ReadonlyMap<string, Loaded>;
}

/** Collects a view. Whatever is pointed to gets a name; what has none at the end is the image. */
export class Looking {
  readonly items = new Map<string, string>();
  readonly places = new Map<string, Loaded>();
  readonly scene: Scene;

  constructor(scene: Scene) {
    this.scene = scene;
  }

  put(item: string, value: string | number | bigint | undefined): void {
    this.items.set(item, typeof value === 'string' ? value : value === undefined ? 'nothing' : hex(value));
  }

  /** Names the piece at an address, if it has no name yet. */
  name(place: string, address: bigint): void {
    const piece = pieceAt(this.scene.pieces, address);
    if (piece === undefined || [...this.places.values()].includes(piece)) return;
    this.places.set(place, piece);
  }

  /** Names the piece of whose address a 32-bit register or field holds a half. */
  nameTruncated(place: string, half: bigint): void {
    const piece = this.scene.pieces.find(({ start }) => start >> 32n > 0n && (start & 0xffffffffn) === half);
    if (piece !== undefined && !this.places.has(place)) this.places.set(place, piece);
  }

  /** Names the piece with that content, if nobody points to it. */
  nameLost(place: string, bytes: Uint8Array): void {
    if (this.places.has(place)) return;
    const named = new Set(this.places.values());
    const lost = this.scene.pieces.find(
      (piece) => !named.has(piece) && Buffer.compare(piece.bytes, bytes) === 0,
    );
    if (lost !== undefined) this.places.set(place, lost);
  }

  /** The pieces without a name: of the image, ascending. */
  nameRest(prefix: string, leaveOut: (piece: Loaded) => boolean = () => false): void {
    const named = new Set(this.places.values());
    const rest = this.scene.pieces.filter((piece) => !named.has(piece) && !leaveOut(piece));
    rest.sort((a, b) => (a.start < b.start ? -1 : 1));
    for (const [i, piece] of rest.entries()) {
      const name = `${prefix}.${i}`;
      this.places.set(name, piece);
      this.put(`${name}.content`, content(piece.bytes));
    }
  }

  /** An address by the place that it lies in. */
  symbol(address: bigint): string {
    for (const [name, { start, memorySize }] of this.places) {
      if (start <= address && address < start + memorySize) {
        return address === start ? name : `${name}+${hex(address - start)}`;
      }
    }
    return hex(address);
  }

  /** Mode, entry and registers: zeros count as not set, since nobody sets a register to zero in vain. */
  putState(isStack: (address: bigint) => boolean = () => false): void {
    const { mode, entry, registers } = this.scene.state;
    this.put('mode', mode);
    this.put('entry', this.symbol(entry));
    for (const [name, value] of Object.entries(registers)) {
      if (value === 0n) continue;
      const stack = /^.sp$/.test(name) && isStack(value);
      this.put(`register.${name}`, stack ? 'a stack' : this.symbol(value));
    }
  }

  view(): View {
    return { items: this.items, places: this.places };
  }
}

/** Bytes as their number and a digest; zeros at the end are no content. */
export function content(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  const digest = createHash('sha256').update(bytes.subarray(0, end)).digest('hex').slice(0, 16);
  return `${end} bytes ${digest}`;
}
