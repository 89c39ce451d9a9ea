import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cpio, MARKER, type Entry } from '../../tools/initramfs.mjs';
import type { Witness } from '../boot/linux.js';
import { FINISHED, RESULT, STAGE, STARTED } from './init.js';
import { rootfs, withFolders, x86_64, type Userland } from './rootfs.js';
import { inTurn } from './turns.js';

/** What is to be run, and in which machine. */
export interface GuestRequest {
  /** A bzImage on this machine: the kernel that runs first. */
  readonly kernel: string;
  /** In MiB. Default 1024; with less than 512 the file system does not fit. */
  readonly memory?: number;
  /** More of the first kernel's command line. */
  readonly append?: string;
  /** Default: this machine's own. */
  readonly userland?: Userland;
  /** Files of the guest by path without a leading slash: their content, or where it is on this machine. */
  readonly files?: Readonly<Record<string, string | Uint8Array | { readonly from: string }>>;
  /**
   * Shell commands, one after the other whatever becomes of them: those of the first stage run in the first kernel, those
   * of the next in the kernel that the last of them starts with {@link nextStage} on its command line.
   */
  readonly stages: readonly (readonly string[])[];
  /** More arguments for QEMU. */
  readonly qemu?: readonly string[];
  /** The run ends once this has come on the serial line: for what never ends by itself. */
  readonly until?: string;
  /** In milliseconds. */
  readonly timeout?: number;
}

/** What became of one command. */
export interface CommandResult {
  readonly stage: number;
  readonly command: string;
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** By the guest's clock. */
  readonly seconds: number;
}

export interface GuestResult {
  /** Of the commands that came to an end, in order. */
  readonly results: readonly CommandResult[];
  /** What each witness init (tools/initramfs.mjs) has printed. */
  readonly witnesses: readonly Witness[];
  /** All that came on the serial line, but for the lines about commands. */
  readonly console: string;
  /** The last of it that is not blank: what a guest did last that hangs. */
  readonly lastLine: string;
  /** `finished`: a stage came to its end; `reset`: the machine was reset by something else; `seen`: `until` came; `timeout`: none in time. */
  readonly outcome: 'finished' | 'reset' | 'seen' | 'timeout';
  readonly milliseconds: number;
}

/** What the command line of a kernel needs to go on with a stage; with the initramfs that `repack FILE` writes. */
export function nextStage(stage: number): string {
  return `${quiet} ${STAGE}=${stage}`;
}

/** The command line of every kernel in a guest; `no_timer_check`, since a loaded machine fails that check. */
export const quiet = 'console=ttyS0 quiet panic=-1 reboot=t no_timer_check';

/** Longer than what is waited for and comes in pieces, in characters. */
const SCREEN = 1 << 17;

/** Ten times what a guest takes on a machine that does nothing else. */
const TIMEOUT = 400_000;

/**
 * Runs commands in a real kernel with Node and our packages, in QEMU. Bounded in time; at most two at once.
 *
 * @throws Error when QEMU does not start.
 */
export function runGuest(request: GuestRequest): Promise<GuestResult> {
  return inTurn(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kexec-kit-guest-'));
    try {
      const initrd = join(folder, 'initrd');
      await writeInitrd(initrd, request);
      return await run(request, initrd);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

/** The file system that all guests share, then what is this one's own. */
async function writeInitrd(
  path: string,
  { userland = x86_64, files = {}, stages }: GuestRequest,
): Promise<void> {
  const commands = stages.flatMap((stage, number) =>
    stage.map((command, index): Entry => ({
      path: `guest/stage-${number}/${index}`,
      content: `${command}\n`,
    })),
  );
  const own = Object.entries(files).map(async ([name, content]): Promise<Entry> => {
    const bytes = typeof content === 'object' && 'from' in content ? await readFile(content.from) : content;
    return { path: name, content: bytes };
  });
  await writeFile(path, await readFile(await rootfs(userland)));
  await writeFile(path, cpio(withFolders([...commands, ...(await Promise.all(own))])), { flag: 'a' });
}

async function run(request: GuestRequest, initrd: string): Promise<GuestResult> {
  const { kernel, memory = 1024, append = '', qemu = [], timeout = TIMEOUT } = request;
  const started = performance.now();
  const child = spawn('setpriv', [
    ...['--pdeathsig', 'KILL', '--', 'qemu-system-x86_64'],
    ...['-no-user-config', '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-machine', 'pc', '-accel', 'tcg', '-cpu', 'max,smap=off', '-m', String(memory), '-serial', 'stdio'],
    ...['-kernel', kernel, '-initrd', initrd, '-append', `${quiet} ${append}`.trim()],
    ...qemu,
  ]);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
  try {
    const heard = await listen(child, request.until);
    return {
      ...read(request, heard.lines),
      lastLine: heard.lines.filter((line) => line.trim() !== '').at(-1) ?? '',
      outcome: outcomeOf(heard),
      milliseconds: performance.now() - started,
    };
  } finally {
    clearTimeout(timer);
  }
}

interface Heard {
  readonly lines: readonly string[];
  readonly seen: boolean;
  /** What ended QEMU; null when it ended by itself. */
  readonly signal: string | null;
}

function outcomeOf({ lines, seen, signal }: Heard): GuestResult['outcome'] {
  if (seen) return 'seen';
  if (lines.includes(FINISHED)) return 'finished';
  return signal === null ? 'reset' : 'timeout';
}

function listen(child: ChildProcess, until?: string): Promise<Heard> {
  const lines: string[] = [];
  let [said, tail, seen] = ['', '', false];
  // Who draws a screen may never end a line.
  child.stdout!.on('data', (chunk: Buffer) => {
    if (until === undefined || seen) return;
    tail = (tail + chunk.toString('latin1')).slice(-SCREEN);
    seen = tail.includes(until);
    if (seen) child.kill('SIGKILL');
  });
  createInterface({ input: child.stdout! }).on('line', (line) => lines.push(line.replace(/\r/g, '')));
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code !== 0 && signal === null) reject(new Error(`QEMU ended with ${code}: ${said}`));
      else resolve({ lines, seen, signal });
    });
  });
}

/** Sorts the lines of the serial line into what they are. */
function read({ stages }: GuestRequest, lines: readonly string[]) {
  const results = lines.filter((line) => line.startsWith(RESULT)).map((line) => resultOf(line, stages));
  const about = [STARTED, RESULT, FINISHED];
  const rest = lines.filter((line) => !about.some((mark) => line.startsWith(mark)));
  const witnesses = rest.flatMap((line, index) =>
    line.startsWith(MARKER) ? [JSON.parse(jsonIn(rest[index - 1] ?? '')) as Witness] : [],
  );
  return { results, witnesses, console: rest.join('\n') };
}

/** The kernel may have left something on the line before. */
function jsonIn(line: string): string {
  return line.slice(line.indexOf('{'));
}

function resultOf(line: string, stages: GuestRequest['stages']): CommandResult {
  const { stage, index, status, begin, end, stdout, stderr } = JSON.parse(line.slice(RESULT.length)) as {
    stage: number;
    index: number;
    status: number;
    begin: number;
    end: number;
    stdout: string;
    stderr: string;
  };
  const text = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
  return {
    stage,
    command: stages[stage]?.[index] ?? '',
    status,
    stdout: text(stdout),
    stderr: text(stderr),
    seconds: Math.round((end - begin) * 100) / 100,
  };
}
