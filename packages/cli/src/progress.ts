import type { Progress } from '@kexec-kit/loader-api';
import type { Output } from './context.js';
import { humanSize } from './size.js';

/** Shows how far a long job is: on a terminal one line, rewritten; elsewhere nothing. */
export interface ProgressLine {
  readonly update: (progress: Progress) => void;
  readonly clear: () => void;
}

const redrawEvery = 100;

export function progressLine(output: Output, now: () => number = Date.now): ProgressLine {
  let shown = false;
  let last = now();
  return {
    update(progress) {
      if (!output.terminal || now() - last < redrawEvery) return;
      last = now();
      shown = true;
      output.write(`\r\u001b[K${textOf(progress).slice(0, output.width - 1)}`);
    },
    clear() {
      if (shown) output.write('\r\u001b[K');
      shown = false;
    },
  };
}

function textOf({ what, done, total }: Progress): string {
  const size = humanSize(BigInt(done));
  if (total === undefined || total === 0) return `${what} ${size}`;
  return `${what} ${size} of ${humanSize(BigInt(total))} (${String(Math.floor((100 * done) / total))} %)`;
}
