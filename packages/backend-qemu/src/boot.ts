import { ok, type ReadSource, type Result, type Submission } from '@kexec-kit/loader-api';
import { qemuArguments, STAY } from './arguments.js';
import { checkSubmission } from './check.js';
import { missing } from './codes.js';
import { contentsFor } from './contents.js';
import { findProgram, PROGRAM } from './files.js';
import { targetOf, type Guest } from './guest.js';
import { withFiles } from './media.js';
import { probeGuestMachine } from './probe.js';
import { run, type BootResult, type RunOptions } from './run.js';

/** The guest, how much of it is mapped at hand-over, and when the run ends. */
export interface BootOptions extends Guest, RunOptions {
  /**
   * true: only the segments and the declared mappings are mapped, as Xen does; else all RAM, the segments, the first MiB
   * and the page tables, as Linux does. The page that jumps to the entry is mapped either way, again as both do.
   * i386 hands over with paging off: there it is the same either way. Xen pages with four levels; a Linux entered at five reads its top-level table, so there a strict map lets it reset.
   */
  readonly strictMap?: boolean;
}

/** Whether there is a QEMU to boot in. */
export async function available(): Promise<Result<true>> {
  return (await findProgram(PROGRAM)) === undefined ? missing(PROGRAM) : ok(true);
}

/**
 * Applies a submission to a guest of its own and jumps to it, from the state in which Linux hands over: long mode and paging
 * as asked, or i386 without paging; interrupts off, GDTR and IDTR with limit 0, garbage in every general register. Other RAM
 * holds a pattern, or what SeaBIOS left: then the segments are put in place after it, and it can still be called.
 *
 * Nothing is left behind: RAM and ROM are files without a name, and QEMU is killed with this process.
 *
 * @returns how the run ended. Everything that keeps it from starting is a diagnostic (see `qemuCodes`).
 * @throws the signal's reason when the run is aborted.
 * @example
 * ```ts no-run
 * const booted = await boot(submission, read, { model: 'microvm', memory: 256n << 20n, until: 'login:', timeoutMs: 60_000 });
 * ```
 */
export async function boot(
  submission: Submission,
  read: ReadSource,
  options: BootOptions,
): Promise<Result<BootResult>> {
  const machine = await probeGuestMachine(options);
  if (!machine.ok) return machine;
  const checked = checkSubmission(submission, machine.value, targetOf(options));
  if (!checked.ok) return checked;
  const program = await findProgram(PROGRAM);
  if (program === undefined) return missing(PROGRAM);
  const contents = await contentsFor(checked.value, read, options);
  if (!contents.ok) return contents;
  const args = [...qemuArguments(options), ...(options.questions === undefined ? [] : [STAY])];
  return withFiles(contents.value, (files) => run(program, args, files, options));
}
