import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oracle } from '../../tools/oracle-kexec.mjs';
import type { Case } from './case.js';
import { findPurgatory, stateOf, type TheirPurgatory } from './their-purgatory.js';
import type { Loaded, Scene } from './memory.js';

/** What kexec(8) did with a case: what it asked the kernel for, or why it did not. */
export type Theirs =
  | {
      readonly ok: true;
      readonly scene: Scene;
      /** Where its purgatory lies; absent when it enters the image directly. */
      readonly purgatory?: Loaded;
      readonly flags: bigint;
      readonly command: string;
    }
  | { readonly ok: false; readonly status: string; readonly said: string; readonly command: string };

const { command, environment } = oracle();
let known: TheirPurgatory | undefined;

/**
 * Runs kexec(8) on a case. Its files are written into `folder`, beside the machine's own in `folder/root`.
 * It is given 20 s: it takes 4 ms.
 */
export async function askTheirs(
  made: Case,
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<Theirs> {
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  const dump = join(folder, 'dump');
  rmSync(dump, { force: true });
  const argv = argumentsFor(made, folder);
  const run = await runKexec(argv, {
    ...environment,
    KEXEC_ROOT: join(folder, 'root'),
    KEXEC_DUMP: dump,
    PATH: '/usr/bin:/bin',
  });
  const line = `kexec ${argv.join(' ')}`;
  if (run.status !== '0' || !existsSync(dump)) return { ok: false, ...run, command: line };
  known ??= findPurgatory(readFileSync(command));
  return { ok: true, ...sceneOf(parseDump(readFileSync(dump)), known), command: line };
}

function runKexec(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ status: string; said: string }> {
  return new Promise((resolve) => {
    const options = { env, timeout: 20_000, killSignal: 'SIGKILL', encoding: 'latin1' } as const;
    execFile(command, [...argv], options, (error, stdout, stderr) => {
      const status = error === null ? '0' : String(error.code ?? error.signal ?? error.message);
      resolve({ status, said: `${stdout}${stderr}`.trim() });
    });
  });
}

/** Type names of kexec(8). */
function typeOf({ image }: Case): string {
  switch (image.format) {
    case 'bzimage64':
      return 'bzImage64';
    case 'bzimage32':
      return 'bzImage';
    case 'elf':
      return image.elf.bits === 64 ? 'elf-x86_64' : 'elf-x86';
    case 'multiboot':
      return 'multiboot-x86';
    case 'multiboot2':
      return 'multiboot2-x86';
  }
}

function argumentsFor(made: Case, folder: string): string[] {
  const { image, options, purpose } = made;
  return [
    '-c',
    '-i',
    purpose === 'crash' ? '-p' : '-l',
    join(folder, 'image'),
    '-t',
    typeOf(made),
    ...(image.format === 'elf' && image.args !== 'elf' ? [`--args-${image.args}`] : []),
    ...(options.efi ? [] : ['--noefi']),
    ...(options.memory === undefined
      ? []
      : [
          `--mem-min=0x${options.memory.start.toString(16)}`,
          `--mem-max=0x${(options.memory.end - 1n).toString(16)}`,
        ]),
    ...(options.initrd === 0 ? [] : [`--initrd=${join(folder, 'initrd.0')}`]),
    ...options.modules.map(({ text }, i) => `--module=${join(folder, `module.${i}`)}${text && ` ${text}`}`),
    ...(options.reuse ? ['--reuse-cmdline'] : []),
    // Last: the options of the x86 family make it forget what stands before them.
    ...(options.commandLine === '' ? [] : [`--command-line=${options.commandLine}`]),
  ];
}

interface Dump {
  readonly entry: bigint;
  readonly flags: bigint;
  readonly pieces: readonly Loaded[];
}

/** The form is e2e/oracle/intercept.c's. */
export function parseDump(bytes: Uint8Array): Dump {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const word = () => view.getBigUint64((at += 8) - 8, true);
  const [entry, flags, count] = [word(), word(), word()];
  const pieces: Loaded[] = [];
  for (let i = 0n; i < count; i++) {
    const [start, memorySize, size] = [word(), word(), Number(word())];
    pieces.push({ start, memorySize, bytes: bytes.subarray(at, at + size) });
    at += size;
  }
  return { entry, flags, pieces };
}

/** Purgatory is not what the kernel finds, but says how it is entered; without one the entry is the image's. */
function sceneOf(
  { entry, flags, pieces }: Dump,
  known: TheirPurgatory,
): { scene: Scene; purgatory?: Loaded; flags: bigint } {
  const purgatory = pieces.find(({ start }) => start + known.entry === entry);
  if (purgatory === undefined)
    return { scene: { pieces, state: { mode: 'long64', entry, registers: {} } }, flags };
  const rest = pieces.filter((piece) => piece !== purgatory);
  return { scene: { pieces: rest, state: stateOf(known, purgatory) }, purgatory, flags };
}
