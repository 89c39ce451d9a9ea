import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { ok, type Result } from '@kexec-kit/loader-api';
import { descriptors } from './arguments.js';
import { died, said } from './codes.js';
import { findProgram } from './files.js';
import { openMonitor, type Monitor } from './monitor.js';
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
  /**
   * Commands of QEMU's monitor (`info pic`, `xp /4wx 0xb8000`), asked when the guest has come to its end or has printed
   * `until`: its memory and devices are still as it left them.
   */
  readonly questions?: readonly string[];
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
  /** With `questions`: what QEMU's monitor said to them, in their order; nothing of a guest that ran into the timeout. */
  readonly answers?: readonly string[];
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
  const ending = endOf(child, options);
  const heard = listen(child, options, () => {
    ending.because('seen');
  });
  const ended = await ending.ended;
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

function listen(child: ChildProcess, { until, onOutput, onDebugcon }: RunOptions, onSeen: () => void): Heard {
  const hear = (descriptor: 1 | 2 | 3, tail: Tail, pass?: (chunk: Uint8Array) => void) => {
    child.stdio[descriptor]?.on('data', (chunk: Buffer) => {
      tail.push(chunk);
      pass?.(chunk);
      if (tail.seen) onSeen();
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
  /** Why it was stopped, if it did not end by itself. */
  readonly stopped: BootResult['outcome'] | undefined;
  readonly answers: readonly string[] | undefined;
}

interface Ending {
  /** Stops the child for that reason, if it is the first, when the questions are answered. */
  because(why: BootResult['outcome']): void;
  readonly ended: Promise<Ended>;
}

/** Waits until a child and its output are at an end; sees to it that the time is, too. */
function endOf(child: ChildProcess, { timeoutMs, signal, questions }: RunOptions): Ending {
  let stopped: Ended['stopped'];
  const answers: string[] | undefined = questions && [];
  const kill = () => child.kill('SIGKILL');
  const because = (why: BootResult['outcome']) => {
    if (stopped !== undefined) return;
    stopped = why;
    void askAll(monitor, questions ?? [], answers ?? []).then(kill);
  };
  const monitor = openMonitor(child.stdio[descriptors.monitor] as Duplex, {
    halted: () => {
      because('halted');
    },
    shutdown: () => {
      if (questions !== undefined) because('exited');
    },
  });
  const timer = setTimeout(() => {
    stopped ??= 'timeout';
    kill();
  }, timeoutMs);
  signal?.addEventListener('abort', kill);
  process.on('exit', kill);
  const ended = new Promise<Ended>((resolve) => {
    child.on('error', ({ message }) => {
      resolve({ code: null, how: message, stopped, answers });
    });
    child.on('exit', () => {
      monitor.end();
    });
    child.on('close', (code, killedBy) => {
      resolve({ code, how: killedBy ?? `status ${code ?? 'unknown'}`, stopped, answers });
    });
  }).finally(() => {
    monitor.end();
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    process.off('exit', kill);
  });
  return { because, ended };
}

/** One after the other: what has been answered stays, should QEMU go away. */
async function askAll(monitor: Monitor, questions: readonly string[], answers: string[]): Promise<void> {
  for (const question of questions) answers.push(await monitor.ask(question));
}

function conclude(
  { serial, debugcon, errors }: Heard,
  ended: Ended,
  milliseconds: number,
): Result<BootResult> {
  if (ended.stopped === undefined && ended.code !== 0) return died(ended.how, errors.text);
  return ok(
    {
      outcome: ended.stopped ?? 'exited',
      output: serial.text,
      debugcon: debugcon.text,
      lastLine: lastLineOf(serial.text) || lastLineOf(debugcon.text),
      exitCode: ended.code,
      ...(ended.answers && { answers: ended.answers }),
      milliseconds,
    },
    errors.text.trim() === '' ? [] : [said(errors.text)],
  );
}
