import type { FileHandle } from 'node:fs/promises';
import {
  ok,
  range,
  type Range,
  type ReadSource,
  type Result,
  type SegmentsSubmission,
  type Submission,
} from '@kexec-kit/loader-api';
import { qemuArguments } from './arguments.js';
import { checkSubmission, extentOf } from './check.js';
import { missing, noRoom } from './codes.js';
import { BackendFailure } from './failure.js';
import { findProgram, openNameless, scratchDirectory } from './files.js';
import { ramBlocks, type Guest } from './guest.js';
import { writeAll, writeRam } from './ram.js';
import { buildRom } from './rom.js';
import { run, type BootResult, type RunOptions } from './run.js';

/** The guest, how much of it is mapped at hand-over, and when the run ends. */
export interface BootOptions extends Guest, RunOptions {
  /**
   * true: only the segments and the declared mappings are mapped, as Xen does; else all RAM, the segments, the first MiB
   * and the page tables, as Linux does. The page that jumps to the entry is mapped either way, again as both do.
   * Xen pages with four levels; a Linux entered at five reads its top-level table, so there a strict map lets it reset.
   */
  readonly strictMap?: boolean;
}

const PROGRAM = 'qemu-system-x86_64';
const FIRST_MIB = range(0n, 1n << 20n);

/** Whether there is a QEMU to boot in. */
export async function available(): Promise<Result<true>> {
  return (await findProgram(PROGRAM)) === undefined ? missing(PROGRAM) : ok(true);
}

/**
 * Applies a submission to a guest of its own and jumps to it, from the state in which Linux hands over: long mode, paging
 * as asked, interrupts off, GDTR and IDTR with limit 0, garbage in every general register, a pattern in all other RAM.
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
  const checked = checkSubmission(submission, options);
  if (!checked.ok) return checked;
  const program = await findProgram(PROGRAM);
  if (program === undefined) return missing(PROGRAM);
  const files: FileHandle[] = [];
  try {
    const ram = await makeFile(files, options.memory, (file) =>
      writeRam(file, { guest: options, segments: checked.value.segments, read }),
    );
    const rom = buildRom(romInput(checked.value, options));
    const romFile = await makeFile(files, BigInt(rom.length), (file) => writeAll(file, rom, 0));
    return await run(program, qemuArguments(options), { ram: ram.fd, rom: romFile.fd }, options);
  } catch (error) {
    if (error instanceof BackendFailure) return error.failure;
    throw error;
  } finally {
    await Promise.all(files.map((file) => file.close()));
  }
}

function romInput(submission: SegmentsSubmission, options: BootOptions) {
  const { strictMap = false, paging = 4 } = options;
  const declared: readonly Range[] = [...submission.segments.map(extentOf), ...submission.mappings];
  const mapped = strictMap ? declared : [FIRST_MIB, ...ramBlocks(options), ...declared];
  return { entry: submission.entry, paging, mapped, mapTables: !strictMap };
}

/** Opens a file, adds it to those that the caller closes, and fills it. */
async function makeFile(
  files: FileHandle[],
  size: bigint,
  fill: (file: FileHandle) => Promise<void>,
): Promise<FileHandle> {
  const directory = await scratchDirectory(size);
  try {
    const file = await openNameless(directory);
    files.push(file);
    await fill(file);
    return file;
  } catch (error) {
    throw error instanceof BackendFailure ? error : new BackendFailure(noRoom(directory, error));
  }
}
