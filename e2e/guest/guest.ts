import { spawn, type ChildProcess } from 'node:child_process';
import { appendFile, copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cpio, MARKER, type Entry } from '../../tools/initramfs.mjs';
import type { Witness } from '../boot/linux.js';
import { FINISHED, RESULT, STAGE, STARTED } from './init.js';
import { rootfs, seed, withFolders, x86_64, type Userland } from './rootfs.js';
import { inTurn } from './turns.js';

/** By path without a leading slash: their content, or where it is on this machine. */
export type Files = Readonly<Record<string, string | Uint8Array | { readonly from: string }>>;

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
  /** Of the guest's own. */
  readonly files?: Files;
  /**
   * Shell commands, one after the other whatever becomes of them: those of the first stage run in the first kernel, those
   * of the next in the kernel that the last of them starts with {@link nextStage} on its command line.
   */
  readonly stages: readonly (readonly string[])[];
  /**
   * Node, the packages and these files lie in a device's memory, from which every kernel of the guest takes them: what one
   * hands on to the next is small, and a chain of many is quick. Their paths begin with `opt/`. Not under lockdown, and not
   * with a userland of its own.
   */
  readonly shared?: Files;
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
      const { shared, qemu = [] } = request;
      const device = shared === undefined ? [] : await sharedDevice(join(folder, 'shared'), shared);
      return await run({ ...request, qemu: [...device, ...qemu] }, initrd);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}

/** A PCI device whose memory begins with the file system that all guests share. */
async function sharedDevice(path: string, files: Files): Promise<string[]> {
  await copyFile(await rootfs(x86_64), path);
  await appendFile(path, cpio(withFolders(await entriesOf(files))));
  const size = 2 ** Math.ceil(Math.log2((await stat(path)).size));
  await truncate(path, size);
  return [
    ...['-object', `memory-backend-file,id=shared,share=on,mem-path=${path},size=${size}`],
    ...['-device', 'ivshmem-plain,memdev=shared'],
  ];
}

/** The file system that all guests share, then what is this one's own. */
async function writeInitrd(
  path: string,
  { userland = x86_64, files = {}, shared, stages }: GuestRequest,
): Promise<void> {
  const commands = stages.flatMap((stage, number) =>
    stage.map((command, index): Entry => ({
      path: `guest/stage-${number}/${index}`,
      content: `${command}\n`,
    })),
  );
  await writeFile(path, shared === undefined ? await readFile(await rootfs(userland)) : await seed());
  await appendFile(path, cpio(withFolders([...commands, ...(await entriesOf(files))])));
}

function entriesOf(files: Files): Promise<Entry[]> {
  const entries = Object.entries(files).map(async ([path, content]): Promise<Entry> => {
    const bytes = typeof content === 'object' && 'from' in content ? await readFile(content.from) : content;
    return { path, content: bytes };
  });
  return Promise.all(entries);
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
    line.startsWith(MARKER) ? [JSON.parse(jsonIn(rest.slice(0, index))) as Witness] : [],
  );
  return { results, witnesses, console: rest.join('\n') };
}

/** The witness's line before its marker. The kernel may have left something on it, or a console an empty one after it. */
function jsonIn(lines: readonly string[]): string {
  const line = lines.filter((one) => one.includes(WITNESS)).at(-1) ?? '';
  return line.slice(line.indexOf(WITNESS));
}

/** How its line begins. */
const WITNESS = '{"cmdline"';

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
