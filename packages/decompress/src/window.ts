import { DecodeFailure } from './failure.js';

/** How much is decoded before it is handed out, in bytes. */
export const BURST = 1 << 16;
/** The longest match of any format here (LZMA: 273), in bytes, with room to spare. */
const LONGEST_MATCH = 512;
/** What {@link Window.reserve} makes room for before a burst, in bytes. */
export const ROOM = BURST + LONGEST_MATCH;
/** From here on, in bytes, a call to copy costs less than a loop. */
const SHORT = 32;
/** No history beyond this is kept, in bytes: what a file says of itself must not exhaust memory. */
const LARGEST = 1 << 30;

/** The end of what was decoded: history for matches, and what has not been handed out yet. Grows as it is used. */
export class Window {
  /** How far back a match may reach, in bytes. */
  size: number;
  private bytes = new Uint8Array(4 * BURST);
  private end = 0;
  private drained = 0;
  /** Of all that was ever written, in bytes. */
  total = 0;
  /** Of what was written since the last reset, in bytes. */
  reachable = 0;

  constructor(size: number) {
    this.size = size;
  }

  get pending(): number {
    return this.end - this.drained;
  }

  /** Makes room for so many bytes: for a burst, before each; never more than a few hundred KiB. */
  reserve(room: number = ROOM): void {
    if (this.bytes.length - this.end >= room) return;
    const keep = Math.min(this.end, Math.max(this.size, this.pending));
    if (this.end - keep >= Math.max(room, keep >> 1)) this.slide(this.end - keep);
    else this.grow();
  }

  /** History is forgotten, e.g. where LZMA2 resets its dictionary. One window serves all members: many small ones cost what they hold. */
  reset(size: number = this.size): void {
    this.size = size;
    this.reachable = 0;
  }

  put(byte: number): void {
    this.bytes[this.end] = byte;
    this.end += 1;
    this.total += 1;
    this.reachable += 1;
  }

  append(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.end);
    this.end += bytes.length;
    this.total += bytes.length;
    this.reachable += bytes.length;
  }

  /** The same for a part of `bytes`, which may be short. */
  appendFrom(bytes: Uint8Array, from: number, length: number): void {
    if (length >= SHORT) {
      this.append(bytes.subarray(from, from + length));
      return;
    }
    const into = this.bytes;
    const to = this.end;
    for (let at = 0; at < length; at += 1) into[to + at] = bytes[from + at] ?? 0;
    this.end = to + length;
    this.total += length;
    this.reachable += length;
  }

  /** The byte so far back; 0 before the first one. */
  back(distance: number): number {
    return distance > this.reachable ? 0 : (this.bytes[this.end - distance] ?? 0);
  }

  /** Repeats what lies so far back. false: nothing lies there. */
  copy(distance: number, length: number): boolean {
    if (distance > this.reachable || distance > this.size) return false;
    const { bytes } = this;
    let to = this.end;
    const stop = to + length;
    if (distance >= length && length >= SHORT) bytes.copyWithin(to, to - distance, stop - distance);
    else for (; to < stop; to += 1) bytes[to] = bytes[to - distance] ?? 0;
    this.end = stop;
    this.total += length;
    this.reachable += length;
    return true;
  }

  /** What was decoded since the last time, as a copy. */
  drain(): Uint8Array {
    const piece = this.bytes.slice(this.drained, this.end);
    this.drained = this.end;
    return piece;
  }

  private slide(by: number): void {
    this.bytes.copyWithin(0, by, this.end);
    this.end -= by;
    this.drained -= by;
  }

  private grow(): void {
    if (this.bytes.length >= LARGEST)
      throw new DecodeFailure('unsupported', 0, 'a window of more than 1 GiB');
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }
}
