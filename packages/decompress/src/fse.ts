import type { BackwardBits } from './backward-bits.js';
import { Bits } from './bits.js';
import type { Input } from './input.js';

/** A decoding table of finite state entropy (RFC 8878, 4.1): by state, its symbol and how the next state is read. */
export interface FseTable {
  readonly accuracy: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** A probability of "less than one". */
const RARE = -1;

/** Reads the description of a table (RFC 8878, 4.1.1); the input then stands behind it. */
export function readFseTable(input: Input, largestSymbol: number, largestAccuracy: number): FseTable {
  const bits = new Bits(input);
  const accuracy = bits.take(4) + 5;
  if (accuracy > largestAccuracy) throw input.corrupt('an FSE table that is too accurate');
  const probabilities: number[] = [];
  let left = 1 << accuracy;
  while (left > 0) {
    const probability = readProbability(bits, left);
    left -= Math.abs(probability);
    probabilities.push(probability);
    if (probability === 0) readZeros(bits, probabilities);
    if (left < 0 || probabilities.length > largestSymbol + 1) throw input.corrupt('an impossible FSE table');
  }
  bits.release();
  return fseTable(probabilities, accuracy, input);
}

/** A value between 0 and `left` + 1 in as few bits as can be; one less is the probability. */
function readProbability(bits: Bits, left: number): number {
  const count = 32 - Math.clz32(left + 1);
  const lowMask = (1 << (count - 1)) - 1;
  const threshold = (1 << count) - 2 - left;
  const value = bits.peek(count);
  const short = (value & lowMask) < threshold;
  bits.drop(short ? count - 1 : count);
  if (short) return (value & lowMask) - 1;
  return (value > lowMask ? value - threshold : value) - 1;
}

/** After a zero: how many more follow, by twos of bits, 3 meaning that another such count follows. */
function readZeros(bits: Bits, probabilities: number[]): void {
  for (let more = 3; more === 3 && probabilities.length < 256;) {
    more = bits.take(2);
    for (let zero = 0; zero < more; zero += 1) probabilities.push(0);
  }
}

/** Spreads the symbols over the states (RFC 8878, 4.1.1: "From normalized distribution to decoding tables"). */
export function fseTable(probabilities: readonly number[], accuracy: number, input?: Input): FseTable {
  const size = 1 << accuracy;
  const symbols = new Uint8Array(size);
  let high = size;
  for (const [symbol, probability] of probabilities.entries())
    if (probability === RARE) symbols[--high] = symbol;
  const step = (size >> 1) + (size >> 3) + 3;
  let position = 0;
  for (const [symbol, probability] of probabilities.entries()) {
    for (let time = 0; time < probability; time += 1) {
      symbols[position] = symbol;
      do position = (position + step) & (size - 1);
      while (position >= high);
    }
  }
  if (position !== 0 && input !== undefined) throw input.corrupt('an impossible FSE table');
  return withTransitions(probabilities, accuracy, symbols);
}

function withTransitions(probabilities: readonly number[], accuracy: number, symbols: Uint8Array): FseTable {
  const next = probabilities.map((probability) => Math.abs(probability));
  const bits = new Uint8Array(symbols.length);
  const bases = new Uint16Array(symbols.length);
  for (const [state, symbol] of symbols.entries()) {
    const count = next[symbol] ?? 1;
    next[symbol] = count + 1;
    const width = accuracy - (31 - Math.clz32(count));
    bits[state] = width;
    bases[state] = (count << width) - symbols.length;
  }
  return { accuracy, symbols, bits, bases };
}

/** The table of one symbol alone. */
export function constantTable(symbol: number): FseTable {
  return { accuracy: 0, symbols: Uint8Array.of(symbol), bits: Uint8Array.of(0), bases: Uint16Array.of(0) };
}

/** A state within a table. */
export class FseState {
  private readonly table: FseTable;
  private readonly stream: BackwardBits;
  private state: number;

  constructor(table: FseTable, stream: BackwardBits) {
    this.table = table;
    this.stream = stream;
    this.state = stream.read(table.accuracy);
  }

  get symbol(): number {
    return this.table.symbols[this.state] ?? 0;
  }

  advance(): void {
    const { table, state } = this;
    this.state = (table.bases[state] ?? 0) + this.stream.read(table.bits[state] ?? 0);
  }
}
