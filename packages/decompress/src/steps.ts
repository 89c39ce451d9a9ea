import type { Input } from './input.js';
import { BURST, ROOM } from './window.js';
import type { Window } from './window.js';

/** One step of a byte-wise LZ77 format: literals from the input, then a match; each of any length, in bytes. */
export interface Step {
  /** Where in the input the literals stand. */
  from: number;
  literals: number;
  distance: number;
  match: number;
}

/** Reads the next step; false when there is none. Reused, so that a step costs no allocation. */
export type NextStep = (step: Step) => boolean;

/** Writes steps into a window, burst by burst: a match of megabytes needs no more memory than one of four bytes. */
export function* runSteps(
  input: Input,
  window: Window,
  most: number,
  next: NextStep,
): Generator<Uint8Array, void> {
  const step: Step = { from: 0, literals: 0, distance: 0, match: 0 };
  const end = window.total + most;
  for (let more = true; more;) {
    window.reserve();
    more = runBurst(input, window, end, next, step);
    if (window.pending >= BURST) yield window.drain();
  }
}

/** Until a burst is pending (true) or no step is left (false). */
function runBurst(input: Input, window: Window, end: number, next: NextStep, step: Step): boolean {
  while (window.pending < BURST) {
    if (step.literals > 0) writeLiterals(input, window, step);
    else if (step.match > 0) writeMatch(input, window, step);
    else {
      if (!next(step)) return false;
      if (window.total + step.literals + step.match > end)
        throw input.corrupt('a block that holds more than it may');
    }
  }
  return true;
}

function writeLiterals(input: Input, window: Window, step: Step): void {
  const length = Math.min(step.literals, ROOM - window.pending);
  window.appendFrom(input.bytes, step.from, length);
  step.from += length;
  step.literals -= length;
}

function writeMatch(input: Input, window: Window, step: Step): void {
  const length = Math.min(step.match, ROOM - window.pending);
  if (step.distance === 0 || !window.copy(step.distance, length))
    throw input.corrupt('a match that reaches before the start');
  step.match -= length;
}

/** All of a block as it is. */
export function storedSteps(block: Input): NextStep {
  return (step) => {
    step.from = block.position;
    step.literals = block.left;
    block.skip(block.left);
    return step.literals > 0;
  };
}
