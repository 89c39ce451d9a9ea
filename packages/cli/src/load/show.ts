import { drawFacts } from '../draw/facts.js';
import { summarize } from '../draw/summary.js';
import { drawText } from '../draw/text.js';
import type { Output } from '../context.js';
import type { Loaded } from './load.js';

/** What goes where, and why; for kexec_file_load there is no picture, since the kernel places what it reads. */
export function show(output: Output, { submission, detail }: Loaded, verbose: boolean): void {
  const { colours } = output;
  if (submission.method === 'file') {
    output.write(`${colours.bold(detail)}\nplaced by the running kernel itself\n`);
    return;
  }
  output.write(summarize(submission, detail, output));
  output.write(drawText(submission, { colours, verbose }));
  output.write(drawFacts(submission.facts, colours));
}
