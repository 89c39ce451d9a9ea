import type { Input } from './input.js';
import { HALF, RangeDecoder } from './range-decoder.js';
import { BURST } from './window.js';
import type { Window } from './window.js';

/** LZMA specification, "LZMA properties". */
export interface LzmaProperties {
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
}

/** `(pb * 5 + lp) * 9 + lc`; undefined when it is not. */
export function lzmaProperties(byte: number): LzmaProperties | undefined {
  if (byte >= 9 * 5 * 5) return undefined;
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) };
}

const STATES = 12;
const POSITIONS = 16;
const MATCH_MINIMUM = 2;
/** A distance of 2^32 - 1 stands for the end. */
const END_DISTANCE = 0xffffffff;
const DISTANCE_SLOTS = 64;
const ALIGN_BITS = 4;
const FIRST_MODELLED_SLOT = 4;
const END_OF_MODELLED_SLOTS = 14;
/** Room for one bit tree per modelled distance slot, by the specification's own count (1 + 128 - 14). */
const SPECIAL_DISTANCES = 115;

/** A length: 0..7 and 8..15 by position, 16..271 by one tree (LZMA specification, "The match length"). */
class LengthCoder {
  private readonly choice = new Uint16Array(2).fill(HALF);
  private readonly low = new Uint16Array(POSITIONS << 3).fill(HALF);
  private readonly middle = new Uint16Array(POSITIONS << 3).fill(HALF);
  private readonly high = new Uint16Array(256).fill(HALF);

  read(range: RangeDecoder, position: number): number {
    if (range.bit(this.choice, 0) === 0) return range.tree(this.low, position << 3, 3);
    if (range.bit(this.choice, 1) === 0) return 8 + range.tree(this.middle, position << 3, 3);
    return 16 + range.tree(this.high, 0, 8);
  }
}

/** Every probability, as at a state reset. */
function freshModel({ lc, lp }: LzmaProperties) {
  const words = (count: number): Uint16Array => new Uint16Array(count).fill(HALF);
  return {
    literal: words(0x300 << (lc + lp)),
    isMatch: words(STATES * POSITIONS),
    isRep: words(STATES),
    isRepG0: words(STATES),
    isRepG1: words(STATES),
    isRepG2: words(STATES),
    isRep0Long: words(STATES * POSITIONS),
    slots: words(4 * DISTANCE_SLOTS),
    special: words(SPECIAL_DISTANCES),
    align: words(1 << ALIGN_BITS),
    length: new LengthCoder(),
    repLength: new LengthCoder(),
  };
}

/** Decodes LZMA packets into a window (LZMA specification, "The main loop of decoder"). */
export class LzmaDecoder {
  readonly range: RangeDecoder;
  private readonly input: Input;
  private readonly window: Window;
  private properties: LzmaProperties = { lc: 0, lp: 0, pb: 0 };
  private model = freshModel(this.properties);
  private state = 0;
  private rep0 = 0;
  private rep1 = 0;
  private rep2 = 0;
  private rep3 = 0;

  constructor(input: Input, window: Window) {
    this.input = input;
    this.window = window;
    this.range = new RangeDecoder(input);
  }

  resetState(properties: LzmaProperties = this.properties): void {
    this.properties = properties;
    this.model = freshModel(properties);
    this.state = 0;
    this.rep0 = this.rep1 = this.rep2 = this.rep3 = 0;
  }

  /**
   * Decodes until the window has seen `end` bytes in all (`full`), a burst is pending (`burst`), or an end marker came.
   * A match that reaches beyond `end` is corrupt.
   */
  run(end: number): 'full' | 'burst' | 'marker' {
    const { window, input } = this;
    while (window.total < end) {
      if (window.pending >= BURST) return 'burst';
      const length = this.packet();
      if (length < 0) return 'marker';
      if (length === 0) continue;
      if (window.total + length > end) throw input.corrupt('a match that reaches beyond the end');
      if (!window.copy(this.rep0 + 1, length)) throw input.corrupt('a match that reaches before the start');
    }
    return 'full';
  }

  /** Whether an end marker comes next; nothing else may. */
  readMarker(): void {
    if (this.packet() >= 0) throw this.input.corrupt('more content than its header says');
  }

  /** One packet: writes a literal (0), or gives the length to be copied from `rep0`; -1 is the end marker. */
  private packet(): number {
    const { model, range, window, state } = this;
    const position = window.reachable & ((1 << this.properties.pb) - 1);
    if (range.bit(model.isMatch, state * POSITIONS + position) === 0) return this.literal();
    if (range.bit(model.isRep, state) === 0) return this.match(position);
    return this.repeat(position);
  }

  private literal(): 0 {
    const { range, window, state } = this;
    const { lc, lp } = this.properties;
    const context = ((window.reachable & ((1 << lp) - 1)) << lc) | (window.back(1) >> (8 - lc));
    const base = 0x300 * context;
    const probabilities = this.model.literal;
    let symbol = 1;
    if (state >= 7) {
      for (let matched = window.back(this.rep0 + 1); symbol < 0x100; matched <<= 1) {
        const matchBit = (matched >> 7) & 1;
        const bit = range.bit(probabilities, base + ((1 + matchBit) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (matchBit !== bit) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | range.bit(probabilities, base + symbol);
    window.put(symbol & 0xff);
    this.state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
    return 0;
  }

  private match(position: number): number {
    this.rep3 = this.rep2;
    this.rep2 = this.rep1;
    this.rep1 = this.rep0;
    const length = this.model.length.read(this.range, position);
    this.state = this.state < 7 ? 7 : 10;
    this.rep0 = this.distance(length);
    return this.rep0 === END_DISTANCE ? -1 : length + MATCH_MINIMUM;
  }

  private distance(length: number): number {
    const { range, model } = this;
    const slot = range.tree(model.slots, Math.min(length, 3) * DISTANCE_SLOTS, 6);
    if (slot < FIRST_MODELLED_SLOT) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < END_OF_MODELLED_SLOTS) return base + range.reverseTree(model.special, base - slot, bits);
    return base + range.direct(bits - ALIGN_BITS) * 16 + range.reverseTree(model.align, 0, ALIGN_BITS);
  }

  /** A match at one of the last four distances, which moves to the front. */
  private repeat(position: number): number {
    const { range, model, state } = this;
    if (range.bit(model.isRepG0, state) === 0) {
      if (range.bit(model.isRep0Long, state * POSITIONS + position) === 0) {
        this.state = state < 7 ? 9 : 11;
        return 1;
      }
    } else this.reorder();
    this.state = state < 7 ? 8 : 11;
    return model.repLength.read(range, position) + MATCH_MINIMUM;
  }

  private reorder(): void {
    const { range, model, state, rep0, rep1, rep2 } = this;
    if (range.bit(model.isRepG1, state) === 0) this.rep0 = rep1;
    else {
      if (range.bit(model.isRepG2, state) === 0) this.rep0 = rep2;
      else {
        this.rep0 = this.rep3;
        this.rep3 = rep2;
      }
      this.rep2 = rep1;
    }
    this.rep1 = rep0;
  }
}
