import { drawText } from '../draw/text.js';
import { summarize } from '../draw/summary.js';
import type { Output } from '../context.js';
import type { Loaded } from './load.js';
import { callOf } from './words.js';

/** What goes where, and why: the picture, or for kexec_file_load the files, since the kernel places them. */
export function show(output: Output, { submission, detail }: Loaded): void {
  if (submission.method === 'segments') {
    output.write(summarize(submission, detail, output));
    output.write(drawText(submission, { colours: output.colours, verbose: true }));
    return;
  }
  output.write(`${output.colours.bold(detail)}\nthe running kernel places it: ${callOf.file}\n`);
}
