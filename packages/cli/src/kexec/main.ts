import { processContext } from '../process-context.js';
import { run } from './run.js';

/** Runs `kexec` in this process: argv in, exit status out. */
export async function main(): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), processContext());
}
