import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { ok, type Result } from '@kexec-kit/loader-api';
import { descriptors } from './arguments.js';
import { died, said } from './codes.js';
import { findProgram } from './files.js';
import { watchHalt } from './monitor.js';
import { lastLineOf, Tail } from './output.js';

/** How a run is watched, and when it ends. */
export interface RunOptions {
  /** Ends the run as soon as the guest has printed this text, on serial or on debugcon. */
  readonly until?: string;
  /** In milliseconds; no run is without a bound. */
  readonly timeoutMs: number;
  /** Called once the guest is running: everything that could be refused before has been accepted. */
  readonly onStart?: () => void;
  /** What the guest prints on its serial line, as it comes. */
  readonly onOutput?: (chunk: Uint8Array) => void;
  /** What the guest writes to port 0xe9, as it comes. */
  readonly onDebugcon?: (chunk: Uint8Array) => void;
  /** Ends the run; `boot` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How a run ended, and what it last said. */
export interface BootResult {
  /**
   * `seen`: `until` was printed; `exited`: the guest reset or powered off; `halted`: its CPU sleeps with interrupts off,
   * for good; `timeout`: nothing of these, in time.
   */
  readonly outcome: 'seen' | 'exited' | 'halted' | 'timeout';
  /** The end of what came on the serial line: the last 256 KiB. */
  readonly output: string;
  /** The end of what came on port 0xe9: the last 256 KiB. */
  readonly debugcon: string;
  /** The last line that said something, on serial, else on debugcon; may be empty. */
  readonly lastLine: string;
  /** QEMU's exit status, or null when it was stopped. */
  readonly exitCode: number | null;
  /** From the start of QEMU to its end. */
  readonly milliseconds: number;
}

/** Runs QEMU until one of the ends that {@link RunOptions} names. `files` are what {@link descriptors} names, from `ram` on. */
export async function run(
  program: string,
  args: readonly string[],
  files: readonly { readonly fd: number }[],
  options: RunOptions,
): Promise<Result<BootResult>> {
  options.signal?.throwIfAborted();
  const started = performance.now();
  const child = await spawnTied(program, args, [
    ...(['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] as const),
    ...files.map(({ fd }) => fd),
  ]);
  options.onStart?.();
  const heard = listen(child, options);
  const ended = await endOf(child, options);
  options.signal?.throwIfAborted();
  return conclude(heard, ended, performance.now() - started);
}

/** Starts a program that dies when this process does, however that happens, where util-linux is there to see to it. */
async function spawnTied(
  program: string,
  args: readonly string[],
  stdio: StdioOptions,
): Promise<ChildProcess> {
  const tie = await findProgram('setpriv');
  return tie === undefined
    ? spawn(program, args, { stdio })
    : spawn(tie, ['--pdeathsig', 'KILL', '--', program, ...args], { stdio });
}

interface Heard {
  readonly serial: Tail;
  readonly debugcon: Tail;
  readonly errors: Tail;
}

function listen(child: ChildProcess, { until, onOutput, onDebugcon }: RunOptions): Heard {
  const hear = (descriptor: 1 | 2 | 3, tail: Tail, pass?: (chunk: Uint8Array) => void) => {
    child.stdio[descriptor]?.on('data', (chunk: Buffer) => {
      tail.push(chunk);
      pass?.(chunk);
      if (tail.seen) child.kill('SIGKILL');
    });
    return tail;
  };
  return {
    serial: hear(1, new Tail(until), onOutput),
    errors: hear(2, new Tail()),
    debugcon: hear(descriptors.debugcon, new Tail(until), onDebugcon),
  };
}

interface Ended {
  readonly code: number | null;
  readonly how: string;
  /** Why it was stopped, if not because of what it printed. */
  readonly stopped: 'halted' | 'timeout' | undefined;
}

/** Waits until a child and its output are at an end; sees to it that the time is, too. */
async function endOf(child: ChildProcess, { timeoutMs, signal }: RunOptions): Promise<Ended> {
  let stopped: Ended['stopped'];
  const kill = () => child.kill('SIGKILL');
  const stop = (why: Ended['stopped']) => {
    stopped ??= why;
    kill();
  };
  const timer = setTimeout(stop, timeoutMs, 'timeout');
  const unwatch = watchHalt(child.stdio[descriptors.monitor] as Duplex, () => {
    stop('halted');
  });
  signal?.addEventListener('abort', kill);
  process.on('exit', kill);
  try {
    return await new Promise<Ended>((resolve) => {
      child.on('error', ({ message }) => {
        resolve({ code: null, how: message, stopped });
      });
      child.on('exit', unwatch);
      child.on('close', (code, killedBy) => {
        resolve({ code, how: killedBy ?? `status ${code ?? 'unknown'}`, stopped });
      });
    });
  } finally {
    unwatch();
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    process.off('exit', kill);
  }
}

function conclude(
  { serial, debugcon, errors }: Heard,
  ended: Ended,
  milliseconds: number,
): Result<BootResult> {
  const seen = serial.seen || debugcon.seen;
  if (!seen && ended.stopped === undefined && ended.code !== 0) return died(ended.how, errors.text);
  return ok(
    {
      outcome: seen ? 'seen' : (ended.stopped ?? 'exited'),
      output: serial.text,
      debugcon: debugcon.text,
      lastLine: lastLineOf(serial.text) || lastLineOf(debugcon.text),
      exitCode: ended.code,
      milliseconds,
    },
    errors.text.trim() === '' ? [] : [said(errors.text)],
  );
}
