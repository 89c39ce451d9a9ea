import { Finding } from './finding.js';

/** On each side of the input, in bytes: a reader that goes astray goes astray by a header or by a page. */
const MARGIN = 8192;

/**
 * An input in the midst of a larger buffer that is poisoned on both sides. Who reads beyond the input reads poison, and
 * another poison the next time; who forgets `byteOffset` reads poison from the start. Beyond the margin nothing is: that
 * is an exception.
 */
export interface Arena {
  readonly bytes: Uint8Array;
  /** @throws Finding when the input, or anything around it, was written to. */
  readonly demandUntouched: () => void;
}

export function placeInArena(input: Uint8Array, poison: number, shift: number): Arena {
  const start = MARGIN + shift;
  const buffer = new Uint8Array(start + input.length + MARGIN).fill(poison);
  buffer.set(input, start);
  const bytes = buffer.subarray(start, start + input.length);
  const demandUntouched = () => {
    if (Buffer.compare(bytes, input) !== 0) throw new Finding('rule', 'the input was written to');
    const around = [buffer.subarray(0, start), buffer.subarray(start + input.length)];
    if (around.some((side) => !isFilled(side, poison)))
      throw new Finding('outside', 'bytes around the input were written to');
  };
  return { bytes, demandUntouched };
}

/** Each byte equals the one before it, and the first is right: one native comparison. */
function isFilled(bytes: Uint8Array, value: number): boolean {
  return bytes[0] === value && Buffer.compare(bytes.subarray(1), bytes.subarray(0, -1)) === 0;
}
