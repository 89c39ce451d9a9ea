import type { Input } from './input.js';
import type { NextStep, Step } from './steps.js';

/** How far back a match may reach, in bytes: 16 KiB, and twice 16 KiB by 15 bits. */
export const LZO_WINDOW = 0xc000;

/** A first byte above this is a run of literals; every other byte below 16 is one where no literals came before it. */
const FIRST_RUN = 17;
const AFTER_RUN = 4;
/** This distance of the farthest kind of match stands for the end. */
const END_DISTANCE = 0x4000;

/**
 * Reads LZO1X (Linux, Documentation/staging/lzo.rst, "Byte sequences"). What an instruction below 16 means depends on the
 * literals before it: `state` is 4 after a run, else how many (0 to 3) belong to the last match. Those are given with
 * the step after it.
 */
export function lzo1xSteps(input: Input): NextStep {
  let state = 0;
  let isFirst = true;
  let isEnd = false;
  return (step) => {
    if (isEnd) return false;
    setLiterals(input, step, state % AFTER_RUN);
    step.match = 0;
    const code = input.u8();
    const run = runLength(input, code, state, isFirst);
    isFirst = false;
    if (run === 0) {
      state = readMatch(input, code, state, step);
      isEnd = step.distance === END_DISTANCE && code < 32 && code >= 16;
      if (isEnd) step.match = 0;
    } else if (run < AFTER_RUN) {
      state = run;
    } else {
      setLiterals(input, step, run);
      state = AFTER_RUN;
    }
    if (isEnd && input.left > 0) throw input.corrupt('something after the end of a block');
    return true;
  };
}

function setLiterals(input: Input, step: Step, length: number): void {
  step.from = input.position;
  step.literals = length;
  input.skip(length);
}

/** How many literals an instruction stands for; 0 when it is a match. */
function runLength(input: Input, code: number, state: number, isFirst: boolean): number {
  if (isFirst && code > FIRST_RUN) return code - FIRST_RUN;
  return code < 16 && state === 0 ? 3 + readLength(input, code, 15) : 0;
}

/** Fills in a match; gives how many literals belong to it. */
function readMatch(input: Input, code: number, state: number, step: Step): number {
  if (code >= 64) {
    step.match = code >= 128 ? 5 + ((code >> 5) & 3) : 3 + ((code >> 5) & 1);
    step.distance = (input.u8() << 3) + ((code >> 2) & 7) + 1;
    return code & 3;
  }
  if (code < 16) {
    step.match = state === AFTER_RUN ? 3 : 2;
    step.distance = (input.u8() << 2) + (code >> 2) + (state === AFTER_RUN ? 0x801 : 1);
    return code & 3;
  }
  const isFar = code < 32;
  step.match = 2 + (isFar ? readLength(input, code & 7, 7) : readLength(input, code & 31, 31));
  const word = input.u16();
  step.distance = (word >> 2) + (isFar ? END_DISTANCE + ((code & 8) << 11) : 1);
  return word & 3;
}

/** 0 goes on: each zero byte counts 255, up to one that is none. */
function readLength(input: Input, length: number, base: number): number {
  if (length !== 0) return length;
  let total = base;
  let byte = input.u8();
  for (; byte === 0; byte = input.u8()) total += 255;
  return total + byte;
}
